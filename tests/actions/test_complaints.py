"""Complaints: who answers, by when, what is told to whom, what may end it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.actions import people
from portal.actions.complaints import answering, customer, steering, watching
from portal.actions.complaints.filing import Filing, file, who_answers
from portal.models import AuditEntry, Complaint, ComplaintEvent, Message
from portal.queries import complaints as reads
from portal.rules.access import Role
from portal.rules.words import Refused
from tests import factories

NIGHT = datetime(2026, 3, 6, 18, 30, tzinfo=UTC)  # Saturday 7 March 2026, 02:30 in Shanghai
WORDS = {"category": "质量", "title": "主卫墙砖空鼓", "description": "敲起来是空的。"}


def at(text: str) -> datetime:
    """A moment on the wall clock of the company."""
    return datetime.fromisoformat(f"{text}:00+08:00")


@pytest.fixture
def home(db, at_noon):
    project = factories.make_project()
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


def filed(home, by, *, at=None, **facts) -> Complaint:
    complaint = file(Filing(project=home, **(WORDS | facts)), by=by, at=at or clock.now())
    return complaint


def told(user, kind: str) -> list[Message]:
    rows = select(Message).where(Message.user_id == user.id, Message.kind == kind, Message.channel == "portal")
    return list(Message.query.session.scalars(rows))


def acts(complaint) -> list[str]:
    return [said.event.act for said in reads.conversation(complaint, for_homeowner=False)]


# ── filing ──


def test_at_half_past_two_at_night_it_is_accepted_and_due_in_the_morning(home, owner, carla):
    complaint = filed(home, owner, at=NIGHT)
    assert complaint.number == "T20260307-0001"
    assert complaint.first_reply_due_at == at("2026-03-07T11:00")
    assert complaint.due_at == complaint.first_reply_due_at
    assert reads.why(complaint)[0].rule == "C19"


def test_danger_does_not_wait_for_the_morning(home, owner, carla):
    complaint = filed(home, owner, at=NIGHT, urgent=True)
    assert complaint.severity == "L0"
    assert complaint.first_reply_due_at == NIGHT + timedelta(minutes=15)


def test_numbers_count_from_one_every_local_day(home, owner, carla):
    numbers = [filed(home, owner, at=at(day), title=day).number
               for day in ("2026-11-24T23:59", "2026-11-25T00:00", "2026-11-25T00:01")]
    assert numbers == ["T20261124-0001", "T20261125-0001", "T20261125-0002"]


def test_the_account_manager_answers_before_customer_service(db, home, owner, carla, grace):
    assert who_answers(home) == carla
    factories.assign(home, grace, Role.ACCOUNT_MANAGER)
    assert who_answers(home) == grace
    grace.disabled_at = clock.now()
    db.session.flush()
    assert who_answers(home) == carla


def test_customer_service_shares_the_work_by_open_complaints(db, home, owner, carla):
    other = factories.make_user(Role.CUSTOMER_SERVICE, name="小周")
    first = filed(home, owner)
    assert first.assignee == carla
    assert filed(home, owner, title="第二条").assignee == other
    first.closed_at = clock.now()
    assert filed(home, owner, title="第三条").assignee == carla


def test_without_customer_service_those_who_lead_answer(db, home, owner, ada):
    assert who_answers(home) == ada
    supervisor = factories.make_user(Role.STORE_SUPERVISOR, name="沈店")
    assert who_answers(home) == supervisor


def test_the_number_reaches_the_customer_and_the_work_its_person(home, owner, carla):
    complaint = filed(home, owner)
    [message] = told(owner, "complaint.filed")
    assert complaint.number in message.body
    assert "卡拉" in message.body
    assert "11月24日 周二 16:00" in message.body
    [task] = told(carla, "complaint.assigned")
    assert task.link == f"/staff/complaints/{complaint.id}"


def test_each_hears_it_in_her_own_language(db, home, owner, carla):
    owner.language = "en"
    db.session.flush()
    filed(home, owner)
    assert "will reply by 24 Nov Tue 16:00" in told(owner, "complaint.filed")[0].body
    assert "请在" in told(carla, "complaint.assigned")[0].body


def test_when_staff_file_it_those_who_sign_for_the_home_are_told(db, home, owner, carla):
    mother = factories.make_homeowner(home, right="view", relation="parent")
    filed(home, carla, channel="phone", reporter_name="林太太")
    assert told(owner, "complaint.filed")
    assert not told(mother, "complaint.filed")


@pytest.mark.parametrize(("urgent", "heard"), [(True, True), (False, False)])
def test_only_a_danger_reaches_the_engineering_and_the_general_manager_at_once(db, home, owner, carla, urgent, heard):
    leaders = [factories.make_user(Role.ENGINEERING_MANAGER), factories.make_user(Role.GENERAL_MANAGER)]
    filed(home, owner, urgent=urgent)
    assert [bool(told(leader, "complaint.danger")) for leader in leaders] == [heard, heard]


def test_the_same_form_twice_is_one_complaint_and_other_words_another(db, home, owner, carla):
    first = filed(home, owner, request_key="k" * 32)
    again = filed(home, owner, request_key="k" * 32)
    other = filed(home, owner, request_key="k" * 32, description="还有地面也空。")
    assert again is first
    assert other is not first
    assert len(told(owner, "complaint.filed")) == 2


def test_a_key_of_another_person_leads_nowhere(db, home, owner, carla):
    neighbour = factories.make_homeowner(home)
    assert filed(home, owner, request_key="k" * 32) is not filed(home, neighbour, request_key="k" * 32)


def test_two_clicks_at_the_same_instant_make_one_complaint(app, db, home, owner, carla):
    home_id, owner_id, barrier, found = home.id, owner.id, threading.Barrier(2), []
    db.session.commit()

    def click():
        from portal.extensions import db as database
        from portal.models import Project, User

        with app.app_context():
            barrier.wait(timeout=10)
            project, user = database.session.get(Project, home_id), database.session.get(User, owner_id)
            found.append(file(Filing(project=project, request_key="k" * 32, **WORDS), by=user, at=clock.now()).number)
            database.session.commit()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=30)
    assert len(found) == 2
    assert len(set(found)) == 1
    assert db.session.query(Complaint).count() == 1
    assert db.session.query(ComplaintEvent).count() == 1


# ── answering ──


def test_the_first_words_stop_the_first_clock_and_the_plan_the_second(home, owner, carla):
    complaint = filed(home, owner)
    answering.reply(complaint, "马上来看。", by=carla, at=clock.now())
    assert complaint.due_at == complaint.plan_due_at
    answering.find_cause(complaint, "基层没有拉毛。", by=carla, at=clock.now())
    answering.plan(complaint, "周四更换三块。", by=carla, at=clock.now())
    assert complaint.due_at == complaint.done_due_at
    answering.report(complaint, "换好了。", by=carla, at=clock.now())
    assert complaint.due_at is None
    assert acts(complaint) == ["filed", "replied", "cause", "solution", "done"]
    assert "解决了吗" in told(owner, "complaint.done")[0].subject


def test_a_note_stops_no_clock_and_stays_in_the_house(home, owner, carla):
    complaint = filed(home, owner)
    answering.note(complaint, "班组上月也有空鼓。", by=carla, at=clock.now())
    assert complaint.first_replied_at is None
    assert [said.event.act for said in reads.conversation(complaint, for_homeowner=True)] == ["filed"]
    assert not told(owner, "complaint.replied")


def test_no_solution_before_the_cause_and_no_result_before_the_solution(home, owner, carla):
    complaint = filed(home, owner)
    with pytest.raises(Refused, match="原因"):
        answering.plan(complaint, "换砖。", by=carla, at=clock.now())
    answering.find_cause(complaint, "空鼓。", by=carla, at=clock.now())
    with pytest.raises(Refused, match="方案"):
        answering.report(complaint, "换好了。", by=carla, at=clock.now())


@pytest.mark.parametrize("missing", ["cause", "solution", "result", "asked"])
def test_closing_needs_cause_solution_result_and_the_customers_answer(home, owner, carla, missing):
    complaint = _done(home, owner, carla)
    if missing != "asked":
        setattr(complaint, missing, " ")
    with pytest.raises(Refused) as refused:
        answering.close(complaint, "可以了", asked=missing != "asked", satisfaction=None, by=carla, at=clock.now())
    assert refused.value.reason.rule == "R161"
    assert complaint.closed_at is None


def test_closed_with_the_customers_answer_it_takes_no_further_step(home, owner, carla):
    complaint = _done(home, owner, carla)
    answering.close(complaint, "说没问题了", asked=True, satisfaction=4, by=carla, at=clock.now())
    assert complaint.closed_at == clock.now()
    for act in (answering.find_cause, answering.plan, answering.report):
        with pytest.raises(Refused, match="结案"):
            act(complaint, "再来一次", by=carla, at=clock.now())


def test_every_act_is_one_line_of_the_log(home, owner, carla):
    complaint = _done(home, owner, carla)
    customer.confirm(complaint, "", satisfaction=5, by=owner, at=clock.now())
    rows = select(AuditEntry.act).where(AuditEntry.subject == "Complaint").order_by(AuditEntry.seq)
    assert list(AuditEntry.query.session.scalars(rows)) == [
        "complaint.filed", "complaint.replied", "complaint.cause", "complaint.solution", "complaint.done",
        "complaint.confirmed",
    ]


# ── the customer's word ──


def test_her_confirmation_ends_it_once(home, owner, carla):
    complaint = _done(home, owner, carla)
    customer.confirm(complaint, "很快", satisfaction=5, by=owner, at=clock.now())
    assert (complaint.closed_at, complaint.satisfaction) == (clock.now(), 5)
    with pytest.raises(Refused, match="评价过"):
        customer.confirm(complaint, "", satisfaction=1, by=owner, at=clock.now())


def test_she_cannot_confirm_what_was_not_done(home, owner, carla):
    with pytest.raises(Refused, match="还没有处理结果"):
        customer.confirm(filed(home, owner), "", satisfaction=5, by=owner, at=clock.now())


@pytest.mark.parametrize(("stars", "heard"), [(2, True), (3, False)])
def test_a_disappointed_customer_is_heard_by_those_who_lead(db, home, owner, carla, stars, heard):
    head = factories.make_user(Role.DEPARTMENT_HEAD)
    complaint = _done(home, owner, carla)
    customer.confirm(complaint, "", satisfaction=stars, by=owner, at=clock.now())
    assert bool(told(head, "complaint.disappointed")) is heard


def test_not_solved_starts_everything_again_and_the_second_time_raises_the_level(home, owner, carla):
    complaint = _done(home, owner, carla)
    for times, level in ((1, "L2"), (2, "L1")):
        later = clock.now() + timedelta(hours=times)
        clock.stand_still(later)
        customer.reopen(complaint, "还是空的", by=owner, at=later)
        assert (complaint.reopened, complaint.severity) == (times, level)
        assert complaint.due_at == complaint.first_reply_due_at > later
        assert (complaint.solution, complaint.result, complaint.cause) == ("", "", "基层没有拉毛。")
        _work(complaint, carla)


@pytest.mark.parametrize(("days", "accepted"), [(30, True), (31, False)])
def test_it_may_come_back_for_thirty_days(home, owner, carla, days, accepted):
    complaint = _done(home, owner, carla)
    customer.confirm(complaint, "", satisfaction=5, by=owner, at=clock.now())
    later = clock.now() + timedelta(days=days)
    if accepted:
        customer.reopen(complaint, "又空了", by=owner, at=later)
        assert complaint.closed_at is None
    else:
        with pytest.raises(Refused, match="30天"):
            customer.reopen(complaint, "又空了", by=owner, at=later)


# ── steering ──


def test_a_graver_level_counts_from_now_and_a_milder_one_from_the_beginning(home, owner, carla):
    complaint = filed(home, owner)
    later = clock.now() + timedelta(hours=3)
    steering.grade(complaint, "L1", "楼下渗水", by=carla, at=later)
    assert complaint.due_at == later + timedelta(minutes=30)
    steering.grade(complaint, "L2", "查过，没有渗水", by=carla, at=later + timedelta(hours=1))
    assert complaint.started_at == later
    assert complaint.due_at == at("2026-11-24T17:00")


def test_raised_to_danger_it_reaches_those_who_lead(db, home, owner, carla):
    leader = factories.make_user(Role.GENERAL_MANAGER)
    steering.grade(filed(home, owner), "L0", "正在漏水", by=carla, at=clock.now())
    assert told(leader, "complaint.danger")


def test_the_new_person_and_the_customer_hear_of_a_change(db, home, owner, carla):
    other = factories.make_user(Role.CUSTOMER_SERVICE, name="小周")
    complaint = filed(home, owner)
    steering.assign(complaint, other, "卡拉休假", by=carla, at=clock.now())
    assert complaint.assignee == other
    assert told(other, "complaint.assigned")
    assert "小周" in told(owner, "complaint.assigned")[0].body
    shown = [said.event.body for said in reads.conversation(complaint, for_homeowner=True)]
    assert "小周" in shown
    assert "卡拉休假" not in shown


def test_somebody_who_answers_for_an_open_complaint_cannot_just_leave(db, home, owner, carla, ada):
    filed(home, owner)
    with pytest.raises(Refused):
        people.disable(carla, by=ada, at=clock.now())


# ── watching ──


def test_a_promise_is_announced_once_before_it_ends_and_once_after(db, home, owner, carla):
    head = factories.make_user(Role.DEPARTMENT_HEAD)
    filed(home, owner)  # due 16:00
    for moment in ("15:29", "15:30", "15:35", "16:00"):
        watching.announce_due(at(f"2026-11-24T{moment}"))
    assert len(told(carla, "complaint.soon")) == 1
    assert not told(carla, "complaint.overdue")
    for moment in (at("2026-11-24T16:05"), at("2026-11-24T16:10"), at("2026-11-25T09:00")):
        watching.announce_due(moment)
    assert (len(told(carla, "complaint.soon")), len(told(carla, "complaint.overdue"))) == (1, 1)
    assert len(told(head, "complaint.overdue")) == 1
    assert not told(owner, "complaint.overdue")


def test_what_is_due_tomorrow_morning_is_not_announced_at_night(home, owner, carla):
    filed(home, owner, at=at("2026-11-24T15:20"))  # due 17:20
    filed(home, owner, at=at("2026-11-24T15:50"), title="晚一点")  # due at 9:20 tomorrow
    watching.announce_due(at("2026-11-24T18:00"))
    assert len(told(carla, "complaint.soon")) == 0
    watching.announce_due(at("2026-11-25T09:00"))
    assert [message.subject for message in told(carla, "complaint.soon")] == ["投诉 T20261124-0002 快到时限"]


def test_an_answered_promise_is_not_announced(home, owner, carla):
    answering.reply(filed(home, owner), "好", by=carla, at=clock.now())
    watching.announce_due(at("2026-11-24T16:05"))
    assert not told(carla, "complaint.overdue")


def test_a_silent_customer_is_asked_twice_and_after_a_week_it_ends_and_can_come_back(home, owner, carla):
    complaint = _done(home, owner, carla)
    done_at = complaint.done_at
    for days in (1, 3, 4, 5, 6):
        watching.ask_again(done_at + timedelta(days=days))
    assert len(told(owner, "complaint.reminder")) == 2
    assert complaint.closed_at is None
    watching.ask_again(done_at + timedelta(days=7))
    assert complaint.closed_at == done_at + timedelta(days=7)
    assert acts(complaint)[-1] == "closed"
    customer.reopen(complaint, "还没好", by=owner, at=done_at + timedelta(days=20))
    assert complaint.closed_at is None


# ── what comes first today ──


def test_today_shows_her_own_and_whatever_is_overdue_by_due_time(db, home, owner, carla):
    other = factories.make_user(Role.CUSTOMER_SERVICE)
    mine = filed(home, owner)
    theirs = filed(home, owner, title="别人的", urgent=True)
    assert theirs.assignee == other
    assert [one for one, _face in reads.urgent(carla)] == [mine]
    late = clock.now() + timedelta(minutes=16)
    assert [one for one, _face in reads.urgent(carla, at=late)] == [theirs, mine]
    assert reads.urgent(carla, at=late)[0][1].overdue


def _done(home, owner, carla) -> Complaint:
    complaint = filed(home, owner)
    answering.reply(complaint, "马上来看。", by=carla, at=clock.now())
    answering.find_cause(complaint, "基层没有拉毛。", by=carla, at=clock.now())
    _work(complaint, carla)
    return complaint


def _work(complaint, carla) -> None:
    answering.plan(complaint, "周四更换三块。", by=carla, at=clock.now())
    answering.report(complaint, "换好了。", by=carla, at=clock.now())
