"""Real papers for the tests: the two homes of the demo company, and a small one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from portal.documents.estimate import (
    Change,
    Changes,
    Drawing,
    EstimateDocument,
    Issuer,
    Line,
    Room,
    Share,
    Signer,
    Totals,
)

SAMPLES = Path("portal/demo/samples.json")
SIGNERS = (
    Signer("owner", "林知秋", "业主"),
    Signer("designer", "沈画", "设计师"),
    Signer("project-manager", "陆工", "项目经理"),
    Signer("estimator", "何清点", "预算员"),
)


@cache
def sample(place: int = 0, **changed) -> EstimateDocument:
    """The budget of one of the two demo homes: 117 lines, or 224."""
    file = json.loads(SAMPLES.read_text())
    project, old, new = (
        file["projects"][place][key] if key else file["projects"][place] for key in ("", "estimate", "budget")
    )
    totals = new["totals"]
    facts = {
        "issuer": Issuer(file["companies"]["name"], "样板市模拟区示例路1号", "400 000 0000"),
        "kind": "budget",
        "revision": 2,
        "project_title": project["title"],
        "project_address": project["address"],
        "customer_name": project["customer"]["name"],
        "project_number": project["id"],
        "prepared_on": date.fromisoformat(new["date"]),
        "prepared_by": new["prepared_by"],
        "valid_until": date(2026, 4, 26),
        "rooms": _rooms(new),
        "area_m2": Decimal(project["building_area_m2"]),
        "groups": tuple(Share(group["name"], group["amount_fen"]) for group in totals["by_group_fen"].values()),
        "totals": Totals(**{name: totals[name] for name in Totals.__dataclass_fields__}),
        "signers": SIGNERS,
        "changes": Changes(1, old["totals"]["total_fen"], _changes(old, new)),
        "drawings": (Drawing("平面布置图", 3, "5f" * 32), Drawing("水电点位图", 2, "a7" * 32)),
        "excluded": ("家具、家电、窗帘、灯具等软装", "物业押金、装修保证金和垃圾清运以外的物业收费"),
        "terms": (
            "付款：签约30%，水电验收30%，泥木验收30%，竣工验收10%。",
            "保修：一般项目24个月，防水60个月，自竣工验收合格之日起算。",
        ),
    }
    return EstimateDocument(**{**facts, **changed})


def small(**changed) -> EstimateDocument:
    """Two lines, one signer."""
    lines = (
        Line(1, "CC-001", "拆除非承重砖墙", "㎡", Decimal("5.88"), 5500, 32340),
        Line(2, "NW-001", "新砌轻质砖墙 100mm", "㎡", Decimal("6.72"), 13200, 88704, note="含植筋"),
    )
    facts = {
        "issuer": Issuer("示例装饰工程有限公司"),
        "kind": "estimate",
        "revision": 1,
        "project_title": "云栖样板苑 1201",
        "project_address": "样板市",
        "customer_name": "林知秋",
        "prepared_on": date(2026, 3, 20),
        "prepared_by": "何清点",
        "valid_until": date(2026, 4, 19),
        "rooms": (Room("全屋", lines, 121044),),
        "groups": (Share("拆除", 32340), Share("泥瓦", 88704)),
        "totals": Totals(121044, 800, 9684, 0, 300, 3922, 134650),
        "signers": SIGNERS[:1],
    }
    return EstimateDocument(**{**facts, **changed})


def _rooms(priced: dict) -> tuple[Room, ...]:
    by_space = priced["totals"]["by_space_fen"]
    return tuple(
        Room(space, tuple(_line(line) for line in priced["lines"] if line["space"] == space), amount)
        for space, amount in by_space.items()
    )


def _line(line: dict) -> Line:
    return Line(
        line["no"],
        line["code"],
        line["name"],
        line["unit"],
        Decimal(line["quantity"]),
        line["unit_price_fen"],
        line["amount_fen"],
        line["note"],
    )


def _changes(old: dict, new: dict) -> tuple[Change, ...]:
    was = {(line["space"], line["code"]): line for line in old["lines"]}
    now = {(line["space"], line["code"]): line for line in new["lines"]}
    found = []
    for key in [*now, *(key for key in was if key not in now)]:
        before, after = was.get(key), now.get(key)
        if before and after and before["amount_fen"] == after["amount_fen"]:
            continue
        difference = (after["amount_fen"] if after else 0) - (before["amount_fen"] if before else 0)
        found.append(
            Change(key[0], (after or before)["name"], _amount(before), _amount(after), difference, "按复尺调整")
        )
    return tuple(found)


def _amount(line: dict | None) -> str:
    return f"{line['quantity']} {line['unit']}" if line else ""
