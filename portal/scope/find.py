"""One row or all rows of a statement that a scope function made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from werkzeug.exceptions import NotFound

from portal.extensions import db

LARGEST_ID = 2**63 - 1


def find(rows: Select, ident: Any) -> Any:
    """The row of `rows` with primary key `ident`, else 404, whether it is absent or somebody else's."""
    entity = rows.column_descriptions[0]["entity"]
    key = next(iter(entity.__table__.primary_key))
    if isinstance(ident, int) and not 0 < ident <= LARGEST_ID:
        raise NotFound
    found = db.session.scalars(rows.where(key == ident)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def every(rows: Select) -> list:
    """All rows of a statement that went through the scope."""
    return list(db.session.scalars(rows).unique())
