"""Two at the same second: the database lets exactly one win, and the other learns the rule."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import clock
from portal.models import AuditEntry, Lead
from portal.rules.access import Role
from tests import factories
from tests.staff.test_leads import CUSTOMER

pytestmark = pytest.mark.usefixtures("at_noon")

PEOPLE, ROUNDS = 6, 4


@pytest.fixture
def rivals(db):
    people = [factories.make_user(Role.SALESPERSON, name=f"顾问{n}") for n in range(PEOPLE)]
    db.session.commit()
    return people


def at_once(browser, people, forms) -> list:
    """Every person sends her form in the same moment, each from a thread and a connection of her own."""
    signed_in = [browser.as_(person) for person in people]
    gate = threading.Barrier(len(signed_in))

    def send(pair):
        gate.wait()
        return pair[0].post("/staff/leads/", pair[1])

    with ThreadPoolExecutor(len(signed_in)) as pool:
        return list(pool.map(send, zip(signed_in, forms, strict=True)))


@pytest.mark.parametrize("same", ["phone", "flat"])
def test_of_many_at_the_same_second_exactly_one_wins(db, browser, rivals, same):
    for number in range(ROUNDS):
        customer = CUSTOMER | {"phone": f"1380013{number:04d}", "room": f"{number}01"}
        others = [customer | ({"room": f"9{number}{n}"} if same == "phone" else {"phone": f"1390{number}00{n:04d}"}) for n in range(PEOPLE)]
        pages = at_once(browser, rivals, others)
        assert sorted(page.status for page in pages) == [303] + [409] * (PEOPLE - 1)
        for page in pages:
            if page.status == 409:
                assert "先报先保" in page.one("#ruling").get_text()
    verdicts = sorted(lead.verdict for lead in db.session.query(Lead))
    assert verdicts == ["duplicate"] * (ROUNDS * (PEOPLE - 1)) + ["valid"] * ROUNDS
    assert db.session.query(AuditEntry).filter_by(act="lead.registered").count() == ROUNDS * PEOPLE


def test_who_comes_while_the_winner_is_being_written_is_judged_anew(db, browser, sally, sam):
    """The winner's row is there but not committed: the other one sees no rival, runs into the constraint, and is told."""
    as_sam = browser.as_(sam)
    factories.make_lead(sally, phone="+8613800138000", phone_key="13800138000", phone_claim="13800138000")
    answers = []
    late = threading.Thread(target=lambda: answers.append(as_sam.post("/staff/leads/", CUSTOMER)))
    late.start()
    time.sleep(0.7)
    assert not answers
    db.session.commit()
    late.join(timeout=15)
    assert answers[0].status == 409
    assert "R003" in answers[0].one("#ruling").get_text()
    assert [lead.verdict for lead in db.session.query(Lead).order_by(Lead.id)] == ["valid", "duplicate"]


def test_of_many_at_a_lapsed_customer_exactly_one_takes_over(db, browser, rivals, sally):
    old = factories.make_lead(
        sally,
        phone="+8613800138000",
        phone_key="13800138000",
        phone_claim="13800138000",
        registered_at=clock.now() - timedelta(days=20),
        last_contact_at=clock.now() - timedelta(days=20),
    )
    pages = at_once(browser, rivals, [CUSTOMER] * PEOPLE)
    assert sorted(page.status for page in pages) == [303] + [409] * (PEOPLE - 1)
    assert old.phone_claim is None
    assert old.released_at


def test_two_windows_of_one_person_do_not_both_take_the_last_slot(db, browser, sally):
    for _ in range(19):
        factories.make_lead(sally)
    forms = [CUSTOMER | {"phone": f"1380000000{n}", "room": f"{n}"} for n in range(4)]
    pages = at_once(browser, [sally] * 4, forms)
    assert sorted(page.status for page in pages) == [303, 409, 409, 409]
    assert db.session.query(Lead).filter_by(verdict="valid").count() == 20
