"""A home between plan and signature: the one to click through."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal import clock
from portal.actions import household, leads, projects, visits
from portal.actions.estimates import drafting, lines, presenting, reading
from portal.actions.leads import Customer
from portal.extensions import db
from portal.models import EstimateLine, Membership, Project, Room, User
from portal.queries import estimates as book
from portal.rules.access import Role

OWNER, SPOUSE = ("叶安然", "+8619900000201"), ("江小满", "+8619900000202")
TEAM = (
    ("莫跑单", Role.SALESPERSON), ("苏小柠", Role.ACCOUNT_MANAGER), ("陆一帆", Role.DESIGNER), ("何清点", Role.ESTIMATOR),
    ("程大山", Role.PROJECT_MANAGER),
)
ROOMS = (
    ("LIV", "客餐厅", "dry", 6200, 4100), ("BED1", "主卧", "dry", 4200, 3500), ("BED2", "次卧", "dry", 3400, 3000),
    ("KIT", "厨房", "wet", 3100, 2000), ("BATH", "卫生间", "wet", 2600, 1900), ("BAL", "阳台", "balcony", 3500, 1500),
)
# code, room, quantity: the first estimate
LINES = (
    ("CC-001", "客餐厅", "6.40"), ("SD-001", "全屋", "96.00"), ("SD-012", "厨房", "14.50"), ("SD-012", "卫生间", "18.00"),
    ("SD-008", "全屋", "46.00"), ("FS-002", "卫生间", "16.20"), ("FS-003", "厨房", "6.20"), ("NW-008", "客餐厅", "25.42"),
    ("NW-011", "客餐厅", "25.42"), ("NW-013", "卫生间", "19.80"), ("NW-013", "厨房", "22.30"), ("NW-018", "全屋", "4.20"),
    ("MZ-001", "客餐厅", "12.00"), ("MZ-004", "主卧", "15.40"), ("YQ-001", "客餐厅", "62.50"), ("YQ-001", "主卧", "48.30"),
    ("YQ-001", "次卧", "38.10"),
)


def build(office: dict[str, User], *, at: datetime) -> Project:
    """Lead, measurement, plans, a first estimate she has seen, and a second one that waits for her signature."""
    seller, manager = office["莫跑单"], office["苏小柠"]
    first = at - timedelta(days=18)
    customer = Customer(*OWNER, "云栖样板苑", "5", "1", "802")
    lead, _ruling = leads.register(by=seller, at=first, customer=customer, next_step="上门量房",
                                   next_on=clock.local(first).date() + timedelta(days=1), source="小区驻点")
    home = projects.open_from(lead, by=manager, at=first + timedelta(hours=2))
    home.title, home.layout, home.style = "云栖样板苑 5栋1单元802", "2室2厅1厨1卫1阳台", "原木奶油"
    home.building_area_m2, home.inner_area_m2 = Decimal("86.00"), Decimal("68.94")
    for name, role in TEAM:
        projects.assign(project=home, user=office[name], role=role.value, by=manager, at=first)
    _family(home, manager, at=first)
    _rooms(home)
    _visits(home, office, at=at)
    _estimates(home, office["何清点"], at=at)
    return home


def _family(home: Project, by: User, *, at: datetime) -> None:
    for (name, phone), relation, right in ((OWNER, "owner", "sign"), (SPOUSE, "spouse", "view")):
        user = User(name=name, phone=phone, created_at=at)
        db.session.add(user)
        db.session.flush()
        household.grant(user, Role.HOMEOWNER, by=by, at=at)
        db.session.add(Membership(project_id=home.id, user_id=user.id, relation=relation, right=right, joined_at=at))
    db.session.flush()


def _rooms(home: Project) -> None:
    for position, (code, name, kind, length, width) in enumerate(ROOMS, 1):
        db.session.add(
            Room(
                project_id=home.id, position=position, code=code, name=name, floor="8F", kind=kind, length_mm=length, width_mm=width,
                height_mm=2750, openings=[{"type": "门", "w_mm": 800, "h_mm": 2100, "note": "过道"}],
                waterproof_wall_height_mm=1800 if name == "卫生间" else None, tile_wall_height_mm=2400 if kind == "wet" else None,
            )
        )
    db.session.flush()


def _visits(home: Project, office: dict[str, User], *, at: datetime) -> None:
    """The measurement is done, the next two meetings are booked."""
    designer = next(one for one in home.assignments if one.role == Role.DESIGNER.value)
    booker = office["苏小柠"]
    surveyed = datetime.combine(clock.local(at).date() - timedelta(days=15), time(10), clock.ZONE)
    visit = visits.book(project=home, by=booker, at=surveyed - timedelta(days=1), kind="measurement", purpose="免费上门量房",
                        starts_at=surveyed, ends_at=surveyed + timedelta(hours=1), assignment=designer, told=False)
    visit.arrived_at, visit.done_at, visit.result = surveyed, surveyed + timedelta(hours=1), "六个房间已量，层高2.75米，燃气管在厨房东墙"
    for days, kind, purpose, hour in ((2, "estimate_review", "当面讲解报价", 19), (6, "plan_review", "确认施工图", 10)):
        starts = datetime.combine(clock.local(at).date() + timedelta(days=days), time(hour), clock.ZONE)
        visits.book(project=home, by=booker, at=at, kind=kind, purpose=purpose, starts_at=starts, ends_at=starts + timedelta(hours=1),
                    assignment=designer, owner_presence="required")


def _estimates(home: Project, estimator: User, *, at: datetime) -> None:
    then = at - timedelta(days=7)
    draft = drafting.begin(home, kind="estimate", by=estimator, at=then)
    prices = {item.code: item for item in book.items("", priced=True)}
    for code, space, quantity in LINES:
        lines.add_line(draft, prices[code], lines.LineFacts(space, Decimal(quantity)), by=estimator, at=then)
    _present(draft, estimator, at=then, summary="第一版估算，按平面方案计算。")
    owner = db.session.scalars(select(User).where(User.phone == OWNER[1])).one()
    reading.note_view(draft, by=owner, at=then + timedelta(hours=9))
    _second(home, estimator, prices, at=at - timedelta(hours=3))


def _second(home: Project, estimator: User, prices: dict, *, at: datetime) -> None:
    """What she asked for: less ceiling, a tiled balcony, one line less."""
    draft = drafting.begin(home, kind="estimate", by=estimator, at=at)
    rows = {(line.code, line.space): line for line in db.session.scalars(select(EstimateLine).where(EstimateLine.revision_id == draft.id))}
    ceiling, painted = rows["MZ-001", "客餐厅"], rows["YQ-001", "次卧"]
    lines.change_line(ceiling, lines.LineFacts("客餐厅", Decimal("7.50"), change_reason="业主只保留沙发背景一侧吊顶"), by=estimator, at=at)
    lines.add_line(draft, prices["NW-011"], lines.LineFacts("阳台", Decimal("5.25"), change_reason="业主新增阳台铺砖"), by=estimator, at=at)
    lines.remove_line(painted, by=estimator, at=at)
    _present(draft, estimator, at=at, summary="按您的意见调整：吊顶减少，新增阳台铺砖，次卧墙面由您自理。")


def _present(draft, estimator: User, *, at: datetime, summary: str) -> None:
    drafting.set_terms(draft, management_rate_bp=800, discount_fen=0, tax_rate_bp=300, change_summary=summary,
                       valid_until=clock.local(at).date() + timedelta(days=20),
                       materials_chosen_on=clock.local(at).date() - timedelta(days=1), by=estimator, at=at)
    db.session.refresh(draft)
    found = presenting.present(draft, by=estimator, at=at)
    if not found.ready:
        raise RuntimeError([reason.in_words() for reason in found.blocking])


