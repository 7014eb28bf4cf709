"""The order with its stages, and the visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from portal.actions.project_import.home import midday
from portal.actions.project_import.people import role_of
from portal.extensions import db
from portal.models import EstimateRevision, Order, OrderStage, Project, StageNote, User, Visit

_KINDS = {"开工交底": "disclosure", "每周巡检": "weekly", "双周巡检": "quality", "节点验收": "inspection", "每月回访": "return_call"}


def order(project: Project, budget: EstimateRevision, source: dict[str, Any], team: dict[str, User], *, at: datetime) -> Order:
    """The contract's order: it was made when the contract was signed."""
    stages = source["schedule"]["stages"]
    running = next((stage for stage in stages if stage["status"] != "DONE"), None)
    row = Order(
        number=f"D{project.id:06d}", project_id=project.id, revision_id=budget.id, total_fen=budget.total_fen,
        made_at=midday(source["contract"]["signed"]), start_on=date.fromisoformat(source["contract"]["start"]),
        stage_code=running["code"] if running else "", expected_on=_day(running["forecast_end"]) if running else None,
        finished_on=None if running else _day(stages[-1]["actual_end"]),
    )
    db.session.add(row)
    db.session.flush()
    manager = _manager(source["team"], team)
    for position, stage in enumerate(stages, 1):
        _stage(row, position, stage, manager, at=at)
    return row


def _stage(row: Order, position: int, stage: dict[str, Any], manager: User, *, at: datetime) -> None:
    kept = OrderStage(
        order_id=row.id, position=position, code=stage["code"], name=stage["name"], node=stage["node"],
        duration_wd=stage["duration_wd"], delay_wd=sum(delay["days"] for delay in stage["delays"]),
        **{key: _day(stage[key]) for key in ("plan_start", "plan_end", "forecast_start", "forecast_end", "actual_start", "actual_end")},
    )
    db.session.add(kept)
    db.session.flush()
    told = stage["actual_start"] or stage["plan_start"]
    for delay in stage["delays"]:
        words = "：".join(part for part in (delay["cause"], delay["detail"]) if part)
        db.session.add(
            StageNote(stage_id=kept.id, act="delayed", body=words, days_wd=delay["days"], by_id=manager.id, at=min(midday(told), at))
        )


def visits(project: Project, source: dict[str, Any], team: dict[str, User], *, at: datetime) -> None:
    """Site visits, and the two measurements that came before them; all by the day, as the file gives no hours."""
    surveyed = source["measurement"]
    surveyor = surveyed["by"]
    for day, purpose in ((surveyed["date"], surveyed["form"]), (surveyed["remeasure"], f"复尺：{surveyed['form']}")):
        _visit(project, "measurement", purpose, day, day, surveyor, _role(source["team"], surveyor), team, "", at)
    for visit in source["site_visits"]:
        kind = _KINDS.get(visit["kind"], "other")
        purpose = f"{visit['kind']}：{visit['purpose']}"
        _visit(project, kind, purpose, visit["planned_date"], visit["actual_date"], visit["person"], visit["role"],
               team, visit["owner_presence"], at)


def _visit(project, kind, purpose, planned, done, person, role, team, presence, at) -> None:
    start = midday(planned) - timedelta(hours=12)
    db.session.add(
        Visit(
            project_id=project.id, kind=kind, purpose=purpose, starts_at=start, ends_at=start + timedelta(days=1), all_day=True,
            person_id=team[person].id, person_name=person, person_role=role_of(role).value, owner_presence=presence,
            booked_at=min(at, start), done_at=midday(done) if done else None,
        )
    )


def _role(members: list[dict[str, Any]], name: str) -> str:
    return next(member["role"] for member in members if member["name"] == name)


def _manager(members: list[dict[str, Any]], team: dict[str, User]) -> User:
    """Who answers for the site: the project manager, else whoever stands first in the team."""
    name = next((member["name"] for member in members if member["role"] == "项目经理"), members[0]["name"])
    return team[name]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
