"""My account: data, devices, password."""

from __future__ import annotations

import pytest

from portal import passwords
from portal.models import UserSession
from portal.rules.access import Role
from tests import factories
from tests.factories import PASSWORD

NEW = "purple staple lantern"


@pytest.fixture
def lin(db):
    user = factories.make_user(
        Role.SALESPERSON, name="林一", phone="+8613800138000", password_hash=passwords.hashed(PASSWORD)
    )
    db.session.commit()
    return user


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"


def enter(browser, user, agent):
    fresh = browser.as_(None)
    fresh.client.environ_base["HTTP_USER_AGENT"] = agent
    assert fresh.post("account.enter", {"identifier": user.phone, "password": PASSWORD}).status == 303
    return fresh


def test_devices_are_listed_in_words_and_this_one_is_marked(browser, lin):
    phone = enter(browser, lin, IPHONE)
    desk = enter(browser, lin, "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0")
    rows = [" ".join(row.get_text(" ").split()) for row in desk.get("account.show").all(".device")]
    assert len(rows) == 2
    assert "Windows上的Edge" in rows[0] and "这台设备" in rows[0]
    assert "iPhone上的Safari" in rows[1] and "这台设备" not in rows[1]
    assert "这台设备" in phone.get("account.show").words


def test_one_device_is_signed_out_and_the_other_stays(browser, lin, db):
    phone, desk = enter(browser, lin, IPHONE), enter(browser, lin, "desk")
    first = db.session.query(UserSession).order_by(UserSession.id).first()
    assert desk.post("account.end_device", device_id=first.id).status == 303
    assert phone.get("account.show").status == 302
    assert desk.get("account.show").status == 200


def test_nobody_ends_the_device_of_somebody_else(browser, lin, sam, db):
    hers = enter(browser, lin, IPHONE)
    device = db.session.query(UserSession).filter_by(user_id=lin.id).one()
    browser.as_(sam).post("account.end_device", device_id=device.id)
    assert hers.get("account.show").status == 200


def test_all_other_devices_at_once(browser, lin):
    phone, tablet, desk = (enter(browser, lin, agent) for agent in (IPHONE, "iPad", "desk"))
    assert desk.post("account.end_other_devices").status == 303
    assert (phone.get("account.show").status, tablet.get("account.show").status) == (302, 302)
    assert desk.get("account.show").status == 200


def test_a_changed_password_signs_out_the_others_and_keeps_this_one(browser, lin):
    phone, desk = enter(browser, lin, IPHONE), enter(browser, lin, "desk")
    assert desk.post("account.change_password", {"current": PASSWORD, "new": NEW}).status == 303
    assert phone.get("account.show").status == 302
    assert "密码已修改" in desk.get("account.show").words
    assert browser.post("account.enter", {"identifier": lin.phone, "password": PASSWORD}).status == 422
    assert browser.post("account.enter", {"identifier": lin.phone, "password": NEW}).status == 303


def test_the_old_password_is_asked_for_and_guessing_it_is_throttled(browser, lin):
    desk = enter(browser, lin, "desk")
    statuses = [desk.post("account.change_password", {"current": "guess guess", "new": NEW}).status for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert desk.post("account.change_password", {"current": "guess guess", "new": "12345678"}).status == 422


def test_a_stranger_is_sent_to_sign_in(browser, db):
    for answer in (
        browser.get("account.show"),
        browser.post("account.change_password", {}),
        browser.post("account.end_other_devices"),
    ):
        assert answer.status in (302, 303) and answer.location.startswith("/login")


def test_a_homeowner_sees_her_own_room_around_the_account(browser, db):
    home = factories.make_project()
    owner = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    for language, word in (("zh", "我的账户"), ("en", "My account")):
        page = browser.as_(owner, language=language).get("account.show")
        assert page.status == 200 and word in page.words and "frame-customer" in page.one("html")["class"]


def test_a_disabled_account_is_out_at_once(browser, lin, db):
    desk = enter(browser, lin, "desk")
    from portal import clock

    lin.disabled_at = clock.now()
    db.session.commit()
    assert desk.get("account.show").status == 302
