"""Visits for pages and calendars: what is to come, what was, who comes. Constant numbers of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, i18n
from portal.calendars import Month
from portal.extensions import db
from portal.filters import day as day_words
from portal.filters import moment as moment_words
from portal.filters import translated
from portal.models import MeasurementRecord, User, Visit, VisitMove
from portal.rules.visits import LONGEST, Presence, VisitKind, VisitState, state_of
from portal.rules.working_time import end_of_day, local_day, midnight

PAGE = 30
MOST_AHEAD = 200
UNCONFIRMED_FOR = timedelta(days=60)
TONES = {
    VisitState.PLANNED: "accent",
    VisitState.ON_THE_WAY: "info",
    VisitState.LATE: "bad",
    VisitState.UNDER_WAY: "info",
    VisitState.UNCONFIRMED: "attention",
    VisitState.DONE: "good",
    VisitState.CANCELLED: "neutral",
}
PRESENCES = {one.value: one.label for one in Presence}
KINDS = {kind.value: kind.label for kind in VisitKind}


def shown(rows: Select) -> Select:
    """Visits with everything that a list says of them: project, person, moves."""
    moves = selectinload(Visit.moves).joinedload(VisitMove.by)
    return rows.options(joinedload(Visit.project), joinedload(Visit.person), moves)


def ends_after(moment: datetime) -> ColumnElement[bool]:
    """That a visit is not over at `moment`, said so that an index by its beginning finds the few that count."""
    return and_(Visit.starts_at > moment - LONGEST, Visit.ends_at > moment)


def ahead(rows: Select, *, now: datetime) -> Sequence[Visit]:
    """From the beginning of today on, the soonest first; cancelled ones are among them."""
    rows = rows.where(ends_after(midnight(local_day(now)))).order_by(Visit.starts_at, Visit.id).limit(MOST_AHEAD)
    return list(db.session.scalars(shown(rows)).unique())


def past(rows: Select, *, now: datetime, page: int) -> tuple[Sequence[Visit], bool]:
    """Page `page` (from 1) of what lies before today, the latest first, and whether there is more."""
    rows = rows.where(Visit.ends_at <= midnight(local_day(now))).order_by(Visit.starts_at.desc(), Visit.id.desc())
    found = list(db.session.scalars(shown(rows.offset((page - 1) * PAGE).limit(PAGE + 1))).unique())
    return found[:PAGE], len(found) > PAGE


def without_word(rows: Select, *, now: datetime) -> Select:
    """Visits of the last weeks of which nobody said what came of them, the oldest first, at most a page."""
    rows = rows.where(Visit.starts_at > now - UNCONFIRMED_FOR, Visit.ends_at <= now, Visit.done_at.is_(None), Visit.cancelled_at.is_(None))
    return rows.order_by(Visit.starts_at).limit(PAGE)


def unconfirmed(rows: Select, *, now: datetime) -> Sequence[Visit]:
    """The visits `without_word`, with everything that a list says of them."""
    return list(db.session.scalars(shown(without_word(rows, now=now))).unique())


def in_month(rows: Select, month: Month) -> Sequence[Visit]:
    """Visits that begin in the month."""
    last = month.days[-1][-1]
    rows = rows.where(Visit.starts_at >= midnight(month.days[0][0]), Visit.starts_at < end_of_day(last))
    return list(db.session.scalars(rows.order_by(Visit.starts_at, Visit.id).limit(1000).options(joinedload(Visit.project))).unique())


def by_day(visits: Iterable[Visit]) -> dict[date, list[Visit]]:
    """Grouped by local day, in the order given."""
    days: dict[date, list[Visit]] = {}
    for visit in visits:
        days.setdefault(local_day(visit.starts_at), []).append(visit)
    return days


def states(visits: Iterable[Visit], *, now: datetime) -> dict[int, VisitState]:
    return {visit.id: state_of(visit, now) for visit in visits}


def entries(visits: Iterable[Visit], *, now: datetime, address: Callable[[Visit], str], home: bool) -> dict[date, list[dict]]:
    """What `ui.month` shows of each day; with the name of the home where there are several."""
    found: dict[date, list[dict]] = {}
    for day, of_day in by_day(visits).items():
        found[day] = [
            {
                "title": called(visit) + (f" · {visit.project.title}" if home else ""),
                "time": "" if visit.all_day else f"{clock.local(visit.starts_at):%H:%M}",
                "url": address(visit),
                "tone": TONES[state_of(visit, now)],
            }
            for visit in of_day
        ]
    return found


def month_title(month: Month) -> str:
    """2026年11月 / November 2026."""
    return f"{month.first.year}年{month.first.month}月" if i18n.language() == "zh" else format_date(month.first, "LLLL y")


def called(visit: Visit) -> str:
    """What kind of visit it is, in the language of the page."""
    return _(KINDS[visit.kind]) if visit.kind in KINDS and visit.kind != VisitKind.OTHER else translated(visit.purpose)


def when_of(visit: Visit, moment: datetime) -> str:
    """A moment of the visit, without the hour when none was agreed."""
    return day_words(moment) if visit.all_day else moment_words(moment)


def record_of(visit: Visit) -> MeasurementRecord | None:
    """What was written down at a measurement."""
    rows = select(MeasurementRecord).where(MeasurementRecord.visit_id == visit.id)
    return db.session.scalars(rows.options(joinedload(MeasurementRecord.submitted_by))).one_or_none()


def busy(person: User, starts_at: datetime, ends_at: datetime, *, besides: int | None = None) -> Visit | None:
    """The visit with a time of day that keeps the person from being elsewhere then."""
    rows = select(Visit).where(
        Visit.person_id == person.id,
        Visit.starts_at < ends_at,
        Visit.ends_at > starts_at,
        Visit.all_day.is_(False),
        Visit.cancelled_at.is_(None),
        Visit.done_at.is_(None),
    )
    rows = rows.where(Visit.id != besides) if besides else rows
    return db.session.scalars(rows.order_by(Visit.starts_at).limit(1)).first()
