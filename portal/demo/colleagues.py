"""The office: the teams of the sample projects, and the few people they do not name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.actions import people
from portal.extensions import db
from portal.models import User
from portal.rules.access import Role

# Whom the samples do not name. Numbers of the 199 0000 range belong to nobody.
ADDED = (
    ("管理员小安", "+8619900000120", "A001", (Role.ADMINISTRATOR,)),
    ("周值守", "+8619900000121", "A002", (Role.CUSTOMER_SERVICE,)),
    ("韩总", "+8619900000122", "A003", (Role.GENERAL_MANAGER,)),
    ("邱店长", "+8619900000123", "A004", (Role.STORE_MANAGER, Role.STORE_SUPERVISOR)),
    ("方小勤", "+8619900000124", "A005", (Role.SALESPERSON,)),
)


def complete(*, at: datetime) -> dict[str, User]:
    """Name → person for everybody in the office; each gets a staff number to sign in with."""
    for name, phone, number, roles in ADDED:
        people.create(name=name, phone=phone, staff_no=number, email=None, roles=[role.value for role in roles], by=None, at=at)
    staff = [user for user in db.session.scalars(select(User).order_by(User.phone)) if user.is_staff]
    for place, user in enumerate(staff, 1):
        user.staff_no = user.staff_no or f"S{place:03d}"
    db.session.flush()
    return {user.name: user for user in staff}
