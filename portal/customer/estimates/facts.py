"""What the pages of one revision show; the same for a fresh page and a refused form."""

from __future__ import annotations

from portal import clock, i18n
from portal.actions.estimates import presenting, reading, signing
from portal.queries import estimates as reads
from portal.rules.comparison import compare
from portal.rules.estimate import is_expired


def about(revision, user) -> dict:
    """The revision as `user` reads it. No cost, no split: nothing of the kind is loaded (R072)."""
    base, how = reading.base_for(revision, user)
    documents = presenting.documents(revision)
    return {
        "revision": revision,
        "project": revision.estimate.project,
        "rooms": reads.by_room(revision),
        "groups": reads.by_group(revision),
        "base": base,
        "base_how": how,
        "comparison": compare(base, revision) if base is not None else None,
        "document": document_for(documents, revision),
        "signatures": signing.signatures(revision),
        "mine": reading.states([revision], user)[revision.id],
        "newer": presenting.newer(revision),
        "valid": revision.valid_until is not None and not is_expired(revision.valid_until, clock.now()),
        "required": [one["user_id"] for one in documents[0].signers] if documents else [],
        "signers": documents[0].signers if documents else [],
    }


def document_for(documents, revision):
    """The document in the language of record, else in the language of the page."""
    language = signing.language_of_record(revision) or i18n.language()
    return next((one for one in documents if one.language == language), None)
