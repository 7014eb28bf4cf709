"""Closed complaints with their story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.extensions import db
from portal.models import Complaint, ComplaintEvent, Project, User


def store(project: Project, source: list[dict[str, Any]], team: dict[str, User], owner: User) -> None:
    for told in source:
        _complaint(project, told, team, owner)


def _complaint(project: Project, told: dict[str, Any], team: dict[str, User], owner: User) -> None:
    first = next((step["by"] for step in told["timeline"] if step["by"] in team), None)
    row = Complaint(
        number=f"{project.code}-{told['no']}", project_id=project.id, category=told["category"],
        subcategory=told["subcategory"], severity=told["severity"], title=told["title"], description=told["description"],
        filed_by_id=team[told["reporter"]].id if told["reporter"] in team else owner.id,
        filed_at=_at(told["reported_at"]), assignee_id=team[first].id if first else next(iter(team.values())).id,
        first_reply_due_at=_at(told["sla"]["first_response_due"]), plan_due_at=_at(told["sla"]["plan_due"]),
        done_due_at=_at(told["sla"]["resolve_due"]), first_replied_at=_first_reply(told), planned_at=None,
        cause=told["responsibility"], solution="", result=told["timeline"][-1]["event"],
        closed_at=_at(told["owner_confirmed_at"]), satisfaction=told["satisfaction"],
    )
    db.session.add(row)
    db.session.flush()
    for place, step in enumerate(told["timeline"]):
        by = owner if step["by"] == "业主" else team.get(step["by"])
        db.session.add(
            ComplaintEvent(
                complaint_id=row.id, act="filed" if place == 0 else "replied", body=step["event"],
                by_id=by.id if by else None, by_name=step["by"], at=_at(step["at"]),
            )
        )


def _first_reply(told: dict[str, Any]) -> datetime | None:
    replies = [_at(step["at"]) for step in told["timeline"][1:] if step["by"] != "业主"]
    return replies[0] if replies else None


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
