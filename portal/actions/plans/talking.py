"""What the household says about a drawing, and what the designers answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.actions.plans import telling
from portal.extensions import db
from portal.models import Drawing, DrawingDecision, DrawingRevision, Membership, Remark, User
from portal.rules import plans as rules
from portal.rules.decision import Decision
from portal.rules.plans import Word
from portal.rules.words import N_, refuse

Place = tuple[Decimal, Decimal] | tuple[None, None]


class NotYours(Exception):
    """This word cannot be taken; `decision` says why."""

    def __init__(self, decision: Decision[Word]) -> None:
        super().__init__()
        self.decision = decision


def remark(revision: DrawingRevision, *, page: int, place: Place, body: str, by: User, at: datetime, request_key: str = "") -> Remark:
    """A remark of the household, pinned at `place` of a page or meant for the whole page. The same form twice is one remark.

    Raises Refused for a page that the revision does not have.
    """
    again = request_key and db.session.scalars(select(Remark).where(Remark.by_id == by.id, Remark.request_key == request_key)).one_or_none()
    if again:
        return again
    if page < 1 or page > max(1, len(revision.pages)):
        raise refuse("R067", N_("没有认出图上的位置，请再点一次，或选“整页”"), key="cell")
    x, y = place
    said = Remark(drawing_id=revision.drawing_id, revision_id=revision.id, page=page, x=x, y=y, body=body, by_id=by.id, at=at,
                  request_key=request_key or None)
    db.session.add(said)
    audit.record("drawing.remarked", said, by=by, at=at, project_id=revision.drawing.project_id, drawing_id=revision.drawing_id,
                 number=revision.number, page=page)
    sheet = _named(revision.drawing)
    _to_designers(revision, "drawing.remarked", lambda: _("%(sheet)s 有新留言", sheet=sheet),
                  lambda: _("%(name)s：%(words)s", name=by.name, words=telling.beginning(body)), by)
    return said


def answer(said: Remark, *, words: str, resolved: bool, by: User, at: datetime) -> None:
    """The designer's answer; `resolved` ends the remark, else it stays open and goes along to the next revision.

    Raises Refused for an answer without words that resolves nothing, and for a remark that is resolved already.
    """
    if said.resolved_at is not None:
        raise refuse("R067", N_("这条留言已经处理完了"), key="words")
    if not words and not resolved:
        raise refuse("R067", N_("请写下答复，或勾选“已处理”"), key="words")
    if words:
        said.answer, said.answered_by_id, said.answered_at = words, by.id, at
    if resolved:
        said.resolved_by_id, said.resolved_at = by.id, at
    audit.record("drawing.answered", said, by=by, at=at, project_id=said.drawing.project_id, drawing_id=said.drawing_id, resolved=resolved)
    sheet = _named(said.drawing)
    telling.household(
        said.drawing.project_id, "drawing.answered", lambda: _("设计师答复了您在%(sheet)s上的留言", sheet=sheet),
        lambda: telling.beginning(words) if words else _("已处理：%(words)s", words=telling.beginning(said.body)),
        link=f"/customer/plans/{said.drawing_id}",
    )


def ruling(revision: DrawingRevision, *, by: User, approve: bool = True, reason: str = "-") -> Decision[Word]:
    """Whether this person may decide on this revision now; for the button as for the act."""
    newest = select(func.max(DrawingRevision.number)).where(
        DrawingRevision.drawing_id == revision.drawing_id, DrawingRevision.shown_at.is_not(None))
    signer = select(Membership.id).where(
        Membership.project_id == revision.drawing.project_id, Membership.user_id == by.id, Membership.ended_at.is_(None),
        Membership.right == "sign")
    return rules.judge_word(
        may_sign=db.session.scalar(signer) is not None, newest=db.session.scalar(newest) or 0, number=revision.number,
        decided=_decided(revision, by) is not None, approve=approve, reason=reason,
    )


def decide(revision: DrawingRevision, *, approve: bool, reason: str, by: User, at: datetime) -> DrawingDecision:
    """Her word on this revision, once. The same word again (a double click) is the same decision.

    Raises NotYours: superseded, decided otherwise, without the right, or a change without a reason.
    """
    # The drawing's row is the gate: a newer revision cannot be shown between the ruling and the word.
    db.session.scalars(select(Drawing).where(Drawing.id == revision.drawing_id).with_for_update()).one()
    before = _decided(revision, by)
    if before is not None and before.approved == approve and (approve or before.reason == reason):
        return before
    decision = ruling(revision, by=by, approve=approve, reason=reason)
    if decision.verdict is not Word.OPEN:
        raise NotYours(decision)
    said = _add(DrawingDecision(revision_id=revision.id, by_id=by.id, at=at, approved=approve, reason="" if approve else reason))
    audit.record("drawing.approved" if approve else "drawing.sent_back", said, by=by, at=at, project_id=revision.drawing.project_id,
                 drawing_id=revision.drawing_id, number=revision.number, sha256=revision.file_sha256, reason=said.reason)
    sheet, number = _named(revision.drawing), revision.number
    if approve:
        _to_designers(revision, "drawing.approved", lambda: _("%(sheet)s R%(number)s 业主已确认", sheet=sheet, number=number),
                      lambda: _("%(name)s确认了这一版。", name=by.name), by)
    else:
        _to_designers(revision, "drawing.sent_back", lambda: _("%(sheet)s R%(number)s 业主要修改", sheet=sheet, number=number),
                      lambda: _("%(name)s：%(words)s", name=by.name, words=telling.beginning(reason)), by)
    return said


def _add(said: DrawingDecision) -> DrawingDecision:
    """Two clicks at the same moment: the constraint lets one through, the other finds it."""
    try:
        with db.session.begin_nested():
            db.session.add(said)
    except IntegrityError:
        there = db.session.scalars(select(DrawingDecision).where(
            DrawingDecision.revision_id == said.revision_id, DrawingDecision.by_id == said.by_id)).one()
        return there
    return said


def _decided(revision: DrawingRevision, by: User) -> DrawingDecision | None:
    rows = select(DrawingDecision).where(DrawingDecision.revision_id == revision.id, DrawingDecision.by_id == by.id)
    return db.session.scalars(rows).one_or_none()


def _to_designers(revision: DrawingRevision, kind: str, subject, body, by: User) -> None:
    telling.designers(revision.drawing.project_id, revision.uploaded_by_id, kind, subject, body,
                      link=f"/staff/plans/{revision.drawing_id}", but=by)


def _named(drawing: Drawing) -> str:
    return f"{drawing.sheet_no} {drawing.title}"
