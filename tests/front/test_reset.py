"""A forgotten password: a code by message, the same answer for everybody, used once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal import clock, passwords
from portal.models import OneTimeCode, SignInAttempt, UserSession
from portal.rules import throttle
from portal.rules.access import Role
from tests import factories, outbox
from tests.factories import PASSWORD

NEW = "purple staple lantern"


@pytest.fixture
def lin(db):
    user = factories.make_user(
        Role.SALESPERSON, name="林一", phone="+8613800138000", staff_no="S100", password_hash=passwords.hashed(PASSWORD)
    )
    db.session.commit()
    return user


def ask(browser, identifier):
    return browser.post("account.send_code", {"identifier": identifier})


def finish(browser, identifier, code, new=NEW):
    return browser.post("account.use_code", {"identifier": identifier, "code": code, "new": new})


def test_the_code_sets_a_new_password_and_signs_out_every_device(browser, app, lin, db):
    device = browser.as_(lin)
    assert device.get("staff.today.show").status == 200
    assert ask(browser, "138 0013 8000").location == "/password/code"
    outbox.deliver(app)
    done = finish(browser, "S100", f" {outbox.last_code()} ")
    assert (done.status, done.location) == (303, "/login")
    assert device.get("staff.today.show").status == 302
    assert browser.post("account.enter", {"identifier": "S100", "password": PASSWORD}).status == 422
    assert browser.post("account.enter", {"identifier": "S100", "password": NEW}).status == 303
    told = outbox.texts("portal")
    assert [message.kind for message in told] == ["account.password_set"]


def test_the_answer_does_not_tell_whether_the_account_exists(browser, app, lin, db):
    gone = factories.make_user(Role.DESIGNER, disabled_at=clock.now())
    db.session.commit()
    answers, pages = [], []
    for who in (lin.phone, "13900139000", gone.phone):
        fresh = browser.as_(None)
        answers.append(ask(fresh, who))
        outbox.deliver(app)
        pages.append(fresh.get("account.code"))
    assert {(one.status, one.location) for one in answers} == {(303, "/password/code")}
    shown = {re.sub(r'value="[^"]*"', "", page.one("main").decode()) for page in pages}
    assert len(shown) == 1
    wrong = [
        finish(browser, who, "000000").faults() or finish(browser, who, "000000").words
        for who in (lin.phone, "13900139000")
    ]
    assert wrong[0] == wrong[1]
    assert {message.address for message in outbox.texts()} == {lin.phone}


def test_the_request_does_the_same_work_for_everybody(browser, lin, db):
    """The account is looked up later, in the background."""
    from portal.models import Job

    for who in (lin.phone, "13900139000"):
        ask(browser, who)
    jobs = db.session.query(Job).all()
    assert [job.kind for job in jobs] == ["account.send_reset_code"] * 2
    assert db.session.query(OneTimeCode).count() == 0


def test_a_code_counts_once(browser, app, lin):
    ask(browser, lin.phone)
    outbox.deliver(app)
    code = outbox.last_code()
    assert finish(browser, lin.phone, code).status == 303
    again = finish(browser, lin.phone, code, "another good one")
    assert again.status == 422 and "验证码不对，或者已经过期" in again.words
    assert browser.post("account.enter", {"identifier": lin.phone, "password": "another good one"}).status == 422


def test_a_code_runs_out_after_ten_minutes(browser, app, lin, at_noon):
    ask(browser, lin.phone)
    outbox.deliver(app)
    code = outbox.last_code()
    clock.stand_still(at_noon + timedelta(minutes=10))
    assert finish(browser, lin.phone, code).status == 422
    clock.stand_still(at_noon + timedelta(minutes=9, seconds=59))
    assert finish(browser, lin.phone, code).status == 303


def test_five_wrong_codes_use_the_right_one_up(browser, app, lin):
    ask(browser, lin.phone)
    outbox.deliver(app)
    code = outbox.last_code()
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        assert finish(browser, lin.phone, wrong).status == 422
    assert finish(browser, lin.phone, code).status == 422


def test_a_newer_code_makes_the_older_one_void(browser, app, lin, at_noon):
    ask(browser, lin.phone)
    outbox.deliver(app)
    first = outbox.last_code()
    clock.stand_still(at_noon + timedelta(seconds=61))
    ask(browser, lin.phone)
    outbox.deliver(app)
    second = outbox.last_code()
    assert first == second or finish(browser, lin.phone, first).status == 422
    assert finish(browser, lin.phone, second).status == 303


def test_at_most_one_code_a_minute_and_five_an_hour(browser, app, lin, at_noon):
    for n in range(9):
        clock.stand_still(at_noon + timedelta(seconds=30 * n))
        assert ask(browser.as_(None), lin.phone).status == 303
        outbox.deliver(app)
    assert len(outbox.texts()) == 5  # at 0, 60, 120, 180 and 240 s
    clock.stand_still(at_noon + timedelta(minutes=30))
    ask(browser, lin.phone)
    outbox.deliver(app)
    assert len(outbox.texts()) == 5


def test_one_address_may_ask_ten_times_an_hour(browser, db):
    for n in range(10):
        assert ask(browser, f"1390013900{n}").status == 303
    refused = ask(browser, "13900139099")
    assert refused.status == 429 and int(refused.headers["Retry-After"]) <= 3601


@pytest.mark.parametrize(
    "new, sentence",
    [
        ("short", "至少8个字符"),
        ("12345678", "太常见"),
        ("aaaaaaaaaaaa", "太常见"),
        ("x" * 201, "至少8个字符"),
        ("", "请填写密码。"),
    ],
)
def test_a_weak_password_gets_a_sentence_and_spends_no_code(browser, app, lin, db, new, sentence):
    ask(browser, lin.phone)
    outbox.deliver(app)
    code = outbox.last_code()
    page = finish(browser, lin.phone, code, new)
    assert page.status == 422 and sentence in page.words and page.one("#code")["value"] == code
    assert finish(browser, lin.phone, code).status == 303


def test_guessing_codes_from_one_address_is_throttled(browser, db):
    statuses = [finish(browser, f"139001390{n:02d}", "000000").status for n in range(31)]
    assert statuses == [422] * 30 + [429]
    assert db.session.query(SignInAttempt).count() == 30
    assert db.session.query(UserSession).count() == 0


def test_whoever_is_throttled_costs_no_hashing(browser, db, monkeypatch):
    monkeypatch.setattr(throttle, "ADDRESS_FAILURES", 2)
    for n in range(2):
        assert finish(browser, f"139001390{n:02d}", "000000").status == 422
    hashed = []
    monkeypatch.setattr(passwords, "hashed", hashed.append)
    assert finish(browser, "13900139000", "000000").status == 429
    assert hashed == []


def test_the_code_is_not_stored_in_the_clear(browser, app, lin, db):
    import hashlib

    ask(browser, lin.phone)
    outbox.deliver(app)
    code, row = outbox.last_code(), db.session.query(OneTimeCode).one()
    assert code not in row.code_hash and row.code_hash != hashlib.sha256(code.encode()).hexdigest()


def test_the_code_comes_in_her_language(browser, app, lin, db):
    lin.language = "en"
    db.session.commit()
    ask(browser, lin.phone)
    outbox.deliver(app)
    assert outbox.texts()[-1].body.startswith("Your code is")
