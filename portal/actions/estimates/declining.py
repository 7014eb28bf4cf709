"""She does not sign, and says why."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit
from portal.actions.estimates.signing import signer_of, state_of, tell_office
from portal.extensions import db
from portal.models import Document, EstimateRevision, Refusal, User
from portal.rules.decision import Decision
from portal.rules.signing import Verdict, judge_decline


def judge(document: Document, reason: str, *, by: User, at: datetime) -> Decision[Verdict]:
    """Whether `by` may decline now; SIGNABLE means yes. Hold the document first."""
    return judge_decline(state_of(document), signer_of(document, by), reason, at)


def decline(revision: EstimateRevision, *, reason: str, by: User, at: datetime) -> Refusal:
    """She does not sign, and says why; the estimator and the account manager of the home are told."""
    refusal = Refusal(revision_id=revision.id, user_id=by.id, reason=reason, at=at)
    db.session.add(refusal)
    db.session.flush()
    audit.record("estimate.declined", revision, by=by, at=at, project_id=revision.estimate.project_id, reason=reason)
    tell_office(
        revision,
        "estimate.declined",
        _l("业主没有接受报价"),
        _l(
            "%(name)s 没有接受 %(project)s 的报价（%(label)s），原因：%(reason)s",
            name=by.name,
            project=revision.estimate.project.title,
            label=revision.label,
            reason=reason,
        ),
    )
    return refusal


def refusals(revision: EstimateRevision) -> list[Refusal]:
    return list(db.session.scalars(select(Refusal).where(Refusal.revision_id == revision.id).order_by(Refusal.id)))
