"""The home, its rooms, and how it came to the company."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.actions.project_import.people import e164
from portal.extensions import db
from portal.models import Lead, LeadContact, Project, Room, User
from portal.rules.access import Role
from portal.rules.contact import address_key, phone_key
from portal.rules.decision import because

_FLAT = re.compile(r"^(?P<community>.+?)\s*(?P<building>\w+)(?:栋|幢|号楼)(?P<unit>\w+)单元(?P<room>\w+?)室?$")
_HOUSE = re.compile(r"^(?P<community>.+?)\s+(?P<building>\S+)$")
_WAYS = {"电话": "call", "短信": "message", "微信": "message", "上门": "visit", "到店": "visit", "邮件": "email"}


def midday(day: str | date) -> datetime:
    """A file gives days without hours: such an act is dated at noon of its local day."""
    return datetime.combine(date.fromisoformat(day) if isinstance(day, str) else day, time(12), clock.ZONE)


def project(source: dict[str, Any], *, at: datetime) -> Project:
    place = _parts(source["title"])
    made = Project(
        code=_free_code(source["id"]),
        title=source["title"],
        customer_name=source["customer"]["name"],
        customer_phone=e164(source["customer"]["phone"]),
        address=source["address"],
        community=place.get("community", ""),
        building=place.get("building", ""),
        unit=place.get("unit", ""),
        room_no=place.get("room", ""),
        house_type=source["house_type"],
        decoration_mode=source["decoration_mode"],
        new_or_old=source["new_or_old"],
        building_area_m2=Decimal(source["building_area_m2"]),
        inner_area_m2=Decimal(source["inner_area_m2"]),
        layout=source["layout"],
        style=source["style"],
        contract_no=source["contract"]["no"],
        import_id=source["id"],
        created_at=datetime.fromisoformat(source["lead"]["created_at"]),
    )
    db.session.add(made)
    db.session.flush()
    return made


def rooms(made: Project, source: list[dict[str, Any]]) -> None:
    for position, room in enumerate(source, 1):
        db.session.add(
            Room(
                project_id=made.id, position=position, code=room["code"], name=room["name"], floor=room["floor"],
                kind=room["kind"], length_mm=room["length_mm"], width_mm=room["width_mm"], height_mm=room["height_mm"],
                openings=room["openings"], waterproof_wall_height_mm=room["waterproof_wall_height_mm"],
                tile_wall_height_mm=room["tile_wall_height_mm"],
            )
        )


def lead(made: Project, source: dict[str, Any], team: dict[str, User], *, at: datetime) -> None:
    """The registration as it was: it became a deal, so it holds no claim any more (R001)."""
    told = source["lead"]
    phone = made.customer_phone
    row = Lead(
        name=made.customer_name, phone=phone, community=made.community or made.title, building=made.building,
        unit=made.unit, room=made.room_no, phone_key=phone_key(phone),
        address_key=address_key(made.community, made.building, made.unit, made.room_no),
        source=told["source"], registered_by_id=team[told["registered_by"]].id,
        registered_at=datetime.fromisoformat(told["registration"]["registered_at"]), role=Role.SALESPERSON.value,
        verdict="valid", trace=[because("R003", "先报先保：首位有效报备").as_record()],
        last_contact_at=_last_contact(told), released_at=midday(source["contract"]["signed"]), project_id=made.id,
    )
    db.session.add(row)
    db.session.flush()
    for contact in told["follow_ups"]:
        db.session.add(
            LeadContact(
                lead_id=row.id, by_id=team[contact["by"]].id, at=midday(contact["at"]),
                way=_WAYS.get(contact["way"], "call"), summary=f"{contact['way']}：{contact['result']}",
                next_step=contact["result"],
            )
        )


def _last_contact(told: dict[str, Any]) -> datetime:
    days = [midday(contact["at"]) for contact in told["follow_ups"]]
    return max([datetime.fromisoformat(told["registration"]["registered_at"]), *days])


def _parts(title: str) -> dict[str, str]:
    """Community, building, unit and room out of a title such as 云栖样板苑 3栋2单元1201; a villa has two of them."""
    found = _FLAT.match(title) or _HOUSE.match(title)
    return found.groupdict() if found else {"community": title}


def _free_code(wanted: str) -> str:
    taken = db.session.scalar(select(Project.id).where(Project.code == wanted))
    return f"{wanted[:36]}-{taken}" if taken else wanted
