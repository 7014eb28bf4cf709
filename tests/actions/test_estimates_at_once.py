"""Two at the same moment, each in a thread and a connection of its own: one draft, one presentation, one signature, one order."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal import clock
from portal.actions.estimates import presenting
from portal.extensions import db as database
from portal.models import AuditEntry, EstimateLine, EstimateRevision, OneTimeCode, Order, Signature
from portal.rules.access import Role
from tests import estimates, factories

pytestmark = pytest.mark.usefixtures("at_noon")
ROUNDS = 3


@pytest.fixture
def home(db):
    estimates.make_book()
    return estimates.make_home()


def at_once(*requests):
    """Every (browser, endpoint, form, values) is sent in the same moment; the pages in order."""
    database.session.commit()
    gate = threading.Barrier(len(requests))

    def send(request):
        browser, endpoint, form, values = request
        gate.wait()
        return browser.post(endpoint, form, **values)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def signing_page(browser, owner, revision):
    """Her browser with a code sent, and the code."""
    hers = browser.as_(owner)
    assert hers.post("customer.estimates.code", revision_id=revision.id).status == 303
    return hers, estimates.code_for(owner)


def colleague(home):
    """Another estimator of the home."""
    other = factories.make_user(Role.ESTIMATOR)
    factories.assign(home.project, other, Role.ESTIMATOR)
    return other


def ready_draft(home):
    """A draft of one line at the book's price, ready to be presented."""
    draft = factories.make_estimate(home.project, home.estimator, lines=1, materials_chosen_on=clock.today())
    line = db_lines(draft)[0]
    line.unit_price_fen, line.amount_fen = 6400, 12800
    database.session.commit()
    return draft


def db_lines(draft):
    return database.session.query(EstimateLine).filter_by(revision_id=draft.id).order_by(EstimateLine.no).all()


def test_two_drafts_at_once_are_one(db, browser, home):
    first, second = browser.as_(home.estimator), browser.as_(colleague(home))
    where = {"project_id": home.project.id}
    for n in range(ROUNDS):
        pages = at_once(*((one, "staff.estimates.create", {"kind": "estimate"}, where) for one in (first, second)))
        assert [page.status for page in pages] == [303, 303]
        assert pages[0].location == pages[1].location
        db.session.rollback()
        drafts = db.session.query(EstimateRevision).filter_by(presented_at=None, withdrawn_at=None).all()
        assert len(drafts) == 1
        assert drafts[0].number == n + 1
        first.post("staff.estimates.discard", revision_id=drafts[0].id)


def test_two_presenters_present_once(db, browser, home):
    draft = ready_draft(home)
    people = [browser.as_(home.estimator), browser.as_(colleague(home))]
    where = {"revision_id": draft.id}
    pages = at_once(*((one, "staff.estimates.present", {}, where) for one in people))
    assert sorted(page.status for page in pages) == [303, 409]
    assert db.session.query(AuditEntry).filter_by(act="estimate.presented").count() == 1


def test_a_double_click_signs_once_and_makes_one_order(db, browser, home):
    revision = estimates.presented(home)
    paper = estimates.make_paper(revision, home.owner)
    hers, code = signing_page(browser, home.owner, revision)
    again = browser.as_(home.owner)
    form, where = estimates.signing_form(paper, code=code), {"revision_id": revision.id}
    pages = at_once(*((one, "customer.estimates.sign", form, where) for one in (hers, again)))
    assert sorted(page.status for page in pages) == [303, 409]
    assert "您已签署这一版" in next(page for page in pages if page.status == 409).words
    db.session.rollback()
    assert db.session.query(Signature).count() == 1
    assert db.session.query(Order).count() == 1
    assert db.session.query(OneTimeCode).filter(OneTimeCode.used_at.is_not(None)).count() == 1


def test_owner_and_spouse_at_once_are_two_signatures_and_one_order(db, browser, home):
    spouse = factories.make_homeowner(home.project, name="江小满", relation="spouse")
    revision = estimates.presented(home)
    paper = estimates.make_paper(revision, home.owner, spouse)
    requests = []
    for who in (home.owner, spouse):
        hers, code = signing_page(browser, who, revision)
        form = estimates.signing_form(paper, code=code, typed_name=who.name)
        requests.append((hers, "customer.estimates.sign", form, {"revision_id": revision.id}))
    assert [page.status for page in at_once(*requests)] == [303, 303]
    db.session.rollback()
    assert db.session.query(Signature).count() == 2
    assert db.session.query(Order).count() == 1


def test_signing_while_a_newer_one_is_being_presented_is_either_before_or_refused(db, browser, home):
    """Whoever comes first holds the estimate: no signature ever lands on a revision that was replaced before it."""
    old = estimates.presented(home)
    paper = estimates.make_paper(old, home.owner)
    newer = ready_draft(home)
    hers, code = signing_page(browser, home.owner, old)
    signed, presented = at_once(
        (hers, "customer.estimates.sign", estimates.signing_form(paper, code=code), {"revision_id": old.id}),
        (browser.as_(home.estimator), "staff.estimates.present", {}, {"revision_id": newer.id}),
    )
    assert presented.status == 303
    db.session.rollback()
    if signed.status == 409:
        assert "已有新版" in signed.words
        assert db.session.query(Signature).count() == db.session.query(Order).count() == 0
    else:
        assert signed.status == 303
        acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)]
        assert acts.index("estimate.signed") < acts.index("estimate.presented")


def test_who_signs_while_the_newer_one_waits_for_its_commit_is_refused(db, browser, home):
    """The presentation is under way and not committed: the signature waits for it, and then finds itself too late."""
    old = estimates.presented(home)
    paper = estimates.make_paper(old, home.owner)
    hers, code = signing_page(browser, home.owner, old)
    newer = factories.make_estimate(home.project, home.estimator)
    db.session.commit()
    form, address, answers = estimates.signing_form(paper, code=code), f"/customer/estimates/{old.id}/signature", []
    presenting.hold(newer)
    newer.presented_at = clock.now()
    db.session.flush()
    late = threading.Thread(target=lambda: answers.append(hers.client.post(address, data=form)))
    late.start()
    time.sleep(0.7)
    assert not answers
    db.session.commit()
    late.join(timeout=20)
    assert answers[0].status_code == 409
    assert db.session.query(Signature).count() == 0
    assert db.session.query(OneTimeCode).filter(OneTimeCode.used_at.is_not(None)).count() == 0


def test_withdrawing_and_signing_at_once_never_both_happen(db, browser, home):
    his = browser.as_(home.estimator)
    for _ in range(ROUNDS):
        revision = estimates.presented(home)
        paper = estimates.make_paper(revision, home.owner)
        hers, code = signing_page(browser, home.owner, revision)
        where = {"revision_id": revision.id}
        signed, withdrawn = at_once(
            (hers, "customer.estimates.sign", estimates.signing_form(paper, code=code), where),
            (his, "staff.estimates.withdraw", {"reason": "价格有误"}, where),
        )
        assert sorted((signed.status, withdrawn.status)) == [303, 409]
        db.session.rollback()
        assert db.session.query(Signature).filter_by(**where).count() == (signed.status == 303)
        estimates.later(minutes=20)


def test_two_estimators_at_two_lines_lose_nothing(db, browser, home):
    """The sums are those of the lines, whoever saved last."""
    draft = factories.make_estimate(home.project, home.estimator, lines=6)
    people = [browser.as_(home.estimator), browser.as_(colleague(home))]
    ids = [line.id for line in db_lines(draft)]
    requests = [
        (one, "staff.estimates.quantity", {"quantity": "3"}, {"revision_id": draft.id, "line_id": ident})
        for one, ident in zip(people, ids[:2], strict=True)
    ]
    assert [page.status for page in at_once(*requests)] == [303, 303]
    db.session.rollback()
    db.session.expire_all()
    assert draft.direct_fen == sum(line.amount_fen for line in db_lines(draft)) == 4 * 20000 + 2 * 30000
