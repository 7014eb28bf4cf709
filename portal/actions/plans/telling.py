"""Who hears of drawings: the household of what it is shown, the designers of what it says."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import or_, select

from portal import notify
from portal.actions.projects import DESIGN_ROLES
from portal.extensions import db
from portal.models import Assignment, Membership, User

Words = Callable[[], str]


def household(project_id: int, kind: str, subject: Words, body: Words, *, link: str, but: User | None = None) -> None:
    """Every member, each in her own language."""
    rows = select(User).join(Membership, Membership.user_id == User.id)
    rows = rows.where(Membership.project_id == project_id, Membership.ended_at.is_(None))
    _tell(db.session.scalars(rows), kind, subject, body, link, project_id, but)


def designers(project_id: int, uploaded_by_id: int, kind: str, subject: Words, body: Words, *, link: str, but: User | None = None) -> None:
    """The project's designers, and whoever sent the drawing as long as he may see the home."""
    designing = Assignment.role.in_([role.value for role in DESIGN_ROLES])
    rows = select(Assignment.user_id).where(
        Assignment.project_id == project_id, Assignment.ended_at.is_(None), or_(designing, Assignment.user_id == uploaded_by_id)
    )
    idents = {uploaded_by_id} if db.session.get(User, uploaded_by_id).can("project.see_all") else set()
    people = db.session.scalars(select(User).where(User.id.in_(idents | set(db.session.scalars(rows)))).order_by(User.id))
    _tell(people, kind, subject, body, link, project_id, but)


def beginning(words: str) -> str:
    """Enough of somebody's words for a message."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"


def _tell(people, kind: str, subject: Words, body: Words, link: str, project_id: int, but: User | None) -> None:
    for person in list(people):
        if but is None or person.id != but.id:
            notify.tell(person, kind, subject=subject, body=body, link=link, project_id=project_id)
