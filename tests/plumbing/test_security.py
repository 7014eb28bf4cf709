"""What a stranger may send."""

from __future__ import annotations

import io

import pytest

from tests import factories

TOO_MUCH_FOR_A_FORM = b"x" * (5 * 1024 * 1024)


@pytest.fixture
def homeowner(db):
    user = factories.make_homeowner(factories.make_project())
    db.session.commit()
    return user


def test_only_those_who_signed_in_may_send_much(browser, app, homeowner, monkeypatch):
    def send(one):
        return one.post("customer.complaints.create", {"photos": (io.BytesIO(TOO_MUCH_FOR_A_FORM), "a.jpg")}).status

    assert send(browser.as_(homeowner)) == 422  # it was read, and is no photo
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # the token is looked for in the body, before the gate
    assert send(browser.as_(None)) == 413
