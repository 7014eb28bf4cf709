"""The plan of the works against both demo projects, and when a stage may begin or end (domain 5.1; S2, S3)."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.rules.stages import (
    STAGES,
    StageFacts,
    StageState,
    Step,
    current,
    forecast,
    judge_stage_finish,
    judge_stage_reopening,
    judge_stage_start,
    plan_stages,
    stage,
    state_of,
)
from portal.rules.working_time import WorkingCalendar

SAMPLES = json.loads((Path(__file__).parents[2] / "portal/demo/samples.json").read_text())
CALENDAR = WorkingCalendar(public_holidays=[date.fromisoformat(text) for text in SAMPLES["meta"]["holidays_2026"]])
PROJECTS = pytest.mark.parametrize("project", SAMPLES["projects"], ids=lambda project: project["id"])
TODAY = date(2026, 4, 30)


def day(text):
    return date.fromisoformat(text) if text else None


@PROJECTS
def test_the_plan_is_the_one_of_the_contract(project):
    written = project["schedule"]["stages"]
    plan = plan_stages(day(written[0]["plan_start"]), project["house_type"], CALENDAR)
    assert [(one.code, one.name, one.node, one.duration_wd, one.start.isoformat(), one.end.isoformat()) for one in plan] == [
        (one["code"], one["name"], one["node"], one["duration_wd"], one["plan_start"], one["plan_end"]) for one in written
    ]  # fmt: skip


@PROJECTS
def test_the_forecast_is_the_one_of_the_file(project):
    """Both projects as they stood on the day of the file: delays taken in, the rest following."""
    written = project["schedule"]["stages"]
    facts = [
        StageFacts(one["code"], one["duration_wd"] + sum(delay["days"] for delay in one["delays"]), day(one["actual_start"]), day(one["actual_end"]))
        for one in written
    ]
    found = forecast(facts, start=day(written[0]["plan_start"]), on=day(SAMPLES["meta"]["as_of"]), calendar=CALENDAR)
    assert [(begins.isoformat(), ends.isoformat()) for begins, ends in found] == [
        (one["forecast_start"], one["forecast_end"]) for one in written
    ]


def test_a_plan_begins_on_a_working_day():
    assert plan_stages(date(2026, 3, 8), "平层", CALENDAR)[0].start == date(2026, 3, 9)


def test_a_duplex_is_planned_like_a_flat():
    assert plan_stages(date(2026, 3, 9), "复式", CALENDAR) == plan_stages(date(2026, 3, 9), "平层", CALENDAR)


def test_seven_full_days_of_airing_lie_before_the_air_test():
    """S3: the end of S18 plus at least 8 days."""
    plan = {one.code: one for one in plan_stages(date(2026, 3, 9), "平层", CALENDAR)}
    assert plan["S19"].start >= plan["S18"].end + timedelta(days=8)
    assert CALENDAR.working_days(plan["S18"].end + timedelta(days=8), plan["S19"].start) == 1


def works(*done, running=(), start=date(2026, 4, 1)):
    """All twenty stages, `done` finished on the day each began, `running` begun."""
    return [
        StageFacts(one.code, 1, start if one.code in (*done, *running) else None, start if one.code in done else None)
        for one in STAGES
    ]


def test_a_late_stage_pushes_what_follows_and_nothing_lies_in_the_past():
    stages = works("S01", running=["S02"])
    found = forecast(stages, start=date(2026, 4, 1), on=date(2026, 4, 20), calendar=CALENDAR)
    assert found[0] == (date(2026, 4, 1), date(2026, 4, 1))
    assert found[1] == (date(2026, 4, 1), date(2026, 4, 20))
    assert found[2] == (date(2026, 4, 21), date(2026, 4, 21))


def test_works_that_have_not_begun_are_forecast_from_today():
    found = forecast(works(), start=date(2026, 4, 1), on=date(2026, 4, 20), calendar=CALENDAR)
    assert found[0][0] == date(2026, 4, 20)


def test_the_state_of_every_stage():
    stages = works("S01", "S02", running=["S03"])
    assert [state_of(stages, code) for code in ("S01", "S03", "S04", "S05")] == [
        StageState.DONE, StageState.NOW, StageState.NEXT, StageState.LATER,
    ]  # fmt: skip
    assert current(stages).code == "S03"
    assert current(works(*[one.code for one in STAGES])) is None


@pytest.mark.parametrize("stages, code, on, step, says", [
    (works(), "S01", TODAY, Step.ALLOWED, ""),
    (works("S01"), "S02", TODAY, Step.ALLOWED, ""),
    (works(), "S02", TODAY, Step.REFUSED, "尚未完成"),                          # the one before has not begun
    (works(running=["S01"]), "S02", TODAY, Step.WARNED, "确定同时进行"),
    (works("S01", "S02", "S03", "S04", running=["S05"]), "S06", TODAY, Step.REFUSED, "水电隐蔽验收"),   # N1 is open
    (works("S01", "S02", "S03", running=["S04"]), "S05", TODAY, Step.WARNED, "水电施工"),
    (works("S01"), "S01", TODAY, Step.REFUSED, "已经完成"),
    (works(running=["S01"]), "S01", TODAY, Step.REFUSED, "已经开始"),
    (works("S01"), "S02", TODAY + timedelta(days=1), Step.REFUSED, "不能晚于今天"),
    (works("S01"), "S02", date(2026, 3, 31), Step.REFUSED, "不能早于上一阶段"),
    (works("S01"), "S02", date(2026, 4, 1), Step.ALLOWED, ""),
    (works(*[one.code for one in STAGES[:18]]), "S19", date(2026, 4, 8), Step.WARNED, "2026-04-09"),
    (works(*[one.code for one in STAGES[:18]]), "S19", date(2026, 4, 9), Step.ALLOWED, ""),
])  # fmt: skip
def test_when_a_stage_may_begin(stages, code, on, step, says):
    decision = judge_stage_start(stages, code, on, TODAY)
    assert decision.verdict is step
    assert says in " ".join(reason.in_words() for reason in decision.trace)


@pytest.mark.parametrize("stages, code, on, photos, step", [
    (works(running=["S01"]), "S01", TODAY, None, Step.ALLOWED),
    (works(running=["S01"]), "S01", date(2026, 4, 1), None, Step.ALLOWED),
    (works(running=["S01"]), "S01", date(2026, 3, 31), None, Step.REFUSED),       # before it began
    (works(running=["S01"]), "S01", TODAY + timedelta(days=1), None, Step.REFUSED),
    (works(), "S01", TODAY, None, Step.REFUSED),
    (works("S01"), "S01", TODAY, None, Step.REFUSED),
    (works("S01", running=["S02", "S03"]), "S03", TODAY, None, Step.WARNED),      # out of order
    (works("S01", "S02", "S03", "S04", running=["S05"]), "S05", TODAY, 0, Step.REFUSED),  # an inspection without photo
    (works("S01", "S02", "S03", "S04", running=["S05"]), "S05", TODAY, 1, Step.ALLOWED),
    (works("S01", "S02", "S03", "S04", running=["S05"]), "S05", TODAY, None, Step.ALLOWED),
    (works("S01", "S02", "S03", running=["S04", "S05"]), "S05", TODAY, 1, Step.REFUSED),  # before what it inspects
    (works(running=["S01"]), "S01", TODAY, 0, Step.ALLOWED),                      # photos are only owed at inspections
])  # fmt: skip
def test_when_a_stage_may_end(stages, code, on, photos, step):
    assert judge_stage_finish(stages, code, on, TODAY, photos).verdict is step


@pytest.mark.parametrize("stages, code, reason, step", [
    (works("S01", "S02"), "S02", "返工", Step.ALLOWED), (works("S01", "S02"), "S02", " ", Step.REFUSED),
    (works("S01", "S02"), "S01", "返工", Step.REFUSED), (works(running=["S01"]), "S01", "返工", Step.REFUSED),
])  # fmt: skip
def test_when_a_stage_may_be_opened_again(stages, code, reason, step):
    assert judge_stage_reopening(stages, code, reason).verdict is step
    assert step.may_go_on is (step is Step.ALLOWED)


def test_every_stage_speaks_to_the_homeowner():
    assert len(STAGES) == 20
    assert [one.node for one in STAGES if one.node] == ["N1", "N2", "N3", "N4", "N5", "N6"]
    assert all(one.happens.endswith("。") and one.flat_wd > 0 and one.villa_wd > 0 for one in STAGES)
    assert stage("S07").needed
    with pytest.raises(KeyError):
        stage("S21")
