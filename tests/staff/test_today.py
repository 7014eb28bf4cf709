"""The first screen of the office: the next things of this person, complaints first, nothing of other people's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal import clock
from portal.models import Complaint, DrawingRevision, Refusal, Remark, Visit
from portal.rules.access import Role
from tests import factories, works
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def owner(db):
    user = factories.make_homeowner(name="林知秋")
    db.session.commit()
    return user


def home_of(person, role, title="云栖苑 1栋"):
    project = factories.make_project(title=title)
    factories.assign(project, person, role)
    return project


def complain(db, project, assignee, owner, title="主卫漏水", hours=-2) -> Complaint:
    """Open, its next promise `hours` from now."""
    due, n = clock.now() + timedelta(hours=hours), db.session.query(Complaint).count()
    row = Complaint(
        number=f"T{n}", project_id=project.id, category="质量", severity="L2", title=title, description="…", filed_by_id=owner.id,
        filed_at=clock.now() - timedelta(hours=9), assignee_id=assignee.id, first_reply_due_at=due, plan_due_at=due, done_due_at=due,
        due_at=due,
    )
    db.session.add(row)
    db.session.flush()
    return row


def today(browser, person, **options):
    page = browser.as_(person, **options).get("staff.today.show")
    assert page.status == 200
    return page


def piles(page) -> list[str]:
    return [tag["aria-labelledby"].removeprefix("pile-") for tag in page.all(".today-pile")]


def pile(page, kind):
    return page.one(f'[aria-labelledby="pile-{kind}"]')


def titles(page, kind) -> list[str]:
    return [tag.get_text(" ").strip() for tag in pile(page, kind).select(".list-row-title")]


def test_an_empty_day_says_so(db, browser, sally):
    page = today(browser, sally)
    assert piles(page) == []
    assert "今天没有等您处理的事" in page.one(".empty").get_text()
    assert "下午好，莎莉" in page.one("h1").get_text()


def test_complaints_come_before_everything(app, db, browser, marcus, owner):
    project = home_of(marcus, Role.PROJECT_MANAGER)
    works.ordered(app, project, marcus)
    factories.make_visit(project, marcus, starts_at=clock.now() + timedelta(hours=1))
    complain(db, project, marcus, owner, "不急的", hours=30)
    complain(db, project, marcus, owner, "超时的")
    page = today(browser, marcus)
    assert piles(page) == ["complaints", "visits", "orders"]
    assert titles(page, "complaints") == ["超时的", "不急的"]
    assert "已超时" in pile(page, "complaints").get_text()


def test_others_peoples_things_are_not_mine(app, db, browser, marcus, dora, owner):
    other = factories.make_user(Role.PROJECT_MANAGER, name="另一位经理")
    theirs = home_of(other, Role.PROJECT_MANAGER, "别人的家")
    works.ordered(app, theirs, other)
    factories.make_visit(theirs, other, starts_at=clock.now() + timedelta(hours=1))
    complain(db, theirs, other, owner)
    assert len(piles(today(browser, other))) == 3
    page = today(browser, marcus)
    assert piles(page) == []
    assert "别人的家" not in page.text


def test_my_visits_of_today_by_the_hour_without_those_that_are_over(db, browser, marcus, sam):
    project = home_of(marcus, Role.PROJECT_MANAGER)
    now = clock.now()
    factories.make_visit(project, marcus, kind="other", purpose="下午验收", starts_at=now + timedelta(hours=3))
    factories.make_visit(project, marcus, kind="other", purpose="中午交底", starts_at=now + timedelta(hours=1))
    factories.make_visit(project, marcus, kind="other", purpose="明天来", starts_at=now + timedelta(days=1))
    factories.make_visit(project, marcus, kind="other", purpose="做完了", starts_at=now - timedelta(hours=3), done_at=now)
    factories.make_visit(project, marcus, kind="other", purpose="取消了", starts_at=now + timedelta(hours=2), cancelled_at=now)
    factories.make_visit(project, sam, kind="other", purpose="同事去", starts_at=now + timedelta(hours=2))
    factories.make_visit(project, marcus, kind="other", purpose="上周去过", starts_at=now - timedelta(days=6))
    page = today(browser, marcus)
    assert titles(page, "visits") == ["中午交底", "下午验收"]
    assert titles(page, "results") == ["上周去过"]
    assert "13:00" in pile(page, "visits").get_text()


def test_follow_ups_that_are_due(db, browser, sally, sam):
    for days, name in ((-1, "错过的客户"), (0, "今天的客户"), (1, "明天的客户")):
        factories.make_lead(sally, name=name, next_on=clock.today() + timedelta(days=days))
    factories.make_lead(sam, name="同事的客户", next_on=clock.today())
    page = today(browser, sally)
    assert titles(page, "follow_ups") == ["错过的客户", "今天的客户"]
    assert "错过11月23日" in pile(page, "follow_ups").get_text()


def test_estimates_declined_ones_on_top(app, db, browser, esther, owner):
    def revision(title, **facts):
        return factories.make_estimate(home_of(esther, Role.ESTIMATOR, title), esther, **facts)

    revision("草稿的家")
    revision("等签的家", presented=True)
    revision("过期的家", presented=True, valid_until=clock.today() - timedelta(days=1))
    declined = revision("拒签的家", presented=True)
    db.session.add(Refusal(revision_id=declined.id, user_id=owner.id, reason="太贵", at=clock.now()))
    revision("纸签的家", presented=True, agreed_on_paper_on=date(2026, 3, 1))
    works.ordered(app, home_of(esther, Role.ESTIMATOR, "成单的家"), esther)
    other = factories.make_user(Role.ESTIMATOR, name="另一位")
    factories.make_estimate(home_of(other, Role.ESTIMATOR, "别人的报价"), other)
    page = today(browser, esther)
    assert titles(page, "estimates") == ["拒签的家", "过期的家", "草稿的家", "等签的家"]
    badges = [tag.get_text() for tag in pile(page, "estimates").select(".badge")]
    assert badges == ["业主拒签", "已过有效期", "待出示", "等业主签字"]
    factories.make_estimate(declined.estimate.project, esther)
    assert "业主拒签" not in pile(today(browser, esther), "estimates").get_text()


def test_remarks_wait_for_the_designer_until_they_are_settled(db, browser, dora, owner):
    project = home_of(dora, Role.DESIGNER)
    drawing = factories.make_drawing(project, dora)
    factories.make_drawing(home_of(dora, Role.DESIGNER, "没意见的家"), dora)
    revision = db.session.query(DrawingRevision).filter_by(drawing_id=drawing.id).one()
    remark = Remark(drawing_id=drawing.id, revision_id=revision.id, body="门开反了", by_id=owner.id, at=clock.now())
    db.session.add(remark)
    page = today(browser, dora)
    assert titles(page, "drawings") == ["云栖苑 1栋"]
    assert "1条意见" in pile(page, "drawings").get_text()
    remark.resolved_at = clock.now()
    assert piles(today(browser, dora)) == []


def test_measurements_without_a_designer_wait_for_the_dispatcher(db, browser, dora):
    dispatcher = factories.make_user(Role.DISPATCHER, name="派单")
    factories.make_visit(factories.make_project(title="等派的家"))
    factories.make_visit(factories.make_project(title="派好的家"), dora)
    assert titles(today(browser, dispatcher), "dispatch") == ["等派的家"]


def test_the_manager_of_a_site_sees_all_his_orders_and_who_leads_them_all_only_the_troubled(app, db, browser, marcus):
    def order(title, start_on):
        return works.ordered(app, home_of(marcus, Role.PROJECT_MANAGER, title), marcus, start_on=start_on)

    order("顺利的家", works.MONDAY).expected_on = clock.today() + timedelta(days=3)
    order("待排期的家", None)
    order("超期的家", works.MONDAY).expected_on = clock.today() - timedelta(days=1)
    lead = factories.make_user(Role.ENGINEERING_MANAGER, name="工程经理")
    db.session.commit()
    assert titles(today(browser, marcus), "orders") == ["待排期的家", "超期的家", "顺利的家"]
    assert titles(today(browser, lead), "orders") == ["待排期的家", "超期的家"]


def test_five_are_shown_and_the_rest_is_counted(db, browser, sally):
    for n in range(25):
        factories.make_lead(sally, name=f"客户{n}", next_on=clock.today())
    page = today(browser, sally)
    assert len(titles(page, "follow_ups")) == 5
    assert pile(page, "follow_ups").select_one(".today-count").get_text() == "20+"


def test_homeowners_find_no_office(db, browser, owner):
    assert browser.as_(owner).get("staff.today.show").status == 404
    assert browser.as_(None).get("staff.today.show").status == 302


def test_the_page_costs_the_same_however_much_there_is_to_do(app, db, browser, owner):
    busy = factories.make_user(
        Role.PROJECT_MANAGER, Role.ESTIMATOR, Role.DESIGNER, Role.STORE_SUPERVISOR, Role.SALESPERSON, Role.CUSTOMER_SERVICE, name="全能"
    )
    other = factories.make_user(Role.PROJECT_MANAGER, name="另一位")

    def work(person, n):
        project = home_of(person, Role.PROJECT_MANAGER, f"家{n}")
        works.ordered(app, project, person, start_on=None if n % 2 else works.MONDAY)
        complain(db, project, person, owner)
        factories.make_visit(project, person, starts_at=clock.now() + timedelta(hours=1))
        factories.make_visit(project, person, starts_at=clock.now() - timedelta(days=3))
        factories.make_visit(project)
        factories.make_lead(person, next_on=clock.today())
        factories.make_estimate(factories.make_project(), person)
        drawing = factories.make_drawing(project, person)
        revision = db.session.query(DrawingRevision).filter_by(drawing_id=drawing.id).one()
        db.session.add(Remark(drawing_id=drawing.id, revision_id=revision.id, body="?", by_id=owner.id, at=clock.now()))

    def grow():
        for n in range(2, 9):
            work(busy, n)
            work(other, n)
        db.session.commit()
        assert db.session.query(Visit).count() > 20

    work(busy, 0)
    work(busy, 1)
    db.session.commit()
    as_busy = browser.as_(busy)
    assert piles(as_busy.get("staff.today.show")) == [
        "complaints", "visits", "results", "dispatch", "follow_ups", "estimates", "drawings", "orders"]
    assert_same_cost(app, lambda: as_busy.get("staff.today.show"), grow)


def test_the_first_thing_to_do_costs_the_manager_no_more_than_none(app, db, browser, owner, marcus):
    boss = factories.make_user(Role.GENERAL_MANAGER, Role.PROJECT_MANAGER, name="韩总")
    db.session.commit()
    as_boss = browser.as_(boss)
    assert piles(as_boss.get("staff.today.show")) == []

    def grow():
        project = home_of(boss, Role.PROJECT_MANAGER)
        works.ordered(app, project, marcus, start_on=None)
        complain(db, project, boss, owner)
        factories.make_visit(project, boss, starts_at=clock.now() + timedelta(hours=1))
        factories.make_visit(project, boss, starts_at=clock.now() - timedelta(days=3))
        db.session.commit()

    assert_same_cost(app, lambda: as_boss.get("staff.today.show"), grow)
    assert piles(as_boss.get("staff.today.show")) == ["complaints", "visits", "results", "orders"]


@pytest.mark.parametrize(("language", "words"), [("zh", "下午好"), ("en", "Good afternoon")])
def test_both_languages(db, browser, marcus, language, words):
    assert words in today(browser, marcus, language=language).one("h1").get_text()
