"""Runs the numbered changes in versions/ on whichever database the application is configured for."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

from portal import models  # noqa: F401  (every table must be known)
from portal.extensions import db

OURS = ("render_as_batch", "compare_type", "transactional_ddl")


def on_connection() -> None:
    engine = db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # a batch change drops and rebuilds a table, which would delete the rows that point at it
            _enforce_foreign_keys(connection, False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,  # SQLite's is, since our connections begin their transactions themselves
            **{name: value for name, value in current_app.extensions["migrate"].configure_args.items() if name not in OURS},
        )
        with context.begin_transaction():
            context.run_migrations()
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall() if sqlite else []
            if broken:
                raise RuntimeError(f"rows without the row they point at: {broken[:5]}")
        if sqlite:
            _enforce_foreign_keys(connection, True)


def _enforce_foreign_keys(connection, enforced: bool) -> None:
    """Past SQLAlchemy, which would begin a transaction first: inside one SQLite ignores this pragma without a word."""
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")


if context.is_offline_mode():
    raise SystemExit("migrations run on a real database only")
on_connection()
