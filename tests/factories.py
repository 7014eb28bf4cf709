"""make_lead(), make_project() …: rows with honest defaults. Plain functions; each adds and flushes, none commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import uuid4

from portal import clock
from portal.extensions import db
from portal.models import (
    Assignment,
    Blob,
    Drawing,
    DrawingRevision,
    Estimate,
    EstimateLine,
    EstimateRevision,
    Lead,
    LineSplit,
    Membership,
    Order,
    OrderStage,
    Project,
    RoleGrant,
    Room,
    User,
    Visit,
)
from portal.rules import money
from portal.rules.access import Role

PASSWORD = "correct horse battery"
_next = count(1)


def make_user(*roles: Role | str, name: str = "", phone: str = "", staff_no: str | None = None, **facts) -> User:
    """A person with these roles; no password until one is set."""
    n = next(_next)
    user = User(
        name=name or f"人员{n}", phone=phone or f"+86199{n:08d}", staff_no=staff_no, created_at=clock.now(), **facts
    )
    user.grants = [RoleGrant(role=Role(role).value, granted_at=clock.now()) for role in roles]
    return _kept(user)


def make_homeowner(project: Project | None = None, *, right: str = "sign", relation: str = "owner", **facts) -> User:
    """A homeowner, with a place in the household of `project` when one is given."""
    user = make_user(Role.HOMEOWNER, **facts)
    if project is not None:
        _kept(Membership(project_id=project.id, user_id=user.id, relation=relation, right=right, joined_at=clock.now()))
    return user


def make_project(**facts) -> Project:
    n = next(_next)
    defaults = dict(
        code=f"P{n:05d}", title=f"云栖样板苑 3栋2单元{n}", customer_name="林知秋", customer_phone=f"+86198{n:08d}",
        address=f"样板市云栖样板苑3栋2单元{n}", community="云栖样板苑", building="3", unit="2", room_no=str(n),
        building_area_m2=Decimal("98.00"), created_at=clock.now(),
    )
    return _kept(Project(**(defaults | facts)))


def assign(project: Project, user: User, role: Role | str) -> Assignment:
    return _kept(Assignment(project_id=project.id, user_id=user.id, role=Role(role).value, assigned_at=clock.now()))


def make_room(project: Project, **facts) -> Room:
    defaults = dict(position=1, code=f"R{next(_next)}", name="客厅", length_mm=5000, width_mm=4000, height_mm=2800, openings=[])
    return _kept(Room(project_id=project.id, **(defaults | facts)))


def make_lead(by: User, **facts) -> Lead:
    """A valid, protected registration."""
    n = next(_next)
    phone, address = f"138{n:08d}", f"云杉里|3|2|{n}"
    defaults = dict(
        name="王女士", phone=f"+86{phone}", community="云杉里", building="3", unit="2", room=str(n), phone_key=phone,
        address_key=address, phone_claim=phone, address_claim=address, registered_by_id=by.id, registered_at=clock.now(),
        role=Role.SALESPERSON.value, verdict="valid", trace=[], last_contact_at=clock.now(), next_step="约量房",
        next_on=clock.today(),
    )
    return _kept(Lead(**(defaults | facts)))


def make_visit(project: Project, person: User | None = None, *, starts_at: datetime | None = None, **facts) -> Visit:
    starts_at = starts_at or clock.now() + timedelta(days=1)
    defaults = dict(
        kind="measurement", purpose="上门量房", ends_at=starts_at + timedelta(hours=1), booked_at=clock.now(),
        person_id=person.id if person else None, person_name=person.name if person else "待定", person_role="designer",
    )
    return _kept(Visit(project_id=project.id, starts_at=starts_at, **(defaults | facts)))


def make_blob(content: bytes = b"", media_type: str = "application/pdf") -> Blob:
    """A stored content: really in the storage of the running application."""
    import io

    from flask import current_app

    content = content or uuid4().bytes
    stored = current_app.extensions["storage"].put(io.BytesIO(content), limit_bytes=1 << 30)
    return db.session.get(Blob, stored.sha256) or _kept(
        Blob(sha256=stored.sha256, size_bytes=stored.size, media_type=media_type, stored_at=clock.now())
    )


def make_drawing(project: Project, by: User, *, shown: bool = True, **facts) -> Drawing:
    n = next(_next)
    defaults = dict(sheet_no=f"P-{n:02d}", title="平面布置图", scale="1:60", next_number=1, created_at=clock.now())
    drawing = _kept(Drawing(project_id=project.id, **(defaults | facts)))
    _kept(
        DrawingRevision(
            drawing_id=drawing.id, number=0, file_sha256=make_blob().sha256, file_name=f"{drawing.sheet_no}.pdf",
            file_kind="pdf", uploaded_by_id=by.id, uploaded_at=clock.now(), shown_at=clock.now() if shown else None,
            preview="none",
        )
    )
    return drawing


def make_estimate(project: Project, by: User, *, lines: int = 3, presented: bool = False, **facts) -> EstimateRevision:
    """Revision 1 with `lines` lines of ¥100.00 × 2.00 each and totals that are right."""
    estimate = db.session.query(Estimate).filter_by(project_id=project.id).one_or_none()
    estimate = estimate or _kept(Estimate(project_id=project.id, next_number=1))
    direct = lines * 20000
    management = money.share_bp(direct, 800)
    tax = money.share_bp(direct + management, 300)
    now = clock.now()
    defaults = dict(
        number=estimate.next_number, kind="estimate", label=f"E{estimate.next_number}", management_rate_bp=800, tax_rate_bp=300,
        direct_fen=direct, management_fen=management, taxable_fen=direct + management, tax_fen=tax,
        total_fen=direct + management + tax, prepared_by_id=by.id, prepared_at=now, valid_until=clock.today() + timedelta(days=15),
        presented_at=now if presented else None, presented_by_id=by.id if presented else None,
    )
    revision = _kept(EstimateRevision(estimate_id=estimate.id, **(defaults | facts)))
    estimate.next_number += 1
    for no in range(1, lines + 1):
        make_line(revision, no)
    return revision


def make_line(revision: EstimateRevision, no: int, **facts) -> EstimateLine:
    """Line `no` of a revision, ¥100.00 × 2.00, with its split sheet."""
    defaults = dict(
        line_key=uuid4(), no=no, space="客厅", group_code="NW", group_name="泥瓦", code=f"NW-{no:03d}", name=f"地砖铺贴{no}", unit="㎡",
        quantity=Decimal("2.00"), unit_price_fen=10000, amount_fen=20000, terms=[],
    )
    line = _kept(EstimateLine(revision_id=revision.id, **(defaults | facts)))
    _kept(LineSplit(line_id=line.id, main_fen=0, aux_fen=4000, labor_fen=5770, loss_fen=230))
    return line


def make_order(project: Project, revision: EstimateRevision, **facts) -> Order:
    n = next(_next)
    order = _kept(
        Order(**(dict(number=f"D{n:06d}", project_id=project.id, revision_id=revision.id, total_fen=revision.total_fen,
                      made_at=clock.now(), start_on=date(2026, 11, 25), stage_code="S01") | facts))
    )
    for position, (code, name) in enumerate([("S01", "开工交底与成品保护"), ("S02", "拆改"), ("S03", "砌墙抹灰")], 1):
        day = date(2026, 11, 24 + position)
        _kept(OrderStage(order_id=order.id, position=position, code=code, name=name, duration_wd=1, plan_start=day,
                         plan_end=day, forecast_start=day, forecast_end=day))
    return order


def _kept(row):
    db.session.add(row)
    db.session.flush()
    return row
