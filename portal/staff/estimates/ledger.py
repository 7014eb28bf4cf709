"""What the ledger page shows: the same facts for a fresh page, a refused form and a saved line."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext

from portal import clock, scope
from portal.actions.estimates import declining, measuring, presenting, signing
from portal.queries import estimates as reads
from portal.staff.estimates.forms import ReleaseForm, TermsForm, WithdrawalForm, mark
from portal.staff.project_tabs import tabs_of


def ledger(user, revision_id: int, **forms) -> dict:
    """Facts of the ledger of a revision that `user` may see; `forms` replaces a form by the refused one."""
    revision = scope.find(reads.with_lines(scope.revisions(user)), revision_id)
    editable = user.can("estimate.edit") and revision.presented_at is None and revision.withdrawn_at is None
    documents = presenting.documents(revision)
    facts = {
        "revision": revision,
        "project": revision.estimate.project,
        "rooms": reads.by_room(revision),
        "origins": measuring.origins(revision.lines, revision.estimate.project.rooms, gettext),
        "groups": reads.by_group(revision),
        "siblings": reads.siblings(revision, scope.revisions(user)),
        "costs": reads.costs(revision) if user.can("cost.see") else {},
        "editable": editable,
        "saved_line": None,
        "line_fault": "",
        "line_typed": "",
        "cleared": False,
        "terms": terms_form(revision),
        "withdrawal": WithdrawalForm(formdata=None),
        "release": ReleaseForm(formdata=None),
        "preflight": presenting.judge(revision, at=clock.now()) if editable else None,
        "documents": documents,
        "signers": documents[0].signers if documents else [],
        "signatures": signing.signatures(revision) if documents else [],
        "refusals": declining.refusals(revision) if documents else [],
        "comparison": presenting.changes(revision),
        "explained": sum(line.explained_at is not None for line in revision.lines),
        "project_tabs": tabs_of(revision.estimate.project_id),
    }
    return facts | forms


def terms_form(revision) -> TermsForm:
    """The form as the revision stands."""
    return TermsForm(
        formdata=None,
        management_rate=Decimal(revision.management_rate_bp) / 100,
        tax_rate=Decimal(revision.tax_rate_bp) / 100,
        discount_fen=revision.discount_fen,
        valid_until=revision.valid_until,
        materials_chosen_on=revision.materials_chosen_on,
        change_summary=revision.change_summary,
        was=terms_mark(revision),
    )


def terms_mark(revision) -> str:
    return mark(
        revision.management_rate_bp,
        revision.tax_rate_bp,
        revision.discount_fen,
        revision.valid_until,
        revision.materials_chosen_on,
        revision.change_summary,
    )
