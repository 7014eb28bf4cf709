"""Orders: one for each home whoever asks and however often; plans in working days; the household hears of every change."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from portal import clock
from portal.actions import orders
from portal.models import AuditEntry, EstimateRevision, Message, Order, OrderStage, User
from portal.rules.access import Role
from portal.rules.stages import Step
from tests import factories, works

pytestmark = pytest.mark.usefixtures("at_noon")
ASKERS = 6


@pytest.fixture
def home(db):
    project = factories.make_project(title="云栖苑 1栋")
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


def told(db, user) -> list[str]:
    """What she finds in the portal, oldest first."""
    rows = db.session.query(Message).filter_by(user_id=user.id, channel="portal").order_by(Message.id)
    return [message.body for message in rows]


@pytest.fixture
def inside(app):
    with app.test_request_context():
        yield


def test_an_order_is_made_once_however_many_ask_at_the_same_moment(app, db, home, esther):
    revision = works.signed(home, esther)
    db.session.commit()
    revision_id, by_id = revision.id, esther.id
    db.session.commit()  # the look at the ids opened a transaction that would keep the others from writing
    gate = threading.Barrier(ASKERS)

    def ask(_n):
        with app.test_request_context(method="POST"):
            gate.wait()
            found = db.session.get(EstimateRevision, revision_id)
            order = orders.make(found, by=db.session.get(User, by_id), at=clock.now())
            number = order.number
            db.session.commit()
            return number

    with ThreadPoolExecutor(ASKERS) as pool:
        numbers = list(pool.map(ask, range(ASKERS)))
    assert numbers == [f"D{home.id:06d}"] * ASKERS
    assert db.session.query(Order).count() == 1
    assert db.session.query(AuditEntry).filter_by(act="order.made").count() == 1


def test_who_comes_while_the_order_is_being_written_gets_that_order(app, db, home, esther):
    """The other transaction has inserted and not committed: the late one waits, then finds it and makes no second."""
    revision = works.signed(home, esther)
    db.session.commit()
    revision_id, by_id, made = revision.id, esther.id, []
    first = orders.make(revision, by=esther, at=clock.now())

    def late():
        with app.test_request_context(method="POST"):
            found = db.session.get(EstimateRevision, revision_id)
            made.append(orders.make(found, by=db.session.get(User, by_id), at=clock.now()).id)
            db.session.commit()

    thread = threading.Thread(target=late)
    thread.start()
    thread.join(0.5)
    assert not made
    db.session.commit()
    thread.join(15)
    assert made == [first.id]
    assert db.session.query(AuditEntry).filter_by(act="order.made").count() == 1


def test_the_signed_budget_becomes_what_the_order_is_about(db, inside, home, esther):
    order = orders.make(works.signed(home, esther), by=esther, at=clock.now())
    budget = factories.make_estimate(home, esther, lines=5, presented=True, kind="budget")
    again = orders.make(budget, by=esther, at=clock.now())
    assert (again.id, again.revision_id, again.total_fen) == (order.id, budget.id, budget.total_fen)
    assert db.session.query(AuditEntry).filter_by(act="order.resigned").count() == 1


def test_the_project_manager_is_told_that_a_start_has_to_be_set(db, inside, home, esther, marcus):
    factories.assign(home, marcus, Role.PROJECT_MANAGER)
    orders.make(works.signed(home, esther), by=esther, at=clock.now())
    message = db.session.query(Message).filter_by(user_id=marcus.id, kind="order.made").first()
    assert "定下开工日期" in message.body


@pytest.mark.parametrize(("house_type", "fourth_ends"), [("平层", date(2026, 12, 10)), ("别墅", date(2026, 12, 30))])
def test_a_plan_counts_working_days_and_skips_sundays(app, db, home, esther, house_type, fourth_ends):
    """From Monday 23 November on, Monday to Saturday: S01–S04 take 16 working days in a flat, 33 in a villa."""
    home.house_type = house_type
    order = works.ordered(app, home, esther)
    assert len(order.stages) == 20
    assert works.stage(order, "S04").plan_end == fourth_ends
    days = [day for stage in order.stages for day in (stage.plan_start, stage.plan_end)]
    assert days == sorted(days)
    assert not [day for day in days if day.weekday() == 6 or (day.month, day.day) == (1, 1)]
    assert works.stage(order, "S19").plan_start - works.stage(order, "S18").plan_end >= timedelta(days=8)  # seven full days of airing


def test_a_plan_is_made_anew_until_works_begin_and_not_after(app, db, home, esther):
    order = works.ordered(app, home, esther)
    with app.test_request_context():
        assert orders.plan(order, start_on=date(2026, 11, 24), by=esther, at=clock.now())
        assert db.session.query(OrderStage).count() == 20
        assert works.stage(order, "S01").plan_start == date(2026, 11, 24)
        orders.start(works.stage(order, "S01"), on=clock.today(), word=orders.Word(), by=esther, at=clock.now())
        assert not orders.plan(order, start_on=date(2026, 12, 1), by=esther, at=clock.now())
        assert order.start_on == date(2026, 11, 24)


def test_a_delay_moves_what_follows_and_tells_the_household_why(app, db, home, owner, esther):
    order = works.ordered(app, home, esther)
    first = works.begin(app, order, "S01", esther)
    before = {stage.code: stage.forecast_end for stage in order.stages}
    with app.test_request_context():
        assert orders.delay(first, days=6, word=orders.Word("电梯停运，材料上不去。"), by=esther, at=clock.now())
    moved = {stage.code: (stage.forecast_end - before[stage.code]).days for stage in order.stages}
    assert all(days >= 6 for days in moved.values())
    assert works.stage(order, "S20").plan_end < works.stage(order, "S20").forecast_end
    said = told(db, owner)[-1]
    assert "开工交底与成品保护要多用6个工作日" in said
    assert "电梯停运，材料上不去。预计竣工日" in said
    assert order.expected_on == first.forecast_end


def test_a_finished_stage_cannot_be_delayed(app, db, home, esther):
    order = works.ordered(app, home, esther)
    works.begin(app, order, "S02", esther)
    with app.test_request_context():
        assert not orders.delay(works.stage(order, "S01"), days=2, word=orders.Word("迟了"), by=esther, at=clock.now())
    assert works.stage(order, "S01").delay_wd == 0


def test_finishing_and_beginning_are_told_in_one_message(app, db, home, owner, esther):
    order = works.ordered(app, home, esther)
    first = works.begin(app, order, "S01", esther)
    heard = len(told(db, owner))
    with app.test_request_context():
        decision = orders.finish(first, on=clock.today(), word=orders.Word("图纸都核对过了"), by=esther, at=clock.now(), begin_next=True)
    assert decision.verdict is Step.ALLOWED
    assert works.stage(order, "S02").actual_start == clock.today()
    assert told(db, owner)[heard:] == ["云栖苑 1栋：开工交底与成品保护完成了，拆改开始了。 图纸都核对过了"]
    assert (order.stage_code, order.finished_on) == ("S02", None)


def test_words_for_staff_only_are_not_in_the_message(app, db, home, owner, esther):
    order = works.ordered(app, home, esther)
    works.begin(app, order, "S01", esther, body="工头临时换人，内部知道就行", for_homeowner=False)
    assert told(db, owner)[-1] == "云栖苑 1栋：开工交底与成品保护开始了。"
    assert not any("工头" in message.body for message in db.session.query(Message))


def test_an_inspection_needs_a_photo_and_one_of_an_earlier_note_will_do(app, db, home, esther):
    order = works.ordered(app, home, esther, start_on=date(2026, 9, 7))
    inspection = works.begin(app, order, "S05", esther)
    with app.test_request_context():
        said = {"on": clock.today(), "word": orders.Word("合格"), "by": esther, "at": clock.now()}
        assert orders.finish(inspection, **said).verdict is Step.REFUSED
        assert inspection.actual_end is None
        orders.note(inspection, word=orders.Word(pictures=works.photo()), by=esther, at=clock.now())
        assert orders.finish(inspection, **said).verdict is Step.ALLOWED
    assert inspection.actual_end == clock.today()


def test_a_warned_step_waits_for_a_yes(app, db, home, esther):
    order = works.ordered(app, home, esther)
    works.begin(app, order, "S02", esther)
    third = works.stage(order, "S03")
    with app.test_request_context():
        said = {"on": clock.today(), "word": orders.Word(), "by": esther, "at": clock.now()}
        assert orders.start(third, **said).verdict is Step.WARNED
        assert third.actual_start is None
        assert orders.start(third, confirmed=True, **said).verdict is Step.WARNED
    assert third.actual_start == clock.today()


def test_reopening_tells_the_household_and_the_order_is_back(app, db, home, owner, esther):
    order = works.ordered(app, home, esther, start_on=date(2026, 7, 1))
    last = works.begin(app, order, "S20", esther)
    with app.test_request_context():
        orders.finish(last, on=clock.today(), word=orders.Word(), by=esther, at=clock.now())
        assert (order.finished_on, order.stage_code, order.expected_on) == (clock.today(), "", None)
        assert orders.reopen(last, word=orders.Word(" "), by=esther, at=clock.now()).verdict is Step.REFUSED
        assert orders.reopen(last, word=orders.Word("钥匙少了一把"), by=esther, at=clock.now()).verdict is Step.ALLOWED
    assert (order.finished_on, order.stage_code) == (None, "S20")
    assert told(db, owner)[-1].endswith("已重新打开。 钥匙少了一把")


def test_each_member_reads_it_in_her_language(app, db, home, owner, esther):
    guest = factories.make_homeowner(home, name="Anna", relation="spouse", right="view", language="en")
    order = works.ordered(app, home, esther)
    works.begin(app, order, "S01", esther)
    assert told(db, guest)[-1].endswith("has begun.")
    assert told(db, owner)[-1].endswith("开始了。")
