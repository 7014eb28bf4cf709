"""Holding a row against everybody else until the commit: the order in which people come is the order of their acts."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select

from portal.extensions import db

R = TypeVar("R")


def hold(row: R) -> R:
    """`row` as it is now; whoever wants it waits. On SQLite a writing request waits for the whole database anyway."""
    entity = type(row)
    held = select(entity).where(entity.id == row.id).with_for_update().execution_options(populate_existing=True)
    db.session.scalars(held).one()
    return row
