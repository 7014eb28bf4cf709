"""What the ledger page shows: the same facts for a fresh page, a refused form and a saved line."""

from __future__ import annotations

from decimal import Decimal

from portal import clock, scope
from portal.actions.estimates import presenting
from portal.queries import estimates as reads
from portal.staff.estimates.forms import NewLineForm, TermsForm, WithdrawalForm


def ledger(user, revision_id: int, **forms) -> dict:
    """Facts of the ledger of a revision that `user` may see; `forms` replaces a form by the refused one."""
    revision = scope.find(reads.with_lines(scope.revisions(user)), revision_id)
    editable = user.can("estimate.edit") and revision.presented_at is None and revision.withdrawn_at is None
    facts = {
        "revision": revision,
        "project": revision.estimate.project,
        "rooms": reads.by_room(revision),
        "groups": reads.by_group(revision),
        "siblings": reads.siblings(revision, scope.revisions(user)),
        "costs": reads.costs(revision) if user.can("cost.see") else {},
        "editable": editable,
        "spaces": reads.spaces(revision) if editable else [],
        "saved_line": None,
        "line_fault": "",
        "new_line": NewLineForm(formdata=None),
        "terms": terms_form(revision),
        "withdrawal": WithdrawalForm(formdata=None),
        "preflight": presenting.judge(revision, at=clock.now()) if editable else None,
        "documents": presenting.documents(revision),
        "comparison": presenting.changes(revision),
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
        change_summary=revision.change_summary,
        version=revision.version,
    )
