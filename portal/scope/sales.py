"""What the sales side may see: a lead belongs to whoever registered it; those who lead sales see all."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal.models import Lead, User


def leads(user: User) -> Select:
    """Everybody's for those who lead sales; else only what the person registered."""
    if user.can("lead.see_all"):
        return select(Lead)
    return select(Lead).where(Lead.registered_by_id == user.id)


def own_leads(user: User) -> Select:
    return select(Lead).where(Lead.registered_by_id == user.id)


def own_lead_projects(user: User) -> Select:
    return select(Lead.project_id).where(Lead.registered_by_id == user.id, Lead.project_id.is_not(None))
