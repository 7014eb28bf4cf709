"""The record of a measurement (F21) and what must be in it (R054–R060)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.rules.decision import Decision, Reason, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import local_day

LEAST_PHOTOS = 1
TOLERANCE_MM = 50


class Item(Labelled):
    """What is placed, or said not to be there, in every home (R057)."""

    WATER_PIPES = "water_pipes", N_("上下水管")
    WATER_INLET = "water_inlet", N_("进水口")
    AC_HOLE = "ac_hole", N_("空调孔")
    BATHROOM = "bathroom", N_("卫生间设施")
    KITCHEN = "kitchen", N_("厨房设施")
    BEAMS = "beams", N_("结构梁柱")
    GAS_PIPE = "gas_pipe", N_("燃气管")
    OUTER_WALL = "outer_wall", N_("外墙结构")


class Kit(Labelled):
    """What a designer takes along (R060)."""

    TAPE = "tape", N_("卷尺")
    PENS = "pens", N_("笔（两支）")
    PAPER = "paper", N_("纸（数张）")
    BOARD = "board", N_("画板")
    CARDS = "cards", N_("名片")
    CAMERA = "camera", N_("相机")
    BAG = "bag", N_("包")


class Record(Labelled):
    COMPLETE = "complete", N_("记录完整")
    INCOMPLETE = "incomplete", N_("记录不完整")


class Departure(Labelled):
    READY = "ready", N_("可以出发")
    WARNED = "warned", N_("提醒后可出发")
    REFUSED = "refused", N_("不能出发")


class Remeasure(Labelled):
    WITHIN = "within", N_("误差合格")
    BEYOND = "beyond", N_("误差超限")


@dataclass(frozen=True)
class Finding:
    """`present` None when nothing was said about the item; `position` in words when it is there."""

    item: str
    present: bool | None
    position: str = ""


def judge_record(
    findings: Sequence[Finding], *, photos: int, base_condition: str, next_plan_at: datetime | None, at: datetime
) -> Decision[Record]:
    """COMPLETE, or INCOMPLETE with everything that is missing, in the order of the form."""
    faults = [*_of_the_items(findings), *_of_the_rest(photos, base_condition, next_plan_at, at)]
    if faults:
        return Decision(Record.INCOMPLETE, tuple(faults))
    return Decision(Record.COMPLETE, (because("R057", "各项位置、照片和看方案时间齐全"),))


def judge_kit(ticked: Collection[str]) -> Decision[Departure]:
    """No departure without a camera; anything else missing is only pointed out (R060)."""
    missing = [kit for kit in Kit if kit not in ticked]
    trace = tuple(because("R060", "未带{item}", item=kit.label, key=kit) for kit in missing)
    if Kit.CAMERA in missing:
        return Decision(Departure.REFUSED, trace)
    return Decision(Departure.WARNED if missing else Departure.READY, trace)


def judge_remeasure(first_mm: int, again_mm: int, tolerance_mm: int = TOLERANCE_MM) -> Decision[Remeasure]:
    """Exactly 5 cm off still passes (R056)."""
    off = abs(again_mm - first_mm)
    within = off <= tolerance_mm
    facts = {"off": off, "allowed": tolerance_mm}
    if within:
        return Decision(Remeasure.WITHIN, (because("R056", "误差{off}毫米，不超过{allowed}毫米", **facts),))
    return Decision(Remeasure.BEYOND, (because("R056", "误差{off}毫米，超过{allowed}毫米，请复核", **facts),))


def _of_the_items(findings: Sequence[Finding]) -> list[Reason]:
    found = {finding.item: finding for finding in findings}
    faults = []
    for item in Item:
        finding = found.get(item)
        if finding is None or finding.present is None:
            faults.append(because("R057", "请标注{item}的位置，或注明没有", item=item.label, key=item))
        elif finding.present and not finding.position.strip():
            faults.append(because("R057", "请写明{item}的准确位置", item=item.label, key=item))
    return faults


def _of_the_rest(photos: int, base_condition: str, next_plan_at: datetime | None, at: datetime) -> list[Reason]:
    faults = []
    if not base_condition.strip():
        faults.append(because("R057", "请写明向业主说明的基层状况", key="base_condition"))
    if photos < LEAST_PHOTOS:
        faults.append(because("R058", "至少上传{least}张现场照片", least=LEAST_PHOTOS, key="photos"))
    if next_plan_at is None:
        faults.append(because("R059", "请填写业主下次看方案的时间", key="next_plan_at"))
    elif local_day(next_plan_at) < local_day(at):
        faults.append(because("R059", "看方案的时间不能早于今天", key="next_plan_at"))
    return faults
