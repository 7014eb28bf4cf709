"""What the pages of one revision show; the same for a fresh page and a refused form."""

from __future__ import annotations

from flask_babel import gettext as _

from portal import clock, i18n, scope
from portal.actions.estimates import declining, measuring, papers, presenting, reading, signing
from portal.errors import Conflict
from portal.queries import estimates as reads
from portal.rules.comparison import compare
from portal.rules.estimate import is_expired


def find(user, revision_id: int):
    """The revision that she was shown, with its lines; else 404. One that the company took back is said to be so: 409."""
    found = scope.every(reads.with_lines(scope.home_revisions(user)).where(reads.is_revision(revision_id)))
    if found:
        return found[0]
    withdrawn = scope.find(scope.home_revisions(user, withdrawn=True), revision_id)
    raise Conflict(
        _("这一版报价已被公司撤回，原因：%(reason)s。您没有签任何内容，也不需要做什么。", reason=withdrawn.withdraw_reason or _("未填写"))
    )


def about(revision, user) -> dict:
    """The revision as `user` reads it. No cost, no split: nothing of the kind is loaded (R072)."""
    base, how = reading.base_for(revision, user)
    documents = presenting.documents(revision)
    document = document_for(documents, revision)
    return {
        "revision": revision,
        "project": revision.estimate.project,
        "rooms": reads.by_room(revision),
        "origins": measuring.origins(revision.lines, revision.estimate.project.rooms, _),
        "base": base,
        "base_how": how,
        "comparison": compare(base, revision) if base is not None else None,
        "document": document,
        "signatures": signing.signatures(revision),
        "refusals": declining.refusals(revision),
        "mine": reading.states([revision], user)[revision.id],
        "newer": presenting.newer(revision),
        "valid": not is_expired(revision.valid_until, clock.now()),
        "required": [one["user_id"] for one in documents[0].signers] if documents else [],
        "signers": documents[0].signers if documents else [],
        "pages": papers.pages(document) if document else [],
    }


def document_for(documents, revision):
    """The document in the language of record, else in the language of the page."""
    language = signing.language_of_record(revision) or i18n.language()
    return next((one for one in documents if one.language == language), None)
