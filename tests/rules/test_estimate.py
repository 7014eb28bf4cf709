"""What may be typed into an estimate, and its totals (L3, T1–T7), to the fen against both demo projects."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from portal.rules.estimate import (
    amount,
    expires_at,
    is_expired,
    read_fen,
    read_quantity,
    read_rate_bp,
    total_is_visible,
    totals,
)
from portal.rules.words import Refused

PROJECTS = json.loads((Path(__file__).parents[2] / "portal/demo/samples.json").read_text())["projects"]


@dataclass(frozen=True)
class Line:
    space: str
    group_code: str
    quantity: Decimal
    unit_price_fen: int


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["id"])
@pytest.mark.parametrize("kind", ["estimate", "budget"])
def test_totals_of_the_demo_projects(project, kind):
    written = project[kind]["totals"]
    lines = [Line(one["space"], one["group"], Decimal(one["quantity"]), one["unit_price_fen"]) for one in project[kind]["lines"]]
    found = totals(lines, management_rate_bp=written["management_rate_bp"], discount_fen=written["discount_fen"],
                   tax_rate_bp=written["tax_rate_bp"], building_area_m2=Decimal(project["building_area_m2"]))  # fmt: skip
    for part in ("direct_fen", "management_fen", "discount_fen", "taxable_fen", "tax_fen", "total_fen", "per_m2_fen"):
        assert getattr(found, part) == written[part]
    assert found.by_group == {code: group["amount_fen"] for code, group in written["by_group_fen"].items()}
    assert found.by_space == written["by_space_fen"]
    assert found.lines == len(lines)


def computed(*lines, management=800, discount=0, tax=300):
    return totals([Line("厨房", "FS", Decimal(q), p) for q, p in lines], management_rate_bp=management, discount_fen=discount,
                  tax_rate_bp=tax)  # fmt: skip


def test_totals_by_hand():
    """2 × 10.00 + 1.5 × 3.33 = 24.995 → 25.00 (4.995 → 5.00); 8 % = 2.00; − 1.00; 3 % of 26.00 = 0.78."""
    found = computed(("2", 1000), ("1.5", 333), discount=100)
    assert (found.direct_fen, found.management_fen, found.taxable_fen, found.tax_fen, found.total_fen) == (2500, 200, 2600, 78, 2678)
    assert found.per_m2_fen is None


def test_no_lines_make_nothing():
    assert computed().total_fen == 0


def test_the_discount_is_at_most_what_it_is_taken_off():
    assert computed(("1", 1000), discount=1080).total_fen == 0
    for discount in (1081, -1):
        with pytest.raises(Refused):
            computed(("1", 1000), discount=discount)


@pytest.mark.parametrize("quantity, price, fen", [("1.005", 100, 101), ("0.01", 50, 1), ("0.01", 49, 0), ("4.16", 25000, 104000)])
def test_amounts_round_half_up_and_exactly(quantity, price, fen):
    assert amount(Decimal(quantity), price) == fen


def test_an_amount_beyond_writing_is_refused():
    with pytest.raises(Refused):
        amount(Decimal("999999999.99"), 999_999_999)


@pytest.mark.parametrize("text, quantity", [("12", "12.00"), (" 12.50 ", "12.50"), ("０.５", "0.50"), (".5", "0.50"), ("1,250.5", "1250.50"),
                                            ("999999999.99", "999999999.99"), ("000.10", "0.10"), ("1.230", "1.23")])  # fmt: skip
def test_quantities_as_typed(text, quantity):
    assert str(read_quantity(text)) == quantity


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "−1", "NaN", "nan", "Infinity", "1e5", "1E5", "1.234", "1000000000", "", " ", "1.2.3",
                                  "12,5", "1,2500", "0x10", "١٢", "1_000", "½", "1\0", "9" * 5000, "1;", "+1"])  # fmt: skip
def test_what_is_no_quantity(text):
    with pytest.raises(Refused) as refused:
        read_quantity(text)
    assert refused.value.reason.in_words()


@pytest.mark.parametrize("text, fen", [("85.60", 8560), ("¥1,250", 125000), ("0", 0), ("0.05", 5), ("￥３", 300)])
def test_prices_as_typed(text, fen):
    assert read_fen(text) == fen


@pytest.mark.parametrize("text, bp", [("8", 800), ("8%", 800), ("3.25", 325), ("100", 10000), ("０", 0)])
def test_rates_as_typed(text, bp):
    assert read_rate_bp(text) == bp


@pytest.mark.parametrize("text", ["100.01", "-1", "8%%", "x"])
def test_what_is_no_rate(text):
    with pytest.raises(Refused):
        read_rate_bp(text)


def test_a_revision_ends_with_its_last_local_day():
    assert expires_at(date(2026, 3, 31)) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert not is_expired(date(2026, 3, 31), datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC))
    assert is_expired(date(2026, 3, 31), datetime(2026, 3, 31, 16, tzinfo=UTC))
    assert not is_expired(None, datetime(2099, 1, 1, tzinfo=UTC))


def test_no_total_before_the_presentation():
    """R073."""
    now = datetime(2026, 3, 31, tzinfo=UTC)
    assert not total_is_visible(presented_at=None)
    assert total_is_visible(presented_at=now)
    assert not total_is_visible(presented_at=now, withdrawn_at=now)
