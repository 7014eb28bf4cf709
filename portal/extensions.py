"""Bare objects, so that nobody has to import the application."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from flask import current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, Numeric, String, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, registry
from werkzeug.local import LocalProxy

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator):
    """Aware UTC moments; a naive one is refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone")
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator):
    """Decimals kept exactly on every database; SQLite has no decimal type, so they are text there."""

    impl = Numeric(18, 4)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(String(24) if dialect.name == "sqlite" else Numeric(18, 4))

    def process_bind_param(self, value: Decimal | None, dialect):
        if value is None or dialect.name != "sqlite":
            return value
        return format(Decimal(value), "f")

    def process_result_value(self, value, dialect):
        return None if value is None else _trimmed(value)


@lru_cache(4096)
def _trimmed(stored: str | Decimal) -> Decimal:
    """At least two decimals, no meaningless zeros behind them: 4.5000 → 4.50, 0.1250 → 0.125."""
    value = Decimal(stored)
    shortest = value.normalize()
    return value.quantize(Decimal("0.01")) if shortest.as_tuple().exponent > -2 else shortest


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: Moment(),
            Decimal: Exact(),
            UUID: Uuid(),
            dict: JSON(),
            list: JSON(),
            int: Integer().with_variant(BigInteger(), "postgresql"),
            str: Text(),
        },
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login = LoginManager()
babel = Babel()
csrf = CSRFProtect()
htmx = Htmx()

# What belongs to the running application, for floors that know no framework.
storage = LocalProxy(lambda: current_app.extensions["storage"])
settings = LocalProxy(lambda: current_app.config["SETTINGS"])
