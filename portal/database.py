"""How connections behave: SQLite in WAL, writers in a queue, readers never behind them."""

from __future__ import annotations

from flask import Flask, has_request_context, request
from sqlalchemy import Engine, event

from portal.extensions import db


def init_app(app: Flask, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    options = {"pool_pre_ping": True}
    if database_url.startswith("sqlite"):
        options = {"connect_args": {"timeout": 10, "check_same_thread": False}}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            tune(db.engine)


def tune(engine: Engine) -> None:
    """WAL, enforced foreign keys, and IMMEDIATE transactions for everything but a GET (or a connection that says `reading`)."""

    @event.listens_for(engine, "connect")
    def prepare(connection, _record):
        connection.isolation_level = None  # SQLAlchemy's "begin" event below decides how a transaction starts
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection):
        reading = connection.get_execution_options().get("reading") or (
            has_request_context() and request.method in ("GET", "HEAD", "OPTIONS")
        )
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
