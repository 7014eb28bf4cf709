"""How connections behave: SQLite in WAL, writers in a queue, readers never behind them."""

from __future__ import annotations

import time

from flask import Flask, g, has_app_context, has_request_context, request
from sqlalchemy import Engine, event

from portal.extensions import db

_CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "SAVEPOINT")

def init_app(app: Flask, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    options = {"pool_pre_ping": True}
    if database_url.startswith("sqlite"):
        options = {"connect_args": {"timeout": 10, "check_same_thread": False}}
    options["hide_parameters"] = True  # names, numbers and hashes stay out of the logs and of the failures of jobs
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            tune(db.engine)


def tune(engine: Engine) -> None:
    """WAL, flushed at every commit, enforced foreign keys, and IMMEDIATE transactions for everything but a GET.

    Where `g.writes_late` is set (background work, which reads, thinks long, then writes) a transaction waits for its
    turn among the writers only at its first change. What it read may have changed by then, as on PostgreSQL: rows
    with a version, and the constraints, notice.
    """

    @event.listens_for(engine, "connect")
    def prepare(connection, _record):
        connection.isolation_level = None  # SQLAlchemy's "begin" event below decides how a transaction starts
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection):
        late = has_app_context() and g.get("writes_late", False)
        reading = has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
        connection.info.update(late=late, writing_since=None)
        connection.exec_driver_sql("BEGIN" if late or reading else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "before_cursor_execute")
    def take_the_writers_turn(connection, cursor, statement, *_):
        if connection.info.get("late") and statement.startswith(_CHANGES):
            cursor.execute("COMMIT")
            cursor.execute("BEGIN IMMEDIATE")
            connection.info.update(late=False, writing_since=time.monotonic())
