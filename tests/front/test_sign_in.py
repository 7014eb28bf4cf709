"""Signing in: by any spelling, without disclosure, slowly for those who guess."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest

from portal import clock, passwords
from portal.models import AuditEntry, SignInAttempt, UserSession
from portal.rules.access import Role
from tests import factories
from tests.factories import PASSWORD

WRONG = "手机号、工号或密码不对。"


@pytest.fixture
def lin(db):
    """A salesperson with a password."""
    user = factories.make_user(
        Role.SALESPERSON, name="林一", phone="+8613800138000", staff_no="S100", password_hash=passwords.hashed(PASSWORD)
    )
    db.session.commit()
    return user


def sign_in(browser, identifier, password=PASSWORD, **more):
    return browser.post("account.enter", {"identifier": identifier, "password": password, **more})


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 13800138000",
        "１３８００１３８０００",
        "S100",
        " s100 ",
    ],
)
def test_any_spelling_of_phone_or_staff_number_opens_the_account(browser, lin, spelling):
    answer = sign_in(browser, spelling)
    assert (answer.status, answer.location) == (303, "/staff/")
    assert "林一" in browser.get("staff.today.show").words


def test_a_homeowner_comes_to_her_home(browser, db):
    user = factories.make_homeowner(password_hash=passwords.hashed(PASSWORD))
    db.session.commit()
    assert sign_in(browser, user.phone).location == "/customer/"


def test_wrong_password_unknown_and_disabled_accounts_are_told_the_same(browser, lin, db):
    gone = factories.make_user(Role.SALESPERSON, password_hash=passwords.hashed(PASSWORD), disabled_at=clock.now())
    roleless = factories.make_user(password_hash=passwords.hashed(PASSWORD))
    fresh = factories.make_user(Role.SALESPERSON)
    db.session.commit()
    answers = [
        sign_in(browser, lin.phone, "not this one"),
        sign_in(browser, "13900139000"),
        sign_in(browser, gone.phone),
        sign_in(browser, roleless.phone),
        sign_in(browser, fresh.phone),
        sign_in(browser, "X999"),
        sign_in(browser, "😀"),
    ]
    said = [re.sub(r'value="[^"]*"', "", answer.one("main").decode()) for answer in answers]
    assert {answer.status for answer in answers} == {422} and len(set(said)) == 1 and WRONG in said[0]
    assert browser.get("staff.today.show").status == 302


def test_the_typed_identifier_is_kept_and_the_password_is_not(browser, lin):
    page = sign_in(browser, "138 0013 8000", "not this one")
    assert page.one("#identifier")["value"] == "138 0013 8000"
    assert "not this one" not in page.text


def test_unknown_accounts_take_as_long_as_known_ones(browser, lin, app, db, monkeypatch):
    """With passwords at their real price, which is what the time goes into."""
    monkeypatch.setitem(app.config, "CHEAP_PASSWORDS", False)
    lin.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()

    def seconds(identifier):
        started = time.perf_counter()
        assert sign_in(browser, identifier, "not this one").status == 422
        return time.perf_counter() - started

    seconds("13900139999")  # the decoy hash is made once
    known, unknown = (statistics.median(seconds(who) for _ in range(3)) for who in (lin.phone, "13900139000"))
    assert 0.5 < known / unknown < 2


def test_the_fifth_failure_makes_the_account_wait_and_the_wait_grows(browser, lin, at_noon):
    for _ in range(5):
        assert sign_in(browser, lin.phone, "guess").status == 422
    refused = sign_in(browser, "S100")  # phone and staff number count together, and the right password does not help
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert "1分钟后再试" in refused.words
    clock.stand_still(at_noon + timedelta(seconds=61))
    assert sign_in(browser, lin.phone, "guess").status == 422
    clock.stand_still(at_noon + timedelta(seconds=61 + 60))
    assert sign_in(browser, lin.phone).status == 429
    clock.stand_still(at_noon + timedelta(seconds=61 + 121))
    assert sign_in(browser, lin.phone).status == 303


def test_a_success_forgives_what_went_before(browser, lin):
    for _ in range(4):
        sign_in(browser, lin.phone, "guess")
    assert sign_in(browser, lin.phone).status == 303
    other = browser.as_(None)
    assert sign_in(other, lin.phone, "guess").status == 422
    assert sign_in(other, lin.phone).status == 303


def test_an_unknown_number_is_throttled_just_the_same(browser, db):
    statuses = [sign_in(browser, "13900139000", "guess").status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("number", ["13800138000", "13900139000"])
def test_a_second_spelling_is_throttled_whether_or_not_there_is_an_account(browser, lin, number):
    for _ in range(5):
        sign_in(browser, number, "guess")
    assert sign_in(browser, f"+86 {number}", "guess").status == 429


def test_one_address_that_tries_many_accounts_has_to_wait(browser, lin, at_noon):
    for n in range(30):
        assert sign_in(browser, f"139001390{n:02d}", "guess").status == 422
    refused = sign_in(browser, lin.phone)
    assert refused.status == 429 and 0 < int(refused.headers["Retry-After"]) <= 900
    clock.stand_still(at_noon + timedelta(minutes=16))
    assert sign_in(browser, lin.phone).status == 303


def test_refused_tries_do_not_prolong_the_wait(browser, lin, at_noon):
    for _ in range(9):
        sign_in(browser, lin.phone, "guess")
    clock.stand_still(at_noon + timedelta(seconds=61))
    assert sign_in(browser, lin.phone).status == 303


def test_the_session_is_new_at_sign_in(browser, lin):
    browser.get("account.login")
    with browser.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(browser, lin.phone)
    with browser.client.session_transaction() as session:
        first = session["device"]
        assert "planted" not in session
    sign_in(browser, lin.phone)
    with browser.client.session_transaction() as session:
        assert session["device"] != first


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_elsewhere(browser, lin, target):
    assert sign_in(browser, lin.phone, next=target).location == "/staff/"


def test_she_comes_to_the_page_she_wanted(browser, lin):
    wanted = browser.get("staff.messages.index")
    assert wanted.status == 302 and wanted.location.startswith("/login?next=")
    page = browser.get(wanted.location)
    hidden = page.one('.sign-in-card input[name="next"]')["value"]
    assert sign_in(browser, lin.phone, next=hidden).location == "/staff/messages/"


def test_signing_out_ends_the_device_for_good(browser, lin, db):
    sign_in(browser, lin.phone)
    with browser.client.session_transaction() as session:
        stolen = dict(session)
    assert browser.post("account.logout").status == 303
    with browser.client.session_transaction() as session:
        session.update(stolen)
    assert browser.get("staff.today.show").status == 302
    assert all(row.revoked_at for row in db.session.query(UserSession))


def test_a_get_never_signs_out(browser, lin):
    sign_in(browser, lin.phone)
    assert browser.get("/logout").status == 405
    assert browser.get("staff.today.show").status == 200


def test_forged_forms_are_refused(app, lin, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    data = {"identifier": lin.phone, "password": PASSWORD}
    assert client.post("/login", data=data).status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
    assert client.post("/login", data=data | {"csrf_token": token + "x"}).status_code == 400
    assert client.post("/login", data=data | {"csrf_token": token}).status_code == 303
    for address in ("/logout", "/language", "/password", "/account/password"):
        assert client.post(address, data={"lang": "en"}).status_code == 400


@pytest.mark.parametrize(
    "data, sentence",
    [
        ({}, "请填写这一项。"),
        ({"identifier": "x" * 1_000_000, "password": "y"}, "最多80个字"),
        ({"identifier": "S1\x0000", "password": "y"}, "看不见的控制字符"),
        ({"identifier": "S1‮00", "password": "y"}, "看不见的控制字符"),
        ({"identifier": "S100", "password": ""}, "请填写密码。"),
    ],
)
def test_bad_input_gets_a_sentence(browser, db, data, sentence):
    page = browser.post("account.enter", data)
    assert page.status == 422 and sentence in page.words


def test_signing_in_is_recorded(browser, lin, db):
    sign_in(browser, lin.phone)
    assert [entry.act for entry in db.session.query(AuditEntry)] == ["account.signed_in"]
    assert db.session.query(SignInAttempt).one().succeeded
    assert lin.seen_at is not None and lin.version == 1


def test_language_is_chosen_by_a_post_and_stays(browser, lin, db):
    sign_in(browser, lin.phone)
    answer = browser.post("account.language", {"lang": "en", "next": "/account"})
    assert answer.location == "/account"
    assert "My account" in browser.get("account.show").words
    db.session.refresh(lin)
    assert lin.language == "en"
    assert browser.post("account.language", {"lang": "xx", "next": "//evil.example"}).location == "/"
    assert "我的账户" in browser.get("account.show").words


@pytest.mark.parametrize("language, word", [("zh", "登录"), ("en", "Sign in")])
def test_the_public_pages_speak_both_languages(browser, db, language, word):
    stranger = browser.as_(None, language=language)
    for endpoint in ("front.home", "account.login", "account.password", "account.code"):
        page = stranger.get(endpoint)
        assert page.status == 200
    assert word in stranger.get("front.home").words


def test_demo_accounts_are_offered_in_a_demo_only(browser, app, db, monkeypatch):
    from dataclasses import replace

    from portal.demo import people as demo_people

    people = [factories.make_user(Role.SALESPERSON, name=f"演员{n}", staff_no=f"D{n}") for n in range(2)]
    own = factories.make_user(
        Role.DESIGNER, name="自设密码", staff_no="D9", password_hash=passwords.hashed("something own")
    )
    demo_people.give_password(people)
    db.session.commit()
    page = browser.get("account.login")
    assert "演员0" in page.words and own.name not in page.words
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mode="production"))
    page = browser.get("account.login")
    assert "演员0" not in page.words and demo_people.PASSWORD not in page.text
