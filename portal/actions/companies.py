"""The company's own entry: its name stands on every page and document."""

from __future__ import annotations

from datetime import datetime

from portal import audit
from portal import company as known
from portal.documents import authority
from portal.extensions import db, settings
from portal.models import Company


def describe(*, name: str, city: str, phone: str, at: datetime) -> Company:
    """Name the company, or change how it is named; its certificate authority is made the first time."""
    row = db.session.get(Company, 1)
    if row is None:
        row = Company(id=1, name=name, city=city, phone=phone)
        db.session.add(row)
    row.name, row.city, row.phone = name, city, phone
    db.session.flush()
    authority.create(settings.keys_dir, settings.secret_key, company=name, at=at)
    audit.record("company.described", row, at=at, name=name, city=city)
    known.forget()
    return row
