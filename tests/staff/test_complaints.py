"""Complaints in the office: a queue by due time, one step after the other, nothing closed too early."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.actions.complaints import answering
from portal.actions.complaints.filing import Filing, file
from portal.models import Complaint, Message
from portal.rules.access import Role
from tests import factories
from tests.queries import assert_same_cost

TROUBLE = {"category": "质量", "title": "主卫墙砖空鼓", "description": "敲起来是空的。"}
STEPS = (("reply", "马上来看"), ("cause", "没拉毛"), ("solution", "周四换砖"), ("result", "换好了"))


@pytest.fixture
def home(db, at_noon, carla):
    project = factories.make_project(title="云栖样板苑 3栋2单元1203", customer_name="林知秋")
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


@pytest.fixture
def complaint(db, home, owner) -> Complaint:
    return filed(db, home, owner)


@pytest.fixture
def desk(browser, carla):
    """Customer service at work."""
    return browser.as_(carla)


def filed(db, home, owner, **facts) -> Complaint:
    complaint = file(Filing(project=home, **(TROUBLE | facts)), by=owner, at=clock.now())
    db.session.commit()
    return complaint


def take(desk, db, complaint, name: str, words: str):
    """One step as the page offers it, with the version that it shows."""
    db.session.refresh(complaint)
    sent = {f"{name}-words": words, f"{name}-version": complaint.version}
    return desk.post(f"staff.complaints.{name}", sent, complaint_id=complaint.id)


def titles(page) -> list[str]:
    return [cell.a.get_text() for cell in page.all("th.cell-main")]


# ── the queue ──


def test_the_queue_is_ordered_by_due_time_what_is_overdue_first(db, desk, home, owner):
    for title, hours, urgent in (("昨天的", -24, False), ("刚才的", 0, False), ("漏水", 0, True)):
        late = file(
            Filing(project=home, **(TROUBLE | {"title": title}), urgent=urgent), by=owner,
            at=clock.now() + timedelta(hours=hours),
        )
        assert late.due_at
    answering.reply(filed(db, home, owner, title="已回复"), "好", by=late.assignee, at=clock.now())
    db.session.commit()
    page = desk.get("staff.complaints.index")
    assert titles(page) == ["昨天的", "漏水", "刚才的", "已回复"]
    assert "已超时" in page.all(".due")[0].get_text()
    assert page.all(".stat-value")[0].get_text() == "1"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "空鼓"}, ["主卫墙砖空鼓"]), ({"q": "林知秋 发票"}, ["发票抬头"]), ({"q": "T20261124-0002"}, ["发票抬头"]),
        ({"q": "%"}, []), ({"category": "费用"}, ["发票抬头"]), ({"severity": "L3"}, ["发票抬头"]),
        ({"mine": "1"}, ["主卫墙砖空鼓"]), ({"show": "closed"}, []), ({"show": "to_confirm"}, []),
        ({"show": "nonsense", "category": "x", "page": "-1"}, ["主卫墙砖空鼓", "发票抬头"]),
    ],
)
def test_filters_find_what_they_say(db, desk, home, owner, complaint, asked, found):
    factories.make_user(Role.CUSTOMER_SERVICE, name="小周")
    filed(db, home, owner, category="费用", subcategory="发票", title="发票抬头")
    assert titles(desk.get("staff.complaints.index", **asked)) == found
    assert titles(desk.get("staff.complaints.index", htmx=True, **asked)) == found


def test_empty_queues_say_so(desk):
    assert "没有未结案的投诉" in desk.get("staff.complaints.index").words
    assert "没有符合条件的投诉" in desk.get("staff.complaints.index", q="无").words


def test_the_complaints_of_one_home_stand_among_its_pages(db, desk, home, owner, complaint):
    filed(db, factories.make_project(), owner, title="别家的")
    page = desk.get("staff.complaints.index", project_id=home.id)
    assert titles(page) == ["主卫墙砖空鼓"]
    assert page.one('.tabs a[aria-current="page"]').get_text(strip=True) == "客户投诉"


def test_a_designer_sees_only_the_complaints_of_her_homes(db, browser, complaint, dora):
    hers = browser.as_(dora)
    assert complaint.number not in hers.get("staff.complaints.index").words
    assert hers.get("staff.complaints.show", complaint_id=complaint.id).status == 404
    assert hers.post("staff.complaints.reply", {"reply-words": "x"}, complaint_id=complaint.id).status == 404
    factories.assign(complaint.project, dora, Role.DESIGNER)
    assert hers.get("staff.complaints.show", complaint_id=complaint.id).status == 200


def test_the_queue_costs_the_same_however_long_it_is(app, db, desk, home, owner, complaint):
    def grow():
        for n in range(4):
            filed(db, factories.make_project(), owner, title=f"第{n}条")

    assert_same_cost(app, lambda: desk.get("staff.complaints.index"), grow)


def test_long_queues_come_page_by_page(db, desk, home, owner):
    for n in range(51):
        file(Filing(project=home, **(TROUBLE | {"title": f"第{n}条"})), by=owner, at=clock.now())
    db.session.commit()
    first = desk.get("staff.complaints.index")
    assert len(titles(first)) == 50
    second = desk.get(first.one('a[rel="next"]')["href"])
    assert len(titles(second)) == 1
    assert not set(titles(first)) & set(titles(second))


# ── the steps ──


def test_step_by_step_to_the_end(db, desk, complaint, owner):
    for name, words in STEPS:
        assert take(desk, db, complaint, name, words).status == 303, name
    page = desk.get("staff.complaints.show", complaint_id=complaint.id)
    assert "等业主确认" in page.words
    version = page.one('[name="closing-version"]')["value"]
    sent = {"closing-version": version, "closing-words": "电话里说没问题", "closing-asked": "y"}
    sent["closing-satisfaction"] = "4"
    assert desk.post("staff.complaints.close", sent, complaint_id=complaint.id).status == 303
    db.session.refresh(complaint)
    assert (complaint.closed_at, complaint.satisfaction) == (clock.now(), 4)
    assert titles(desk.get("staff.complaints.index", show="closed")) == ["主卫墙砖空鼓"]


def test_what_is_too_early_is_greyed_out_and_says_why(desk, complaint):
    page = desk.get("staff.complaints.show", complaint_id=complaint.id)
    reason = page.one("#closing .reason").get_text(strip=True)
    assert reason == "请填写查明的原因；请填写处理方案；请填写处理结果"
    assert "请先填写查明的原因" in page.one("#solution .reason").get_text()
    assert not page.all("#closing form, #solution form, #result form")


@pytest.mark.parametrize(("name", "fault"), [("solution", "请先填写查明的原因"), ("result", "请先填写原因和方案")])
def test_a_forged_step_is_refused_beside_the_field(db, desk, complaint, name, fault):
    page = take(desk, db, complaint, name, "换砖")
    assert page.status == 422
    assert not page.all(f"#{name} form")  # the page shows the reason in its place
    assert fault in page.one(f"#{name} .reason").get_text()


def test_closing_without_having_asked_is_refused_and_the_words_stay(db, desk, complaint):
    for name, words in STEPS:
        take(desk, db, complaint, name, words)
    db.session.refresh(complaint)
    sent = {"closing-version": complaint.version, "closing-words": "应该没问题"}
    page = desk.post("staff.complaints.close", sent, complaint_id=complaint.id)
    assert page.status == 422
    assert "请先回访业主，确认处理结果" in page.faults()
    assert page.one("#closing-words").get_text().strip() == "应该没问题"
    assert page.one("#closing details").has_attr("open")


def test_two_colleagues_at_once_the_second_sees_the_newer_state_with_her_words(db, desk, complaint):
    take(desk, db, complaint, "reply", "好")
    old = complaint.version
    take(desk, db, complaint, "cause", "没拉毛")
    page = desk.post("staff.complaints.cause", {"cause-words": "基层脏", "cause-version": old}, complaint_id=complaint.id)
    assert page.status == 409
    assert "刚刚被同事改过" in page.words
    assert page.one("#cause-words").get_text().strip() == "基层脏"
    again = page.one('[name="cause-version"]')["value"]
    sent = {"cause-words": "基层脏", "cause-version": again}
    assert desk.post("staff.complaints.cause", sent, complaint_id=complaint.id).status == 303
    db.session.refresh(complaint)
    assert complaint.cause == "基层脏"


@pytest.mark.parametrize("words", ["", "长" * 4001, "漏\x00水", "x" * 1_000_000])
def test_bad_words_are_said_beside_the_field(desk, complaint, words):
    page = desk.post("staff.complaints.reply", {"reply-words": words}, complaint_id=complaint.id)
    assert page.status == 422
    assert len(page.faults()) == 1
    assert page.one("#reply details").has_attr("open")


def test_a_closed_complaint_answers_a_late_step_in_plain_words(db, desk, complaint):
    complaint.closed_at, complaint.done_at = clock.now(), clock.now()
    db.session.commit()
    page = take(desk, db, complaint, "cause", "没拉毛")
    assert page.status == 409
    assert "已经结案" in page.words


def test_staff_reopen_for_a_customer_who_calls(db, desk, complaint):
    for name, words in STEPS:
        take(desk, db, complaint, name, words)
    db.session.refresh(complaint)
    sent = {"reopening-words": "业主来电：还是空的", "reopening-version": complaint.version}
    assert desk.post("staff.complaints.reopen", sent, complaint_id=complaint.id).status == 303
    db.session.refresh(complaint)
    assert (complaint.reopened, complaint.done_at) == (1, None)


# ── who and how grave ──


def test_another_person_answers_and_only_listed_ones_can(db, desk, complaint, sally):
    other = factories.make_user(Role.CUSTOMER_SERVICE, name="小周")
    sent = {"assignment-assignee_id": sally.id, "assignment-version": complaint.version}
    assert desk.post("staff.complaints.assign", sent, complaint_id=complaint.id).status == 422
    sent["assignment-assignee_id"] = other.id
    assert desk.post("staff.complaints.assign", sent, complaint_id=complaint.id).status == 303
    db.session.refresh(complaint)
    assert complaint.assignee == other


def test_who_may_not_assign_finds_no_such_page(db, browser, complaint, dora):
    factories.assign(complaint.project, dora, Role.DESIGNER)
    hers = browser.as_(dora)
    assert not hers.get("staff.complaints.show", complaint_id=complaint.id).all('[name="assignment-assignee_id"]')
    sent = {"assignment-assignee_id": dora.id, "assignment-version": complaint.version}
    assert hers.post("staff.complaints.assign", sent, complaint_id=complaint.id).status == 404


@pytest.mark.parametrize(
    ("severity", "reason", "status"), [("L1", "楼下渗水", 303), ("L9", "x", 422), ("L1", "", 422), ("L2", "x", 422)]
)
def test_a_level_changes_with_a_reason_for_staff(db, browser, desk, complaint, owner, severity, reason, status):
    sent = {"grading-severity": severity, "grading-reason": reason, "grading-version": complaint.version}
    assert desk.post("staff.complaints.grade", sent, complaint_id=complaint.id).status == status
    db.session.refresh(complaint)
    assert complaint.severity == ("L1" if status == 303 else "L2")
    if status == 303:
        assert reason in desk.get("staff.complaints.show", complaint_id=complaint.id).words
        assert reason not in browser.as_(owner).get("customer.complaints.show", complaint_id=complaint.id).words


# ── for a customer on the phone ──


def test_staff_file_for_a_customer_who_calls(db, desk, home, owner):
    found = desk.get("staff.complaints.new", q="1203")
    form = desk.get(found.one("main .rows a")["href"])
    assert form.one("#reporter_name")["value"] == "林知秋"
    sent = TROUBLE | {"project_id": home.id, "channel": "phone", "reporter_name": "林太太"}
    page = desk.get(desk.post("staff.complaints.create", sent).location)
    assert "林太太（卡拉代为登记）" in page.words
    assert db.session.query(Message).filter_by(user_id=owner.id, kind="complaint.filed", channel="sms").count() == 1


@pytest.mark.parametrize(
    ("changed", "status"), [({"channel": "fax"}, 422), ({"reporter_name": ""}, 422), ({"project_id": "9"}, 404)]
)
def test_a_bad_form_of_staff_is_refused(db, desk, home, changed, status):
    sent = TROUBLE | {"project_id": home.id, "channel": "phone", "reporter_name": "林太太"} | changed
    page = desk.post("staff.complaints.create", sent)
    assert page.status == status
    assert not db.session.query(Complaint).count()
    if status == 422:
        assert page.one("#title")["value"] == TROUBLE["title"]


def test_without_the_capability_nobody_files_for_others(browser, home, dora):
    assert browser.as_(dora).get("staff.complaints.new").status == 404


def test_in_english_the_office_reads_english(db, browser, home, owner, carla):
    carla.name, owner.name, home.customer_name = "Carla", "Lin", "Lin"
    complaint = filed(db, home, owner)
    here = browser.as_(carla, language="en")
    pages = [
        here.get("staff.complaints.index"), here.get("staff.complaints.show", complaint_id=complaint.id),
        here.get("staff.complaints.new", project_id=home.id),
    ]
    typed = ("示例装饰工程有限公司", home.title, home.address, "中文", complaint.title, complaint.description)
    for page in pages:
        assert not re.findall("[\u4e00-\u9fff]+", re.sub("|".join(typed), "", page.one("main").get_text()))
