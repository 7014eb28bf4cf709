"""Two revisions of an estimate, line by line, by the key that a line keeps; and what the difference is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID


class Line(Protocol):
    """What a comparison reads of a line; amounts in fen."""

    line_key: UUID
    no: int
    space: str
    code: str
    name: str
    unit: str
    quantity: Decimal
    unit_price_fen: int
    amount_fen: int
    note: str
    change_reason: str


class Priced(Protocol):
    """What a comparison reads of a revision; all in fen."""

    lines: Sequence[Line]
    direct_fen: int
    management_fen: int
    discount_fen: int
    tax_fen: int
    total_fen: int


@dataclass(frozen=True)
class LineChange:
    """One line that differs. `kind`: added, removed or changed; `fields` names what differs."""

    kind: str
    before: Line | None
    after: Line | None
    fields: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def delta_fen(self) -> int:
        return (self.after.amount_fen if self.after else 0) - (self.before.amount_fen if self.before else 0)

    @property
    def reason(self) -> str:
        return self.after.change_reason if self.after else ""


@dataclass(frozen=True)
class RoomChanges:
    """The changes of one room and what they add up to, in fen."""

    space: str
    changes: tuple[LineChange, ...]

    @property
    def delta_fen(self) -> int:
        return sum(change.delta_fen for change in self.changes)


@dataclass(frozen=True)
class Comparison:
    """`lines + management + discount + tax` is exactly the difference of the totals, in fen."""

    rooms: tuple[RoomChanges, ...]
    unchanged: int
    before_fen: int
    after_fen: int
    lines_fen: int
    management_fen: int
    discount_fen: int
    tax_fen: int

    @property
    def delta_fen(self) -> int:
        return self.after_fen - self.before_fen

    @property
    def changed(self) -> bool:
        return bool(self.rooms) or self.delta_fen != 0

    @property
    def counts(self) -> dict[str, int]:
        kinds = [change.kind for room in self.rooms for change in room.changes]
        return {kind: kinds.count(kind) for kind in ("added", "changed", "removed")}


COMPARED = ("space", "name", "unit", "quantity", "unit_price_fen", "note")


def compare(before: Priced, after: Priced) -> Comparison:
    """What changed from `before` to `after`. Lines are the same line when their key is the same."""
    changes, unchanged = _line_changes(before.lines, after.lines)
    return Comparison(
        rooms=_by_room(changes),
        unchanged=unchanged,
        before_fen=before.total_fen,
        after_fen=after.total_fen,
        lines_fen=after.direct_fen - before.direct_fen,
        management_fen=after.management_fen - before.management_fen,
        discount_fen=before.discount_fen - after.discount_fen,
        tax_fen=after.tax_fen - before.tax_fen,
    )


def _line_changes(before: Iterable[Line], after: Iterable[Line]) -> tuple[list[LineChange], int]:
    old = {line.line_key: line for line in before}
    changes, unchanged = [], 0
    for line in after:
        known = old.pop(line.line_key, None)
        fields = () if known is None else tuple(name for name in COMPARED if getattr(known, name) != getattr(line, name))
        if known is not None and not fields:
            unchanged += 1
        else:
            changes.append(LineChange("changed" if known else "added", known, line, fields))
    changes += [LineChange("removed", line, None) for line in old.values()]
    return changes, unchanged


def _by_room(changes: Iterable[LineChange]) -> tuple[RoomChanges, ...]:
    """Rooms in the order of their lines; within a room what was added, changed and removed in the order of the lines."""
    rooms: dict[str, list[LineChange]] = {}
    for change in changes:
        rooms.setdefault(change.line.space, []).append(change)
    return tuple(RoomChanges(space, tuple(inside)) for space, inside in rooms.items())
