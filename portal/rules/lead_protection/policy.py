"""The numbers of the own channel, each a setting of the company (requirements, 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from portal.rules.words import N_, Labelled

PREFIX = "lead.own."
LONGEST_DAYS = 3660


class Role(Labelled):
    """Who registers customers on the own channel."""

    SALESPERSON = "salesperson", N_("家装顾问")
    SHOWROOM_GUIDE = "showroom_guide", N_("导购")


PARTS = {
    "name": ("name",),
    "phone": ("phone",),
    "address": ("community", "building", "unit", "room"),
    "detailed address": ("community", "building", "unit", "room"),
    "community": ("community",),
    "building": ("building",),
    "unit": ("unit",),
    "room": ("room",),
}


class BadPolicy(ValueError):
    """Settings that cannot be used; `faults` holds (key, what) for each."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{key} {what}" for key, what in faults))
        self.faults = faults


@dataclass(frozen=True)
class Policy:
    """Days are calendar days; a quota of None is no limit; roles are values of Role."""

    required_fields: tuple[str, ...] = ("name", "phone", "address")
    update_days: int = 3
    takeover_days: int = 10
    lapse_days: int = 15
    lapse_applies_to: tuple[str, ...] = (Role.SALESPERSON.value,)
    quota_salesperson: int | None = 20
    quota_showroom: int | None = None
    quota_refill_on_deal: bool = True

    def __post_init__(self) -> None:
        wrong = _wrong({field.name: getattr(self, field.name) for field in fields(self)})
        if wrong:
            raise BadPolicy(wrong)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """From `{"lead.own.update_days": 5}`; keys left out keep their default. Raises BadPolicy with every fault."""
        unknown = [(key, "is no setting of the own channel") for key in settings if key not in _FIELD_OF]
        known = {_FIELD_OF[key]: value for key, value in settings.items() if key in _FIELD_OF}
        wrong = _wrong(known)
        if unknown or wrong:
            raise BadPolicy(unknown + wrong)
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in known.items()
        }
        return cls(**given)

    @property
    def required_parts(self) -> tuple[str, ...]:
        """The fields of a registration that may not be empty (R002), each once, in the order of the form."""
        wanted = {part for field in self.required_fields for part in PARTS[field]}
        return tuple(part for part in PARTS if part in wanted)


_KEY_OF = {
    "required_fields": "required_fields",
    "update_days": "update_days",
    "takeover_days": "takeover_days",
    "lapse_days": "lapse_days",
    "lapse_applies_to": "lapse_applies_to",
    "quota_salesperson": "monthly_quota.salesperson",
    "quota_showroom": "monthly_quota.showroom",
    "quota_refill_on_deal": "quota_refill_on_deal",
}
_FIELD_OF = {PREFIX + key: name for name, key in _KEY_OF.items()}


def _wrong(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(PREFIX + _KEY_OF[name], fault) for name, value in values.items() if (fault := _CHECKS[name](value))]


def _days(value: Any) -> str:
    fits = _is_whole(value) and value <= LONGEST_DAYS
    return "" if fits else f"is not a whole number of days from 0 to {LONGEST_DAYS}"


def _quota(value: Any) -> str:
    return "" if value is None or _is_whole(value) else "is neither a whole number from 0 nor null"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false"


def _roles(value: Any) -> str:
    return "" if _is_list_of(value, frozenset(Role)) else f"is not a list of roles ({', '.join(Role)})"


def _required(value: Any) -> str:
    return "" if _is_list_of(value, frozenset(PARTS)) else f"is not a list of fields ({', '.join(PARTS)})"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_list_of(value: Any, known: frozenset[str]) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) and one in known for one in value)


_CHECKS: dict[str, Callable[[Any], str]] = {
    "required_fields": _required,
    "update_days": _days,
    "takeover_days": _days,
    "lapse_days": _days,
    "lapse_applies_to": _roles,
    "quota_salesperson": _quota,
    "quota_showroom": _quota,
    "quota_refill_on_deal": _flag,
}
