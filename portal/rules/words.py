"""Words of the rules: labels of enums and refusals, written in Chinese and translated where they are shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from portal.rules.decision import Reason


def N_(text: str) -> str:
    """Marks a message for translation where it is shown."""
    return text


class Labelled(StrEnum):
    """An enum whose members carry the Chinese word for people: `RED = "red", N_("红")`, `Colour.RED.label`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Refused(ValueError):
    """An input that cannot be taken, with the reason to be shown beside its field."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason.in_words())
        self.reason = reason
        self.field = field


def refuse(rule: str, says: str, **facts: Any) -> Refused:
    """`raise refuse("R002", says, …)`; `says` is marked with N_ where it stands."""
    return Refused(Reason(rule, says, facts))
