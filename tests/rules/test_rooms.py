"""Areas, lengths and quantities (R1, Q1, Q2), against every room and every line of the two demo projects."""

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.rules.rooms import Metric, Opening, RoomSize, expression, metrics, quantity_of
from portal.rules.words import Refused

PROJECTS = json.loads((Path(__file__).parents[2] / "portal/demo/samples.json").read_text())["projects"]


def measured(project):
    return {room["code"]: metrics(RoomSize.of(SimpleNamespace(**room))) for room in project["rooms"]}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["id"])
def test_every_room_measures_what_the_file_says(project):
    written = {room["code"]: {key: Decimal(value) for key, value in room["metrics"].items()} for room in project["rooms"]}
    assert measured(project) == written


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["id"])
def test_every_quantity_comes_out_of_its_terms(project):
    rooms = measured(project)
    params = {key: Decimal(value) for key, value in project["quantity_params"].items()}
    for line in project["estimate"]["lines"] + project["budget"]["lines"]:
        assert quantity_of(line["terms"], rooms, params) == Decimal(line["quantity"]), line["no"]


def test_a_room_by_hand():
    """4 × 3 × 2.7 m, a door 0.9 × 2.1 and a window 1.5 × 1.4, tiled to 1.2 m, waterproofed to 0.3 m."""
    room = RoomSize(4000, 3000, 2700, (Opening("门", 900, 2100), Opening("窗", 1500, 1400)), 300, 1200)
    assert {key: str(value) for key, value in metrics(room).items()} == {
        "floor_area": "12.00", "ceiling_area": "12.00", "perimeter": "14.00", "wall_gross": "37.80",
        "openings_area": "3.99",   # 1.89 + 2.10
        "wall_net": "33.81", "wall_paint": "35.81",   # 35.805, half up
        "skirting_len": "13.10",   # the window does not reach the floor
        "wp_wall": "3.93",         # 13.1 × 0.3
        "tile_wall": "13.92",      # 16.8 − 0.9 × 1.2 − 1.5 × 1.2
    }  # fmt: skip


def test_without_heights_there_are_eight_metrics():
    assert list(metrics(RoomSize(1000, 1000, 1000))) == [metric.value for metric in Metric][:8]


def test_openings_larger_than_the_walls_are_refused():
    with pytest.raises(Refused):
        metrics(RoomSize(1000, 1000, 1000, (Opening("门", 9000, 9000),)))


@pytest.mark.parametrize("text, value", [("0.80×2.10", "1.68"), ("0.80×2.10+1.5", "3.18"), ("1+2×3", "7"), ("2 * 3.5", "7"), ("5", "5"),
                                         ("0.1+0.2", "0.3")])  # fmt: skip
def test_expressions(text, value):
    assert expression(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "1-2", "(1+2)×3", "1e5", "NaN", "×2", "1++2", "1.", ".5", "__import__('os')", "٣×2", "1×" * 200 + "1"])
def test_anything_else_is_no_expression(text):
    with pytest.raises(Refused):
        expression(text)


def test_a_quantity_is_rounded_once_at_the_end():
    """0.004 + 0.004 + 0.004 = 0.012 → 0.01, not 0.00."""
    assert quantity_of([{"src": "dims", "expr": "0.004", "factor": "1"}] * 3, {}) == Decimal("0.01")


@pytest.mark.parametrize("term", [{"src": "room", "room": "X", "metric": "floor_area"}, {"src": "param", "param": "doors"}])
def test_a_term_that_names_nothing_is_refused(term):
    with pytest.raises(Refused):
        quantity_of([term], {}, {})
