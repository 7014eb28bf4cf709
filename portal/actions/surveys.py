"""The sizes of a home's rooms, as they are typed while measuring."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from portal import audit
from portal.extensions import db
from portal.models import Project, Room, User
from portal.rules.decision import Reason
from portal.rules.rooms import OpeningType, RoomSize, metrics
from portal.rules.words import N_, Refused, refuse

_SIZES = ("length_mm", "width_mm", "height_mm")
_OPENING = re.compile(r"([^0-9]+?)\s*([0-9]{2,5})\s*[x×X*]\s*([0-9]{2,5})\s*(.{0,40})")


class BadRow(Exception):
    """Row `number` (from 0) cannot be kept; `reason` belongs beside its `field`."""

    def __init__(self, number: int, field: str, reason: Reason):
        super().__init__(field)
        self.number, self.field, self.reason = number, field, reason


@dataclass(frozen=True)
class Measured:
    """A room with what follows from its sizes, in ㎡ and m."""

    room: Room
    metrics: Mapping[str, Decimal]


def measure(*, project: Project, by: User, at: datetime, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the rooms as they stand in the table; a row without a name is passed over. Raises BadRow.

    A room that was there keeps its code, so that quantities go on finding it.
    """
    known = {str(room.id): room for room in project.rooms}
    codes = {room.code for room in project.rooms}
    position = 0
    for number, row in enumerate(rows):
        room = known.get(row["ident"] or "")
        if row["gone"]:
            if room is not None:
                db.session.delete(room)
            continue
        if not row["name"]:
            if room is not None or any(row[name] for name in _SIZES):
                raise BadRow(number, "name", refuse("R1", N_("房间要有名称；要删除请勾选“删除”")).reason)
            continue
        position += 1
        facts = _facts(number, row)
        if room is None:
            room = Room(project_id=project.id, code=_free_code(codes), position=position, **facts)
            db.session.add(room)
        for name, value in {**facts, "position": position}.items():
            setattr(room, name, value)
    audit.record("rooms.measured", project, by=by, at=at, rooms=position)


def fingerprint(project: Project) -> str:
    """What the rooms were when the page was shown: whoever saves over a colleague's change is told."""
    said = [[room.id, room.name, room.kind, room.length_mm, room.width_mm, room.height_mm, room.openings] for room in project.rooms]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:20]


def measured(project: Project) -> list[Measured]:
    """The rooms with their areas."""
    return [Measured(room, metrics(RoomSize.of(room))) for room in project.rooms]


def as_row(room: Room) -> dict[str, Any]:
    """The room as its row in the table."""
    sizes = {name: getattr(room, name) for name in _SIZES}
    return {"ident": str(room.id), "name": room.name, "kind": room.kind, "openings": written(room.openings), **sizes}


def written(openings: Sequence[Mapping[str, Any]]) -> str:
    """门 900×2100 入户；窗 1800×1500: the way openings are typed, in the language of the page."""
    return "；".join(f"{_(one['type'])} {one['w_mm']}×{one['h_mm']} {one.get('note') or ''}".strip() for one in openings)


def openings_of(text: str) -> list[dict[str, Any]]:
    """The openings that `written` wrote or a person typed, in Chinese or in the language of the page. Raises Refused."""
    types = {word.casefold(): one.value for one in OpeningType for word in (one.value, _(one.label))}
    found = []
    for part in re.split(r"[；;，,\n]", text or ""):
        if not part.strip():
            continue
        match = _OPENING.fullmatch(part.strip())
        if match is None or match[1].strip().casefold() not in types:
            raise refuse("R1", N_("“{part}”看不懂，请写成：门 900×2100；窗 1800×1500"), part=part.strip()[:40])
        found.append({"type": types[match[1].strip().casefold()], "w_mm": int(match[2]), "h_mm": int(match[3]), "note": match[4].strip()})
    return found


def _facts(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    for name in _SIZES:
        if row[name] is None:
            raise BadRow(number, name, refuse("R1", N_("请填写长、宽、高，单位毫米")).reason)
    sizes = {name: row[name] for name in _SIZES}
    try:
        holes = openings_of(row["openings"])
        facts = {"name": row["name"], "kind": row["kind"], "openings": holes, **sizes}
        metrics(RoomSize.of(Room(**facts)))
    except Refused as refused:
        raise BadRow(number, "openings", refused.reason) from None
    return facts


def _free_code(codes: set[str]) -> str:
    """The next code that no room of the home has."""
    number = next(n for n in range(1, len(codes) + 2) if f"R{n}" not in codes)
    codes.add(f"R{number}")
    return f"R{number}"
