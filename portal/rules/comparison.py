"""What changed between two revisions, line by line and room by room, with its effect on the price to the fen."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Protocol

from portal.rules.words import N_, Labelled


class ChangeKind(Labelled):
    ADDED = "added", N_("新增项")
    REMOVED = "removed", N_("取消项")
    CHANGED = "changed", N_("变动项")


class LineField(Labelled):
    """What can differ in a line that is in both revisions."""

    SPACE = "space", N_("空间")
    CODE = "code", N_("编号")
    NAME = "name", N_("名称")
    UNIT = "unit", N_("单位")
    QUANTITY = "quantity", N_("数量")
    UNIT_PRICE = "unit_price_fen", N_("单价")
    NOTE = "note", N_("说明")


class ComparedLine(Protocol):
    """A line of a revision; any row with these attributes will do. `line_key` never changes for one item."""

    @property
    def line_key(self) -> Hashable: ...
    @property
    def space(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price_fen(self) -> int: ...
    @property
    def amount_fen(self) -> int: ...
    @property
    def note(self) -> str: ...
    @property
    def change_reason(self) -> str: ...


class ComparedRevision(Protocol):
    """A revision with its totals, all in fen; `discount_fen` is positive and taken off."""

    @property
    def lines(self) -> Sequence[ComparedLine]: ...
    @property
    def direct_fen(self) -> int: ...
    @property
    def management_fen(self) -> int: ...
    @property
    def discount_fen(self) -> int: ...
    @property
    def tax_fen(self) -> int: ...
    @property
    def total_fen(self) -> int: ...


@dataclass(frozen=True)
class Change:
    """One line that is not the same. `before` is None for ADDED, `after` for REMOVED; `fields` only for CHANGED."""

    kind: ChangeKind
    before: ComparedLine | None
    after: ComparedLine | None
    fields: tuple[LineField, ...]
    difference_fen: int

    @property
    def line(self) -> ComparedLine:
        """The line as it is now or, when it is gone, as it last was."""
        found = self.after or self.before
        assert found is not None  # one of the two is always there
        return found

    @property
    def reason(self) -> str:
        """Why, in the words of whoever changed it; "" when not told. A line that is gone cannot tell."""
        return self.after.change_reason if self.after is not None else ""

    @property
    def moved_from(self) -> str:
        """The room that the line stood in before, "" when it has not moved."""
        return self.before.space if self.before is not None and LineField.SPACE in self.fields else ""


@dataclass(frozen=True)
class RoomChanges:
    """The changes of one room, in the order of the new revision, removed lines last. `difference_fen` counts what a
    line that moved here brings, and the room that it left loses it."""

    space: str
    changes: tuple[Change, ...]
    difference_fen: int
    unchanged: int


@dataclass(frozen=True)
class Effect:
    """Differences in fen, new minus old, that add up: lines + management + discount + tax = total."""

    lines_fen: int
    management_fen: int
    discount_fen: int
    tax_fen: int
    total_fen: int


@dataclass(frozen=True)
class Comparison:
    """`rooms` holds only rooms with changes."""

    rooms: tuple[RoomChanges, ...]
    added: int
    removed: int
    changed: int
    unchanged: int
    effect: Effect

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, neither a line nor a total."""
        return not self.rooms and self.effect == Effect(0, 0, 0, 0, 0)


_content = attrgetter(*(field.value for field in LineField), "amount_fen")


def compare(before: ComparedRevision | None, after: ComparedRevision) -> Comparison:
    """Two revisions by the keys of their lines; without `before` everything is new. One pass over each."""
    old = {line.line_key: line for line in before.lines} if before is not None else {}
    changes, unchanged = [], []
    for line in after.lines:
        earlier = old.pop(line.line_key, None)
        change = _added(line) if earlier is None else _changed(earlier, line)
        if change is None:
            unchanged.append(line.space)
        else:
            changes.append(change)
    changes += [_removed(line) for line in old.values()]
    counts = [change.kind for change in changes]
    return Comparison(
        rooms=_by_room(changes, unchanged),
        added=counts.count(ChangeKind.ADDED),
        removed=counts.count(ChangeKind.REMOVED),
        changed=counts.count(ChangeKind.CHANGED),
        unchanged=len(unchanged),
        effect=_effect(before, after),
    )


def _added(line: ComparedLine) -> Change:
    return Change(ChangeKind.ADDED, None, line, (), line.amount_fen)


def _removed(line: ComparedLine) -> Change:
    return Change(ChangeKind.REMOVED, line, None, (), -line.amount_fen)


def _changed(before: ComparedLine, after: ComparedLine) -> Change | None:
    if _content(before) == _content(after):  # nearly all of them
        return None
    fields = tuple(field for field in LineField if getattr(before, field.value) != getattr(after, field.value))
    difference = after.amount_fen - before.amount_fen
    return Change(ChangeKind.CHANGED, before, after, fields, difference) if fields or difference else None


def _by_room(changes: Sequence[Change], unchanged: Sequence[str]) -> tuple[RoomChanges, ...]:
    rooms: dict[str, list[Change]] = {}
    money: dict[str, int] = {}
    for change in changes:
        rooms.setdefault(change.line.space, []).append(change)
        if change.before is not None:
            money[change.before.space] = money.get(change.before.space, 0) - change.before.amount_fen
        if change.after is not None:
            money[change.after.space] = money.get(change.after.space, 0) + change.after.amount_fen
    for space in money:
        rooms.setdefault(space, [])  # a room that only lost a line to another one
    same: dict[str, int] = {}
    for space in unchanged:
        same[space] = same.get(space, 0) + 1
    return tuple(RoomChanges(space, tuple(found), money[space], same.get(space, 0)) for space, found in rooms.items())


def _effect(before: ComparedRevision | None, after: ComparedRevision) -> Effect:
    if before is None:
        return Effect(after.direct_fen, after.management_fen, -after.discount_fen, after.tax_fen, after.total_fen)
    return Effect(
        lines_fen=after.direct_fen - before.direct_fen,
        management_fen=after.management_fen - before.management_fen,
        discount_fen=before.discount_fen - after.discount_fen,
        tax_fen=after.tax_fen - before.tax_fen,
        total_fen=after.total_fen - before.total_fen,
    )
