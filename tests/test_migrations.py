"""From empty to the models, by the numbered changes alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal import create_app
from portal.extensions import db


@pytest.fixture
def empty_app(settings, tmp_path):
    """An application on an empty database of the same kind as the other tests use."""
    if settings.database_url.startswith("sqlite"):
        yield create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
        return
    from tests.postgres import fresh_database

    with fresh_database() as url:
        app = create_app(replace(settings, database_url=url.replace("postgresql://", "postgresql+psycopg://")))
        yield app
        with app.app_context():
            db.engine.dispose()


def test_migrations_from_empty_equal_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_every_change_can_be_taken_back(empty_app):
    with empty_app.app_context():
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
