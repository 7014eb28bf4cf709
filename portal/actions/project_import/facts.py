"""What the portal has no place for yet is kept with the project, word for word."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.extensions import db
from portal.models import ImportedFact, Project

# Sections whose every value stands in rows of its own; all others are kept whole, also where a part has a row.
_TAKEN_UP = {"id", "title", "house_type", "decoration_mode", "new_or_old", "building_area_m2", "inner_area_m2", "layout",
             "style", "address", "rooms"}
_LISTS = ("estimate", "budget")


def keep(project: Project, source: dict[str, Any], *, as_of: date) -> None:
    """One row a section. Of the priced lists only what stands beside the lines: they have rows of their own."""
    for section, body in source.items():
        if section in _TAKEN_UP:
            continue
        if section in _LISTS:
            body = {key: value for key, value in body.items() if key != "lines"}
        db.session.add(ImportedFact(project_id=project.id, section=section[:60], body={"value": body}, as_of=as_of))
