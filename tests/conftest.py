"""The application on a real database, a browser, the people."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from portal import clock, company, config, create_app
from portal.extensions import db as database
from portal.models import Company
from portal.rules.access import Role
from tests import factories
from tests.client import Browser

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday, 12:00 in Shanghai


@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    """SQLite in a file, or with TEST_DATABASE=postgres a database of the private cluster."""
    if os.environ.get("TEST_DATABASE") == "postgres":
        from tests.postgres import fresh_database

        with fresh_database() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'portal.db'}"


@pytest.fixture(scope="session")
def settings(tmp_path_factory, database_url):
    home = tmp_path_factory.mktemp("home")
    made = config.from_environment({"PORTAL_HOME": str(home), "SECRET_KEY": "test " * 10})
    return replace(made, database_url=made.database_url if database_url is None else _driver(database_url))


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def whole_app(settings):
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, CHEAP_PASSWORDS=True)
    with app.app_context():
        database.create_all()
    yield app
    with app.app_context():
        database.session.remove()
        database.drop_all()
        database.engine.dispose()


@pytest.fixture
def app(whole_app):
    """The application with empty tables. Its context is closed while requests run, so that nobody stays signed in."""
    yield whole_app
    with whole_app.app_context():
        database.session.remove()
        _empty_tables()
    company.forget()
    clock.stand_still(None)


def _empty_tables() -> None:
    tables = [table.name for table in database.metadata.sorted_tables]
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            return
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in reversed(tables):
            connection.exec_driver_sql(f'DELETE FROM "{name}"')


@pytest.fixture
def db(app):
    """A session for arranging and looking at rows: open outside of requests only. Commit before you browse."""
    with app.app_context():
        database.session.add(Company(id=1, name="示例装饰工程有限公司", city="样板市"))
        database.session.commit()
        yield database
        database.session.rollback()


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app)


@pytest.fixture
def at_noon():
    """The clock stands at Tuesday 2026-11-24 12:00 in Shanghai."""
    clock.stand_still(NOON)
    yield NOON
    clock.stand_still(None)


def _person(*roles: Role, name: str, **facts):
    @pytest.fixture
    def person(db):
        user = factories.make_user(*roles, name=name, **facts)
        db.session.commit()
        return user

    return person


sally = _person(Role.SALESPERSON, name="莎莉", staff_no="S001")
sam = _person(Role.SALESPERSON, name="山姆", staff_no="S002")
dora = _person(Role.DESIGNER, name="朵拉", staff_no="S003")
esther = _person(Role.ESTIMATOR, name="以斯帖", staff_no="S004")
marcus = _person(Role.PROJECT_MANAGER, name="马库斯", staff_no="S005")
ada = _person(Role.ADMINISTRATOR, name="艾达", staff_no="S006")
grace = _person(Role.ACCOUNT_MANAGER, name="格蕾丝", staff_no="S007")
carla = _person(Role.CUSTOMER_SERVICE, name="卡拉", staff_no="S008")


def pytest_collection_modifyitems(config, items):
    """The browser comes last: its driver keeps an event loop running in this thread, which nobody else can work beside.

    On PostgreSQL only what touches a database runs: everything else has just been proved on SQLite.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if os.environ.get("TEST_DATABASE") != "postgres":
        return
    untouched = [item for item in items if "database_url" not in item.fixturenames]
    config.hook.pytest_deselected(items=untouched)
    items[:] = [item for item in items if "database_url" in item.fixturenames]
