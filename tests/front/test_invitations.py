"""Single-use links: into a household, or to a first password."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from portal import clock, passwords
from portal.actions import household, people
from portal.models import Invitation, Membership, User
from portal.rules.access import Role
from tests import factories, outbox
from tests.factories import PASSWORD

NEW = "purple staple lantern"
PHONE = "+8613800138000"


@pytest.fixture
def home(db, grace):
    project = factories.make_project(title="云栖样板苑 3栋2单元1201")
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    db.session.commit()
    return project


@pytest.fixture
def link(db, home, grace):
    """The path of a link for 林知秋, who has no account yet."""
    path = household.invite(
        project=home, name="林知秋", phone=PHONE, relation="owner", right="sign", by=grace, at=clock.now()
    )[1]
    db.session.commit()
    return path


def test_the_message_carries_the_link_and_the_row_only_its_hash(link, db, app):
    message = outbox.texts()[-1]
    assert (message.address, message.link, message.secret) == (PHONE, link, True)
    assert "林知秋" in message.body and "7天内有效" in message.body
    assert link.rpartition("/")[2] not in db.session.query(Invitation).one().token_hash


def test_she_reads_who_invites_her_to_which_home(browser, link):
    words = browser.get(link).words
    for expected in ("格蕾丝", "云栖样板苑 3栋2单元1201", "业主本人", "可以签字", "138 0013 8000"):
        assert expected in words
    assert "invites you" in browser.as_(None, language="en").get(link).words


def test_she_sets_a_password_and_is_at_home(browser, link, home, db):
    answer = browser.post(link, {"new": NEW})
    assert (answer.status, answer.location) == (303, "/customer/")
    user = db.session.query(User).filter_by(phone=PHONE).one()
    membership = db.session.query(Membership).one()
    assert (membership.project_id, membership.user_id, membership.right, membership.relation) == (
        home.id,
        user.id,
        "sign",
        "owner",
    )
    assert user.is_homeowner and not user.is_staff
    assert browser.get("customer.household.index").status == 200
    assert browser.as_(None).post("account.enter", {"identifier": PHONE, "password": NEW}).location == "/customer/"


def test_looking_at_the_link_changes_nothing(browser, link, db):
    for _ in range(2):
        browser.get(link)
    assert db.session.query(User).filter_by(phone=PHONE).count() == 0
    assert db.session.query(Invitation).one().used_at is None


def test_a_used_link_opens_nothing(browser, link, db):
    browser.post(link, {"new": NEW})
    other = browser.as_(None)
    page = other.get(link)
    assert page.status == 410 and "这个链接已经不能用了" in page.words and "林知秋" not in page.words
    assert other.post(link, {"new": "another good one"}).status == 410
    assert browser.as_(None).post("account.enter", {"identifier": PHONE, "password": "another good one"}).status == 422


def test_an_expired_link_opens_nothing(browser, link, db):
    clock.stand_still(clock.now() + timedelta(days=7, seconds=1))
    page = browser.post(link, {"new": NEW})
    assert page.status == 410 and "已过期" in page.words
    assert db.session.query(User).filter_by(phone=PHONE).count() == 0


def test_sending_again_makes_the_old_link_worthless(browser, link, home, grace, db):
    browser.as_(grace).post(
        "staff.household.resend", project_id=home.id, invitation_id=db.session.query(Invitation).one().id
    )
    fresh = outbox.last_link()
    assert fresh != link
    page = browser.get(link)
    assert page.status == 410 and "收回" in page.words
    assert browser.post(fresh, {"new": NEW}).status == 303


def test_a_made_up_link_is_not_found(browser, db):
    assert browser.get("account.invitation", token="x" * 32).status == 404
    assert browser.post("account.accept", {"new": NEW}, token="x" * 32).status == 404


def test_a_weak_password_leaves_the_link_open(browser, link):
    page = browser.post(link, {"new": "12345678"})
    assert page.status == 422 and "太常见" in page.words
    assert browser.post(link, {"new": NEW}).status == 303


def test_of_two_people_with_one_link_exactly_one_comes_in(app, link, db):
    """Both start together, on two connections; the database decides."""
    statuses, barrier = [], threading.Barrier(2)

    def go(password):
        client = app.test_client()
        barrier.wait()
        statuses.append(client.post(link, data={"new": password}).status_code)

    db.session.rollback()
    threads = [threading.Thread(target=go, args=(password,)) for password in (NEW, "another good one")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses)[0] == 303 and sorted(statuses)[1] in (409, 410), statuses
    assert db.session.query(User).filter_by(phone=PHONE).count() == 1
    assert db.session.query(Membership).count() == 1


def test_who_has_an_account_signs_in_and_joins_one_more_home(browser, link, home, db):
    user = factories.make_homeowner(phone=PHONE, name="林知秋", password_hash=passwords.hashed(PASSWORD))
    before = user.password_hash
    db.session.commit()
    page = browser.get(link)
    assert "这个手机号已有账户" in page.words and not page.all('input[type="password"]')
    assert browser.post(link, {"new": NEW}).status == 409  # a link never changes the password of an account
    assert browser.post("account.join", token=link.rpartition("/")[2]).location == link
    browser.post("account.enter", {"identifier": PHONE, "password": PASSWORD})
    assert "加入这个家" in browser.get(link).words
    assert browser.post("account.join", token=link.rpartition("/")[2]).location == "/customer/"
    db.session.refresh(user)
    assert user.password_hash == before
    assert db.session.query(Membership).filter_by(user_id=user.id, project_id=home.id, ended_at=None).count() == 1


def test_somebody_else_who_is_signed_in_cannot_take_the_place(browser, link, sam, db):
    factories.make_homeowner(phone=PHONE, password_hash=passwords.hashed(PASSWORD))
    db.session.commit()
    other = browser.as_(sam)
    assert "请先退出登录" in other.get(link).words
    assert other.post("account.join", token=link.rpartition("/")[2]).status == 303
    assert db.session.query(Membership).count() == 0


def test_who_was_removed_comes_back_by_a_new_invitation(browser, home, grace, db):
    owner = factories.make_homeowner(home, phone=PHONE, password_hash=passwords.hashed(PASSWORD))
    membership = db.session.query(Membership).one()
    household.end(membership=membership, by=grace, at=clock.now())
    path = household.invite(
        project=home, name="林知秋", phone=PHONE, relation="spouse", right="view", by=grace, at=clock.now()
    )[1]
    db.session.commit()
    hers = browser.as_(owner)
    assert hers.post("account.join", token=path.rpartition("/")[2]).status == 303
    db.session.refresh(membership)
    assert (membership.ended_at, membership.relation, membership.right) == (None, "spouse", "view")


def test_a_new_colleague_sets_her_password_by_link(browser, ada, db):
    colleague = people.create(
        name="新同事", phone=PHONE, staff_no="s200", email=None, roles=["designer"], by=ada, at=clock.now()
    )
    path = people.send_link(colleague, by=ada, at=clock.now())
    db.session.commit()
    assert "新同事" in browser.get(path).words
    assert browser.post(path, {"new": NEW}).location == "/staff/"
    assert browser.as_(None).post("account.enter", {"identifier": "S200", "password": NEW}).status == 303
    assert browser.as_(None).get(path).status == 410
