"""Orders for pages: the list by what is due first, and one order with its stages as they look today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.actions import photos
from portal.actions.orders import NOTE_PHOTOS, STAFF_PHOTOS, facts_of, next_of
from portal.extensions import db
from portal.models import Assignment, Order, OrderStage, Photo, Project, StageNote
from portal.queries.projects import contains
from portal.rules import stages as rules
from portal.rules.decision import Decision
from portal.rules.stages import StageState, Step

PAGE = 50
MOST_PAGES = 1000
STATES = ("open", "late", "unplanned", "running", "finished", "all")
_ANY_REASON = "…"  # whether reopening is open at all, before anybody has written why


@dataclass(frozen=True)
class Said:
    """A note with its photos."""

    note: StageNote
    photos: Sequence[Photo]


@dataclass(frozen=True)
class StageView:
    """One stage as it looks today; `state` is a rules.StageState value, `first` and `last` are what happened or is expected.

    `late`: it is in hand and the day last told has passed. The decisions say whether staff may begin, finish or reopen
    it today, and with what warning; they are None where the question does not arise, and for homeowners.
    """

    stage: OrderStage
    state: str
    first: date
    last: date
    late: bool
    said: Sequence[Said]
    start: Decision[Step] | None = None
    finish: Decision[Step] | None = None
    reopen: Decision[Step] | None = None
    next_too: OrderStage | None = None  # the stage that may begin on the day this one is finished

    @property
    def is_open(self) -> bool:
        return self.state in (StageState.NOW, StageState.NEXT)


def whole(rows: Select) -> Select:
    """An order with everything its page shows: the number of queries does not depend on the stages."""
    team = joinedload(Order.project).selectinload(Project.assignments.and_(Assignment.ended_at.is_(None)))
    return _with_stages(rows).options(team.joinedload(Assignment.user))


def _with_stages(rows: Select) -> Select:
    return rows.options(selectinload(Order.stages).selectinload(OrderStage.notes).joinedload(StageNote.by))


def stages(order: Order, *, for_homeowner: bool) -> list[StageView]:
    """The stages in order. A homeowner gets no note that is meant for staff, and none of its photos."""
    return stages_of([order], for_homeowner=for_homeowner)[order.id]


def stages_of(made: Sequence[Order], *, for_homeowner: bool) -> dict[int, list[StageView]]:
    """Order id → its stages; the photos of all of them come at once."""
    said = _said(made, for_homeowner=for_homeowner)
    return {order.id: _views(order, said, for_homeowner=for_homeowner) for order in made}


def _views(order: Order, said: dict[int, list[Said]], *, for_homeowner: bool) -> list[StageView]:
    if not order.stages:
        return []
    today, in_hand = clock.today(), rules.current(order.stages)
    days = rules.forecast(facts_of(order), start=order.start_on or order.stages[0].plan_start, on=today)
    return [
        StageView(
            stage, state, first, last, _is_late(stage, state, in_hand, today), said[stage.id],
            **({} if for_homeowner else _may(order, stage, state, today)),
        )
        for stage, (first, last) in zip(order.stages, days, strict=True)
        for state in (rules.state_of(order.stages, stage.code),)
    ]


def _is_late(stage: OrderStage, state: StageState, in_hand: rules.StageProgress | None, today: date) -> bool:
    """What runs, or should: the day that was last told for its end has passed."""
    return stage.forecast_end < today and (state is StageState.NOW or stage is in_hand)


def _said(made: Sequence[Order], *, for_homeowner: bool) -> dict[int, list[Said]]:
    """Stage id → its notes, the newest first."""
    all_stages = [stage for order in made for stage in order.stages]
    shown = [note for stage in all_stages for note in stage.notes if note.for_homeowner or not for_homeowner]
    open_ones = photos.of(NOTE_PHOTOS, [note.id for note in shown if note.for_homeowner])
    internal = {} if for_homeowner else photos.of(STAFF_PHOTOS, [note.id for note in shown if not note.for_homeowner])
    found: dict[int, list[Said]] = {stage.id: [] for stage in all_stages}
    for note in sorted(shown, key=lambda one: (one.at, one.id), reverse=True):
        found[note.stage_id].append(Said(note, (open_ones if note.for_homeowner else internal)[note.id]))
    return found


def _may(order: Order, stage: OrderStage, state: StageState, today: date) -> dict:
    """What staff may do with the stage today."""
    if state is StageState.DONE:
        return {"reopen": rules.judge_stage_reopening(order.stages, stage.code, _ANY_REASON)}
    if state is not StageState.NOW:
        return {"start": rules.judge_stage_start(order.stages, stage.code, today, today)}
    following = next_of(order.stages, stage)
    done = [rules.StageFacts(one.code, 1, one.actual_start, today if one is stage else one.actual_end) for one in order.stages]
    may_follow = following is not None and rules.judge_stage_start(done, following.code, today, today).verdict is Step.ALLOWED
    return {
        "finish": rules.judge_stage_finish(order.stages, stage.code, today, today),
        "next_too": following if may_follow else None,
    }


def listed(rows: Select, *, state: str = "open", words: str = "", page: int = 1) -> tuple[list[Order], bool]:
    """A page of orders and whether another follows: first those without a plan, then by the day expected, late ones on top.

    `state` is one of STATES; every word of `words` stands in the home's title, code, number or the customer's name.
    """
    rows = rows.where(*_is(state))
    rows = rows.join(Project, Project.id == Order.project_id) if words else rows
    for word in words.split()[:6]:
        part = contains(word)
        fields = (Project.title, Project.customer_name, Project.code, Order.number)
        rows = rows.where(or_(*(field.ilike(part, escape="\\") for field in fields)))
    by_day = (Order.expected_on.asc().nulls_first(), Order.id.desc()) if state not in ("finished", "all") else (Order.id.desc(),)
    page = min(max(page, 1), MOST_PAGES)
    # The keys of the page first: what is sorted is narrow, and only what is shown is read.
    keys = rows.with_only_columns(Order.id, maintain_column_froms=True).order_by(*by_day).limit(PAGE + 1).offset(PAGE * (page - 1))
    whole = select(Order).where(Order.id.in_(keys.subquery().select())).options(joinedload(Order.project, innerjoin=True))
    found = list(db.session.scalars(whole.order_by(*by_day)))
    return found[:PAGE], len(found) > PAGE


def of_homes(rows: Select) -> list[Order]:
    """The orders of a household with their stages, newest first."""
    return list(db.session.scalars(_with_stages(rows).order_by(Order.made_at.desc())))


def of_project(project_id: int) -> Order | None:
    return db.session.scalars(select(Order).where(Order.project_id == project_id)).one_or_none()


def waiting(rows: Select, *, only_troubled: bool, limit: int) -> list[Order]:
    """Orders that want somebody: unplanned, late and running ones in this order; with `only_troubled` no quiet ones."""
    trouble = or_(Order.start_on.is_(None), Order.expected_on < clock.today())
    rows = rows.where(Order.finished_on.is_(None), *([trouble] if only_troubled else []))
    rows = rows.options(joinedload(Order.project)).order_by(Order.expected_on.asc().nulls_first(), Order.id.desc())
    return list(db.session.scalars(rows.limit(limit)))


def stage_words() -> dict[str, rules.Stage]:
    """Stage code → its name and its plain words for the homeowner."""
    return {template.code: template for template in rules.STAGES}


def _is(state: str) -> tuple:
    running = and_(Order.start_on.is_not(None), Order.finished_on.is_(None))
    return {
        "open": (Order.finished_on.is_(None),),
        "unplanned": (Order.start_on.is_(None), Order.finished_on.is_(None)),
        "running": (running,),
        "late": (running, Order.expected_on < clock.today()),
        "finished": (Order.finished_on.is_not(None),),
    }.get(state, ())
