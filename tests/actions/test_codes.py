"""One-time codes: of two at the same moment exactly one counts."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.actions import codes
from portal.actions.accounts import TooMany
from portal.extensions import db as database
from portal.models import OneTimeCode, User
from tests import factories

SIGN = {"purpose": "sign", "subject": "document:12"}


@pytest.fixture
def owner(db):
    user = factories.make_homeowner()
    db.session.commit()
    return user


def test_a_code_counts_for_its_person_purpose_and_subject_only(db, owner):
    other, at = factories.make_homeowner(), clock.now()
    code = codes.issue(owner, channel="sms", at=at, **SIGN)
    assert not codes.check(other, code=code, at=at, **SIGN).ok
    assert not codes.check(owner, code=code, at=at, purpose="password", subject="document:12").ok
    assert not codes.check(owner, code=code, at=at, purpose="sign", subject="document:13").ok
    assert not codes.check(None, code=code, at=at, **SIGN).ok
    used = codes.check(owner, code=f" {code[:3]} {code[3:]}", at=at, **SIGN)
    assert used.ok and used.code.used_at == at and used.code.subject == "document:12"


def test_full_width_digits_are_digits(db, owner):
    code, at = codes.issue(owner, channel="sms", at=clock.now(), **SIGN), clock.now()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert codes.check(owner, code=wide, at=at, **SIGN).ok


@pytest.mark.parametrize("code", ["", "abc", "0" * 1000, "12345", "1234567", "😀"])
def test_nonsense_is_a_wrong_code(db, owner, code):
    codes.issue(owner, channel="sms", at=clock.now(), **SIGN)
    assert not codes.check(owner, code=code, at=clock.now(), **SIGN).ok


def test_a_second_code_within_a_minute_has_to_wait(db, owner, at_noon):
    codes.issue(owner, channel="sms", at=at_noon, **SIGN)
    with pytest.raises(TooMany) as refused:
        codes.issue(owner, channel="sms", at=at_noon, **SIGN)
    assert refused.value.wait_s == 60
    codes.issue(owner, channel="sms", at=at_noon, purpose="password", subject="account")


def test_two_checks_at_the_same_moment_use_one_code_once(app, db, owner):
    code = codes.issue(owner, channel="sms", at=clock.now(), **SIGN)
    db.session.commit()
    owner_id, outcomes, barrier = owner.id, [], threading.Barrier(4)
    db.session.rollback()

    def go():
        with app.app_context():
            barrier.wait()
            checked = codes.check(database.session.get(User, owner_id), code=code, at=clock.now(), **SIGN)
            database.session.commit()
            outcomes.append(checked.ok)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, False, False, True]
    assert db.session.query(OneTimeCode).one().used_at is not None


def test_of_four_wishes_at_the_same_moment_one_code_is_made(app, db, owner):
    """Every code brings five tries: many at once would bring as many times five."""
    owner_id, outcomes, barrier = owner.id, [], threading.Barrier(4)
    db.session.rollback()

    def ask():
        with app.app_context():
            barrier.wait()
            try:
                codes.issue(database.session.get(User, owner_id), channel="sms", at=clock.now(), **SIGN)
                database.session.commit()
                outcomes.append("sent")
            except TooMany:
                outcomes.append("wait")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sent", "wait", "wait", "wait"]
    assert db.session.query(OneTimeCode).count() == 1


def test_a_fault_of_the_database_tells_no_names_and_no_hashes(db, owner):
    """Its words go to the logs and to the list of failed jobs."""
    twin = User(name="不该出现的名字", phone=owner.phone, created_at=clock.now())
    db.session.add(twin)
    with pytest.raises(IntegrityError) as fault:
        db.session.flush()
    assert "不该出现的名字" not in str(fault.value)
