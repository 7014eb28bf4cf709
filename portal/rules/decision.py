"""The one shape of every ruling: a verdict and the ordered reasons behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Reason:
    """One step of a ruling: the rule it applied, a Chinese sentence with `{placeholders}`, and the facts that fill them."""

    rule: str
    says: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its facts, in the language that `translate` gives; a fact that is a known word too."""
        facts = {name: _plain(value) for name, value in self.facts.items()}
        words = {name: translate(value) if value and isinstance(value, str) else value for name, value in facts.items()}
        return translate(self.says).format(**words)

    def as_record(self) -> dict[str, Any]:
        """JSON-ready form, the way a trace is stored and printed."""
        return {"rule": self.rule, "says": self.says, "facts": {name: _plain(value) for name, value in self.facts.items()}}


@dataclass(frozen=True)
class Decision(Generic[V]):
    """A verdict with its trace. The trace is in the order in which the rules were applied; the last reason decided."""

    verdict: V
    trace: tuple[Reason, ...] = ()

    @property
    def deciding(self) -> Reason | None:
        """The reason that settled the verdict, or None for an undisputed one."""
        return self.trace[-1] if self.trace else None

    def as_records(self) -> list[dict[str, Any]]:
        return [reason.as_record() for reason in self.trace]


def because(rule: str, says: str, **facts: Any) -> Reason:
    """A reason: `because("R005", "{silent_days}天没有跟进", silent_days=11)`."""
    return Reason(rule, says, facts)


def decide(verdict: V, *trace: Reason) -> Decision[V]:
    return Decision(verdict, tuple(trace))


def recall(record: Mapping[str, Any]) -> Reason:
    """The reason that `Reason.as_record` wrote down."""
    return Reason(record["rule"], record["says"], record["facts"])


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
