"""What a measurement record must hold (R056–R060)."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.measurement import (
    Departure,
    Finding,
    Item,
    Kit,
    Record,
    Remeasure,
    judge_kit,
    judge_record,
    judge_remeasure,
)

AT = datetime(2026, 3, 4, 8, tzinfo=UTC)
FINDINGS = [Finding(item, True, "见图") for item in Item]
FULL = {"photos": 1, "base_condition": "墙面平整", "next_plan_at": datetime(2026, 3, 6, 7, tzinfo=UTC), "at": AT}


def keys(findings=FINDINGS, **changes):
    decision = judge_record(findings, **(FULL | changes))
    assert decision.verdict is (Record.COMPLETE if decision.trace[0].facts.get("key") is None else Record.INCOMPLETE)
    return [reason.facts["key"] for reason in decision.trace if "key" in reason.facts]


def test_a_full_record_is_complete():
    assert keys() == []


@pytest.mark.parametrize("item", list(Item))
def test_every_item_is_placed_or_said_to_be_absent(item):
    """R057."""
    others = [finding for finding in FINDINGS if finding.item != item]
    assert keys(others) == [item]
    assert keys([*others, Finding(item, None)]) == [item]
    assert keys([*others, Finding(item, True, " ")]) == [item]
    assert keys([*others, Finding(item, False)]) == []
    assert keys([*others, Finding(item, True, "北墙距角300mm")]) == []


def test_an_unknown_item_stands_for_none_of_them():
    assert keys([Finding("sauna", True, "地下室")]) == list(Item)


@pytest.mark.parametrize("changes, key", [
    ({"photos": 0}, "photos"),                                       # R058
    ({"next_plan_at": None}, "next_plan_at"),                        # R059
    ({"next_plan_at": AT - timedelta(days=1)}, "next_plan_at"),
    ({"base_condition": " "}, "base_condition"),                     # R057
])  # fmt: skip
def test_photos_the_next_date_and_the_base_are_needed_too(changes, key):
    assert keys(**changes) == [key]


def test_the_plan_may_be_shown_the_same_day():
    assert keys(next_plan_at=AT - timedelta(minutes=5)) == []


def test_everything_missing_is_said_at_once():
    assert len(keys([], photos=0, base_condition="", next_plan_at=None)) == len(Item) + 3


@pytest.mark.parametrize("first, again, verdict", [(3600, 3650, Remeasure.WITHIN), (3600, 3651, Remeasure.BEYOND),
                                                   (3650, 3600, Remeasure.WITHIN), (3651, 3600, Remeasure.BEYOND)])  # fmt: skip
def test_five_centimetres_pass_and_a_millimetre_more_does_not(first, again, verdict):
    """R056."""
    assert judge_remeasure(first, again).verdict is verdict


@pytest.mark.parametrize("missing, verdict", [
    ([], Departure.READY), ([Kit.BAG], Departure.WARNED), ([Kit.CAMERA], Departure.REFUSED), ([Kit.CAMERA, Kit.BAG], Departure.REFUSED),
])  # fmt: skip
def test_no_departure_without_a_camera(missing, verdict):
    """R060."""
    decision = judge_kit([kit for kit in Kit if kit not in missing])
    assert decision.verdict is verdict
    assert len(decision.trace) == len(missing)
