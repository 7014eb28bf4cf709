"""What changed between two revisions: by stable key, by room, to the fen (product, 1)."""

import random
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from portal.rules.comparison import ChangeKind, Effect, LineField, compare
from portal.rules.estimate import totals
from portal.rules.money import times


@dataclass(frozen=True)
class Line:
    line_key: str
    space: str = "厨房"
    code: str = "NW-001"
    name: str = "墙砖铺贴"
    unit: str = "㎡"
    quantity: Decimal = Decimal("10.00")
    unit_price_fen: int = 6800
    note: str = ""
    change_reason: str = ""
    group_code: str = "NW"

    @property
    def amount_fen(self):
        return times(self.quantity, self.unit_price_fen)


@dataclass(frozen=True)
class Revision:
    lines: list[Line] = field(default_factory=list)
    discount_fen: int = 0
    management: int = 800
    tax: int = 300

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        found = totals(self.lines, management_rate_bp=self.management, discount_fen=self.discount_fen, tax_rate_bp=self.tax)
        return getattr(found, name)


A, B, C = Line("a"), Line("b", space="卫生间", name="防水"), Line("c", space="卧室", name="乳胶漆", unit_price_fen=1800)


def adds_up(effect):
    return effect.lines_fen + effect.management_fen + effect.discount_fen + effect.tax_fen == effect.total_fen


def test_the_same_revision_has_no_changes():
    found = compare(Revision([A, B]), Revision([A, B]))
    assert found.is_empty
    assert (found.unchanged, found.rooms, found.effect) == (2, (), Effect(0, 0, 0, 0, 0))


def test_added_removed_and_changed_are_told_apart():
    dearer = replace(B, unit_price_fen=7000, change_reason="换进口涂料")
    found = compare(Revision([A, B]), Revision([dearer, C]))
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 0)
    by_room = {room.space: room for room in found.rooms}
    assert list(by_room) == ["卫生间", "卧室", "厨房"]  # the order of the new revision, then what is gone
    assert [room.difference_fen for room in found.rooms] == [2000, 18000, -68000]
    change = by_room["卫生间"].changes[0]
    assert (change.kind, change.fields, change.reason) == (ChangeKind.CHANGED, (LineField.UNIT_PRICE,), "换进口涂料")
    gone = by_room["厨房"].changes[0]
    assert (gone.kind, gone.line, gone.after, gone.reason) == (ChangeKind.REMOVED, A, None, "")
    assert found.effect == Effect(-48000, -3840, 0, -1555, -53395)
    # before: 1,360.00 + 108.80 = 1,468.80, tax 44.064 → 44.06; after: 880.00 + 70.40 = 950.40, tax 28.512 → 28.51


@pytest.mark.parametrize("changed, fields", [
    ({"quantity": Decimal("11")}, {LineField.QUANTITY}),
    ({"unit_price_fen": 1}, {LineField.UNIT_PRICE}),
    ({"name": "x"}, {LineField.NAME}),
    ({"unit": "m"}, {LineField.UNIT}),
    ({"code": "NW-002"}, {LineField.CODE}),
    ({"note": "x"}, {LineField.NOTE}),
    ({"space": "餐厅"}, {LineField.SPACE}),
    ({"quantity": Decimal("20"), "unit_price_fen": 3400}, {LineField.QUANTITY, LineField.UNIT_PRICE}),
])  # fmt: skip
def test_each_thing_that_can_differ_is_named(changed, fields):
    found = compare(Revision([A, B]), Revision([replace(A, **changed), B]))
    assert (found.changed, found.unchanged) == (1, 1)
    assert set(next(room for room in found.rooms if room.changes).changes[0].fields) == fields


@pytest.mark.parametrize("other", [replace(A, quantity=Decimal("10")), replace(A, change_reason="x"), replace(A, group_code="XX")])
def test_what_does_not_count_as_a_change(other):
    assert compare(Revision([A]), Revision([other])).is_empty


def test_a_line_that_moves_leaves_one_room_and_comes_to_another():
    found = compare(Revision([A, B]), Revision([replace(A, space="餐厅"), B]))
    rooms = {room.space: room for room in found.rooms}
    assert [rooms[space].difference_fen for space in ("餐厅", "厨房")] == [68000, -68000]
    assert rooms["餐厅"].changes[0].moved_from == "厨房"
    assert rooms["厨房"].changes == ()
    assert found.effect.total_fen == 0


def test_unchanged_lines_are_counted_in_their_room():
    found = compare(Revision([A, replace(A, line_key="a2")]), Revision([replace(A, name="x"), replace(A, line_key="a2")]))
    assert found.rooms[0].unchanged == 1


def test_an_order_of_lines_is_no_change():
    assert compare(Revision([A, B, C]), Revision([C, A, B])).is_empty


def test_a_first_revision_is_all_new():
    found = compare(None, Revision([A, B], discount_fen=100))
    assert (found.added, found.removed, found.changed) == (2, 0, 0)
    assert found.effect.discount_fen == -100
    assert adds_up(found.effect)


def test_a_discount_alone_is_a_change_without_lines():
    found = compare(Revision([A]), Revision([A], discount_fen=5000))
    assert not found.is_empty
    assert found.rooms == ()
    assert found.effect == Effect(0, 0, -5000, -150, -5150)


def test_any_two_revisions_add_up_to_the_fen():
    """The rooms' differences make the lines', and the four parts make the total."""
    chance = random.Random(7)
    for _ in range(200):
        before, after = _any_revision(chance), _any_revision(chance)
        found = compare(before, after)
        assert sum(room.difference_fen for room in found.rooms) == found.effect.lines_fen
        assert adds_up(found.effect)
        assert found.effect.total_fen == after.total_fen - before.total_fen
        assert found.added + found.changed + found.unchanged == len(after.lines)
        assert found.removed + found.changed + found.unchanged == len(before.lines)


def _any_revision(chance):
    lines = [
        Line(key, space=chance.choice(["厨房", "卧室"]), quantity=Decimal(chance.randint(100, 999)) / 100, unit_price_fen=chance.choice([7, 333, 6800]))
        for key in chance.sample("abcdefgh", chance.randint(1, 8))
    ]
    return Revision(lines, chance.choice([0, 1]), chance.choice([0, 800]), chance.choice([0, 300]))


def test_two_thousand_lines_are_compared_at_once():
    lines = [Line(f"k{number}", space=f"房间{number % 20}") for number in range(2000)]
    other = [replace(line, quantity=Decimal("11")) if number % 3 else line for number, line in enumerate(lines)]
    before, after = Revision(lines), Revision(other)
    started = time.perf_counter()
    found = compare(before, after)
    assert time.perf_counter() - started < 1
    assert found.changed == 1333
