"""The whole URL map, walked by the wrong people: none of them gets a page of somebody else's home.

A new route is walked without anybody adding it; a placeholder that the world does not know makes this fail.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.extensions import db as database
from portal.rules.access import Role
from tests import factories, world

# Endpoints that hold nothing of a household.
BODY_SAFE = ("static", "health.ready")  # readiness says 503 where no worker runs, as here
NEVER = {"GET": (302, 303, 404), "POST": (303, 404)}


@pytest.fixture
def home(db):
    return world.build()


def addresses(app, home, method: str):
    """(endpoint, address) of every route with a placeholder, filled with the world's ids."""
    with app.test_request_context():
        from flask import url_for

        for rule in sorted(app.url_map.iter_rules(), key=str):
            if method in rule.methods and rule.endpoint not in BODY_SAFE:
                values = {name: home.ids[name] for name in rule.arguments}
                yield rule, url_for(rule.endpoint, **values)


def _strangers(db):
    other_home = factories.make_project()
    people = {
        "another homeowner": factories.make_homeowner(other_home),
        "another designer": factories.make_user(Role.DESIGNER),
        "another salesperson": factories.make_user(Role.SALESPERSON),
        "a disabled manager": factories.make_user(Role.GENERAL_MANAGER, disabled_at=factories.clock.now()),
    }
    db.session.commit()
    return people


@pytest.mark.parametrize("who", ["nobody", "another homeowner", "another designer", "another salesperson", "a disabled manager"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_wrong_person_finds_nothing_of_the_household(app, db, browser, home, who, method):
    person = _strangers(db).get(who)
    client = browser.as_(person).client
    wrong = []
    for rule, address in addresses(app, home, method):
        response = client.open(address, method=method, data={} if method == "POST" else None)
        text = response.get_data().decode("utf-8", "replace")
        seen = [mark for mark in world.MARKS if mark in text]
        if seen:
            wrong.append(f"{method} {address} shows {seen}")
        household = {"project_id", "lead_id", "visit_id", "drawing_id", "revision_id", "order_id", "complaint_id", "document_id", "photo_id",
                     "page_id", "remark_id", "upload_id"}
        if rule.arguments & household and response.status_code not in NEVER[method]:
            wrong.append(f"{method} {address} answers {response.status_code}")
        if response.status_code >= 500:
            wrong.append(f"{method} {address} breaks: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_reading_changes_nothing(app, db, browser, home):
    """Every GET by everybody who may: not a row differs afterwards."""
    manager = factories.make_user(Role.GENERAL_MANAGER, Role.ADMINISTRATOR, Role.ESTIMATOR, Role.CUSTOMER_SERVICE, Role.ACCOUNT_MANAGER, Role.DESIGNER)
    db.session.commit()
    for person in (home.owner, manager, *home.team.values()):
        signed_in = browser.as_(person)
        before = _everything()
        for _rule, address in addresses(app, home, "GET"):
            response = signed_in.client.get(address)
            assert response.status_code < 500, f"{address} breaks for {person.name}"
            after = _everything()
            assert after == before, f"GET {address} changed {[name for name in after if after[name] != before[name]]}"


def test_the_owner_and_her_team_do_find_it(app, db, browser, home):
    """The walk above would prove nothing if the pages were empty for everybody."""
    shown = set()
    for person in (home.owner, *home.team.values()):
        client = browser.as_(person).client
        for _rule, address in addresses(app, home, "GET"):
            text = client.get(address).get_data().decode("utf-8", "replace")
            shown |= {mark for mark in world.MARKS if mark in text}
    assert shown >= {"MARK-HOMEOWNER", "MARK-TITLE", "MARK-COMPLAINT", "MARK-REMARK", "MARK-NOTE", "MARK-PURPOSE"}


def _everything() -> dict[str, list]:
    """All rows of all tables."""
    with database.engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in database.metadata.sorted_tables}
