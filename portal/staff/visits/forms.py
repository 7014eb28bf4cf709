"""What may be typed about a visit."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from portal import clock
from portal.fields import DayField, Form, Prose, TextLine, TimeField, VersionField
from portal.rules.access import ROLE_NAMES
from portal.rules.visits import Presence, VisitKind

DURATIONS = (
    (30, _l("30分钟")),
    (60, _l("1小时")),
    (90, _l("1.5小时")),
    (120, _l("2小时")),
    (180, _l("3小时")),
    (240, _l("半天")),
    (480, _l("一天")),
)
NOBODY = ""


class WhenForm(Form):
    """A day and a time of the company's wall clock."""

    day = DayField(_l("日期"))
    time = TimeField(_l("时间"))

    def starts_at(self) -> datetime:
        return moment(self.day.data, self.time.data)


class VisitForm(WhenForm):
    """A visit by somebody of the project's team, or by nobody yet."""

    kind = SelectField(_l("种类"), choices=[(kind.value, _l(kind.label)) for kind in VisitKind if kind is not VisitKind.MEASUREMENT])
    purpose = TextLine(_l("这次做什么"), longest=200)
    minutes = SelectField(_l("大约多久"), choices=DURATIONS, coerce=int, default=60)
    all_day = BooleanField(_l("只定日期，不定钟点"))
    person = SelectField(_l("谁去"), coerce=str)
    owner_presence = SelectField(_l("业主"), choices=[(one.value, _l(one.label)) for one in Presence], default=Presence.OPTIONAL.value)

    def among(self, team) -> VisitForm:
        """The choices of `person` are the project's team."""
        people = [(str(one.id), f"{one.user.name} · {_(ROLE_NAMES[one.role])}") for one in team]
        self.person.choices = [(NOBODY, _("稍后安排")), *people]
        return self

    def validate(self, extra_validators=None) -> bool:
        if self.all_day.data and not self.time.data:
            self.time.data, self.time.process_errors, self.time.raw_data = time(0), [], ["00:00"]
        return super().validate(extra_validators)

    def span(self) -> dict:
        """`starts_at`, `ends_at` and `all_day` of the visit."""
        if self.all_day.data:
            starts_at = moment(self.day.data, time(0))
            return {"starts_at": starts_at, "ends_at": starts_at + timedelta(days=1), "all_day": True}
        return {"starts_at": self.starts_at(), "ends_at": self.starts_at() + timedelta(minutes=self.minutes.data), "all_day": False}


class MoveForm(WhenForm):
    """Another time, and why; the household reads the reason."""

    reason = TextLine(_l("改期原因"), longest=200)
    version = VersionField()

    def __init__(self, *given, **more):
        super().__init__(*given, prefix="move-", **more)


class CancellationForm(Form):
    reason = TextLine(_l("取消原因"), longest=200)
    version = VersionField()

    def __init__(self, *given, **more):
        super().__init__(*given, prefix="cancel-", **more)


class ResultForm(Form):
    """What came of it; the household reads it."""

    result = Prose(_l("结果"), longest=500)
    version = VersionField()

    def __init__(self, *given, **more):
        super().__init__(*given, prefix="result-", **more)


def moment(day, at: time) -> datetime:
    """The moment of a day and a time on the company's wall clock, aware UTC."""
    return datetime.combine(day, at, clock.ZONE).astimezone(UTC)
