"""Grows the demo company to many projects: rows of the same shape as the real ones, written in bulk."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, insert, select

from portal import clock
from portal.extensions import db
from portal.models import (
    Assignment,
    Complaint,
    ComplaintEvent,
    Drawing,
    DrawingRevision,
    Estimate,
    EstimateLine,
    EstimateRevision,
    Lead,
    LeadContact,
    Membership,
    Order,
    OrderStage,
    Project,
    RoleGrant,
    User,
    Visit,
)

FIRST = 100_000  # ids of grown rows start here, far from the demo's own
LINES, STAGES, VISITS, DRAWINGS, COMPLAINTS = 30, 20, 12, 6, 2
CHUNK = 500


def grow(projects: int) -> None:
    """Add homes until there are `projects` of them. Each has a household, a lead, two revisions, an order …"""
    there = db.session.scalar(select(func.count()).select_from(Project))
    staff = db.session.scalars(select(User.id).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role != "homeowner")).all()
    blob = db.session.scalar(select(DrawingRevision.file_sha256).limit(1))
    for start in range(there, projects, CHUNK):
        numbers = range(FIRST + start, FIRST + min(start + CHUNK, projects))
        for model, rows in _rows(numbers, staff, blob):
            if rows:
                db.session.execute(insert(model), rows)
        db.session.commit()
        print(f"\r{min(start + CHUNK, projects)} projects", end="", file=sys.stderr)
    print(file=sys.stderr)


def _rows(numbers, staff, blob):
    now = clock.now()
    day = timedelta(days=1)
    yield User, [dict(id=n, name=f"业主{n}", phone=f"+86170{n:08d}", language="zh", created_at=now, version=1) for n in numbers]
    yield RoleGrant, [dict(user_id=n, role="homeowner", granted_at=now) for n in numbers]
    yield Project, [
        dict(id=n, code=f"G{n}", title=f"云杉里 {n % 40}栋1单元{n}", customer_name=f"业主{n}", customer_phone=f"+86170{n:08d}",
             address=f"样板市云杉里{n % 40}栋1单元{n}", community="云杉里", building=str(n % 40), unit="1", room_no=str(n),
             building_area_m2=Decimal("98.00"), created_at=now - (n % 700) * day, version=1)
        for n in numbers
    ]
    yield Membership, [dict(project_id=n, user_id=n, relation="owner", right="sign", joined_at=now) for n in numbers]
    roles = ("salesperson", "account_manager", "designer", "estimator", "project_manager")
    yield Assignment, [
        dict(project_id=n, user_id=staff[(n + i) % len(staff)], role=role, assigned_at=now) for n in numbers for i, role in enumerate(roles)
    ]
    yield Lead, [
        dict(id=n, name=f"业主{n}", phone=f"+86170{n:08d}", community="云杉里", building=str(n % 40), unit="1", room=str(n),
             phone_key=f"170{n:08d}", address_key=f"云杉里|{n % 40}|1|{n}", registered_by_id=staff[n % len(staff)], registered_at=now,
             role="salesperson", verdict="valid", trace=[], last_contact_at=now, next_step="回访", next_on=clock.today(),
             project_id=n, released_at=now, version=1)
        for n in numbers
    ]
    yield LeadContact, [
        dict(lead_id=n, by_id=staff[n % len(staff)], at=now, way="call", summary="电话沟通", next_step="约量房", next_on=clock.today())
        for n in numbers for _ in range(3)
    ]
    yield Visit, [
        dict(project_id=n, kind="weekly", purpose="每周巡检", starts_at=now + (i - VISITS // 2) * day, ends_at=now + (i - VISITS // 2) * day,
             person_id=staff[n % len(staff)], person_name="程大山", person_role="designer", booked_at=now, version=1,
             done_at=now if i < VISITS // 2 else None)
        for n in numbers for i in range(VISITS)
    ]
    yield from _priced(numbers, staff, now)
    yield from _built(numbers, staff, now)
    if blob:
        yield Drawing, [
            dict(id=n * 10 + i, project_id=n, sheet_no=f"P-{i:02d}", title="平面布置图", scale="1:60", next_number=1, created_at=now, version=1)
            for n in numbers for i in range(DRAWINGS)
        ]
        yield DrawingRevision, [
            dict(drawing_id=n * 10 + i, number=0, file_sha256=blob, file_name="a.pdf", file_kind="pdf", uploaded_by_id=staff[0],
                 uploaded_at=now, shown_at=now, preview="none")
            for n in numbers for i in range(DRAWINGS)
        ]


def _priced(numbers, staff, now):
    yield Estimate, [dict(id=n, project_id=n, next_number=3, version=1) for n in numbers]
    yield EstimateRevision, [
        dict(id=n * 2 + i, estimate_id=n, number=i + 1, kind=("estimate", "budget")[i], label=f"{'EB'[i]}1", management_rate_bp=800,
             tax_rate_bp=300, direct_fen=LINES * 20000, management_fen=LINES * 1600, taxable_fen=LINES * 21600, tax_fen=LINES * 648,
             total_fen=LINES * 22248, prepared_by_id=staff[0], prepared_at=now, presented_at=now, presented_by_id=staff[0], version=1)
        for n in numbers for i in range(2)
    ]
    yield EstimateLine, [
        dict(revision_id=n * 2 + i, line_key=UUID(int=n * 1000 + no), no=no, space=("客厅", "主卧", "厨房")[no % 3], group_code="NW",
             group_name="泥瓦", code=f"NW-{no:03d}", name="地砖铺贴（600×600）", unit="㎡", quantity=Decimal("2.00"), unit_price_fen=10000,
             amount_fen=20000, terms=[])
        for n in numbers for i in range(2) for no in range(1, LINES + 1)
    ]


def _built(numbers, staff, now):
    today = clock.today()
    yield Order, [
        dict(id=n, number=f"G{n}", project_id=n, revision_id=n * 2 + 1, total_fen=LINES * 22248, made_at=now, start_on=today,
             stage_code="S04", expected_on=today, version=1)
        for n in numbers
    ]
    yield OrderStage, [
        dict(order_id=n, position=i, code=f"S{i:02d}", name="水电施工", duration_wd=3, plan_start=today + timedelta(days=3 * i),
             plan_end=today + timedelta(days=3 * i + 2), forecast_start=today + timedelta(days=3 * i),
             forecast_end=today + timedelta(days=3 * i + 2), actual_start=today if i < 5 else None, actual_end=today if i < 4 else None, version=1)
        for n in numbers for i in range(1, STAGES + 1)
    ]
    yield Complaint, [
        dict(id=n * 10 + i, number=f"G{n}-{i}", project_id=n, category="质量", severity="L2", title="墙砖空鼓", description="卫生间墙砖空鼓",
             filed_by_id=n, filed_at=now, assignee_id=staff[n % len(staff)], first_reply_due_at=now, plan_due_at=now, done_due_at=now,
             due_at=None if i else now + timedelta(minutes=n % 5000), closed_at=now if i else None, version=1)
        for n in numbers for i in range(COMPLAINTS)
    ]
    yield ComplaintEvent, [
        dict(complaint_id=n * 10 + i, act="filed", body="卫生间墙砖空鼓", by_id=n, by_name=f"业主{n}", at=now) for n in numbers for i in range(COMPLAINTS)
    ]
