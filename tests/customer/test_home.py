"""The first screen: what happens now, what is needed of her, what comes next and when, who answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal import clock
from portal.models import Document, DrawingDecision, DrawingRevision, Membership, Message, OneTimeCode, Refusal, Signature
from portal.rules.access import Role
from tests import factories, works
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db, grace, dora, esther, marcus):
    project = factories.make_project(title="云栖苑 1栋")
    team = ((grace, Role.ACCOUNT_MANAGER), (dora, Role.DESIGNER), (esther, Role.ESTIMATOR), (marcus, Role.PROJECT_MANAGER))
    for person, role in team:
        factories.assign(project, person, role)
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


def card(page, title: str) -> str:
    """The words of the card with this title."""
    found = [tag for tag in page.all(".card") if tag.select_one(".card-title").get_text().strip() == title]
    assert len(found) == 1, f"{len(found)} × {title}"
    return " ".join(found[0].get_text(" ").split())


def screen(browser, person, **options):
    page = browser.as_(person, **options).get("customer.home.show")
    assert page.status == 200
    return page


def test_without_a_home_the_page_says_how_one_gets_here(db, browser):
    page = screen(browser, factories.make_user(Role.HOMEOWNER, name="还没有房"))
    assert "还没有您的房子" in page.words
    assert not page.all(".card")


def test_lead_a_measurement_has_to_be_arranged(db, browser, home, owner, sally):
    factories.make_lead(sally, project_id=home.id)
    page = screen(browser, owner)
    assert "上门量房" in page.one(".spotlight").get_text()
    assert "请告诉我们您方便的时间" in card(page, "需要您")
    assert "方案" in card(page, "接下来")
    assert "目前没有约好的上门时间" in card(page, "接下来")
    first = page.all(".person")[0].get_text()
    assert "朵拉" in first
    assert "当前负责人" in first


def test_plans_wait_for_her_word_until_she_gives_it(db, browser, home, owner, dora):
    sheets = [factories.make_drawing(home, dora, title=f"平面{n}") for n in range(5)]
    factories.make_drawing(home, dora, title="没出示的图", shown=False)
    page = screen(browser, owner)
    assert "确认图纸：平面0" in card(page, "需要您")
    assert "还有2张图纸等您确认" in card(page, "需要您")
    assert "没出示的图" not in page.text
    for sheet in sheets:
        shown = db.session.query(DrawingRevision).filter_by(drawing_id=sheet.id).one()
        db.session.add(DrawingDecision(revision_id=shown.id, by_id=owner.id, at=clock.now(), approved=True))
    page = screen(browser, owner)
    assert "确认图纸" not in page.words
    assert "报价" in page.one(".spotlight").get_text()


def test_an_estimate_waits_for_her_signature(db, browser, home, owner, esther):
    draft = factories.make_estimate(home, esther)
    assert "核对并签署报价" not in screen(browser, owner).words
    draft.presented_at = clock.now()
    page = screen(browser, owner)
    assert page.one('.card.tone-attention .list-row a')["href"] == f"/customer/estimates/{draft.id}"
    assert "有效到" in card(page, "需要您")
    assert "签约" in page.one(".spotlight").get_text()
    assert "格蕾丝" in page.all(".person")[0].get_text()


def _sign(db, revision, user):
    now, signers = clock.now(), db.session.query(Membership).filter_by(right="sign")
    document = Document(
        revision_id=revision.id, language="zh", prepared_at=now, shown_sha256="0" * 64,
        signers=[{"user_id": one.user_id, "name": one.user.name, "field": f"signer-{n}"} for n, one in enumerate(signers, 1)],
    )
    code = OneTimeCode(user_id=user.id, purpose="sign", subject="x", code_hash="x", channel="sms", sent_at=now, expires_at=now)
    db.session.add_all([document, code])
    db.session.flush()
    db.session.add(Signature(revision_id=revision.id, document_id=document.id, user_id=user.id, field="signer-1", typed_name=user.name,
                             consent="ja", code_id=code.id, shown_sha256="0" * 64, language="zh", address="", device="", at=now))
    db.session.commit()


def test_what_one_signer_did_does_not_answer_for_the_other(db, browser, home, owner, esther):
    spouse = factories.make_homeowner(home, name="先签的人", relation="spouse")
    _sign(db, factories.make_estimate(home, esther, presented=True), spouse)
    hers, his = screen(browser, owner), screen(browser, spouse)
    assert "核对并签署报价" in card(hers, "需要您")
    assert "您已签字" not in hers.words
    assert "核对并签署报价" not in his.words
    assert "您已签字，正在等待其他签署人" in his.words


def test_a_member_who_only_looks_is_never_asked_to_sign_or_decide(db, browser, home, owner, esther, dora):
    viewer = factories.make_homeowner(home, name="奶奶", relation="parent", right="view")
    factories.make_drawing(home, dora)
    factories.make_estimate(home, esther, presented=True)
    assert "核对并签署报价" in card(screen(browser, owner), "需要您")
    page = screen(browser, viewer)
    assert "签约" in page.one(".spotlight").get_text()
    said = card(page, "需要您")
    assert "现在没有需要您做的事" in said
    assert "确认和签字由签约人完成" in said
    assert "请核对报价" not in page.words
    assert "确认图纸" not in page.words


def test_a_newer_offer_counts_after_the_first_was_declined(db, browser, home, owner, esther):
    first = factories.make_estimate(home, esther, presented=True)
    db.session.add(Refusal(revision_id=first.id, user_id=owner.id, reason="太贵", at=clock.now()))
    page = screen(browser, owner)
    assert "正在修改报价" in page.one(".spotlight").get_text()
    assert "核对并签署报价" not in page.words
    second = factories.make_estimate(home, esther, presented=True)
    page = screen(browser, owner)
    assert f"/customer/estimates/{second.id}" in page.text
    assert f"/customer/estimates/{first.id}" not in page.text
    assert "正在修改报价" not in page.words


def test_an_offer_that_ran_out_asks_for_nothing(db, browser, home, owner, esther):
    revision = factories.make_estimate(home, esther, presented=True, valid_until=clock.today())
    assert "核对并签署报价" in screen(browser, owner).words
    revision.valid_until = clock.today() - timedelta(days=1)
    page = screen(browser, owner)
    assert "核对并签署报价" not in page.words
    assert "上一份报价已过有效期" in page.one(".spotlight").get_text()


def test_the_works_show_the_stage_the_next_one_and_what_to_prepare(app, db, browser, home, owner, marcus):
    order = works.ordered(app, home, marcus)
    works.begin(app, order, "S02", marcus)
    page = screen(browser, owner)
    spot = page.one(".spotlight").get_text(" ")
    assert "拆改" in spot
    assert "预计11月26日 周四完成" in spot
    ahead = card(page, "接下来")
    assert "砌墙抹灰，预计11月27日 周五开始" in ahead
    assert "提前准备：请安排您自购的门、柜商家第一次量尺" in ahead
    assert "竣工验收" in ahead
    assert "马库斯" in page.all(".person")[0].get_text()


def test_before_the_first_day_the_start_stands_on_top(app, db, browser, home, owner, marcus):
    works.ordered(app, home, marcus, start_on=date(2026, 11, 30))
    page = screen(browser, owner)
    assert "11月30日 周一开工" in page.one(".spotlight").get_text()
    assert "提前准备：请到场确认图纸" in card(page, "接下来")


def test_after_the_keys_there_is_the_warranty(app, db, browser, home, owner, marcus):
    order = works.ordered(app, home, marcus, start_on=date(2026, 7, 1))
    last = works.begin(app, order, "S20", marcus)
    last.actual_end = order.finished_on = clock.today()
    page = screen(browser, owner)
    assert "已交付，质保中" in page.one(".spotlight").get_text()
    assert "11月24日 周二交付" in page.one(".spotlight").get_text()
    assert "现在没有需要您做的事" in card(page, "需要您")


def test_two_homes_stand_apart_and_the_one_that_waits_is_first(db, browser, home, owner, esther):
    other = factories.make_project(title="第二套", created_at=clock.now() + timedelta(hours=1))
    db.session.add(Membership(project_id=other.id, user_id=owner.id, relation="owner", right="sign", joined_at=clock.now()))
    factories.make_estimate(home, esther, presented=True)
    factories.make_visit(other, purpose="第二套的量房")
    page = screen(browser, owner)
    sections = page.all("section.home")
    assert [section.h2.get_text() for section in sections] == ["云栖苑 1栋", "第二套"]
    assert "1件事等您" in page.all(".list-row")[0].get_text()
    assert "核对并签署报价" in sections[0].get_text()
    assert "核对并签署报价" not in sections[1].get_text()
    assert "目前没有约好的上门时间" in sections[0].get_text()
    assert "目前没有约好的上门时间" not in sections[1].get_text()


def tell(db, user, kind, subject, *, hours=0, link="", channel="portal", read=False):
    at = clock.now() - timedelta(hours=hours)
    message = Message(user_id=user.id, channel=channel, address="", kind=kind, subject=subject, body="", link=link, queued_at=at,
                      sent_at=at, read_at=at if read else None)
    db.session.add(message)
    db.session.flush()
    return message


def test_since_she_was_last_here_the_weighty_comes_first(db, browser, owner):
    tell(db, owner, "order.delayed", "读过的", read=True)
    tell(db, owner, "estimate.presented", "新报价", hours=30, link="/customer/estimates/")
    tell(db, owner, "order.stage_started", "水电开始了", hours=3)
    tell(db, owner, "order.delayed", "延期了", hours=5)
    tell(db, owner, "order.delayed", "只发短信的", channel="sms")
    page = screen(browser, owner)
    assert [tag.get_text(" ").split()[0] for tag in page.all("#news .list-row-title")] == ["新报价", "延期了", "水电开始了"]
    assert "上次来之后，有3件新变化" in page.one(".page-head ~ .news-link").get_text()


def test_what_she_has_seen_is_gone_and_what_came_meanwhile_stays(db, browser, owner):
    seen = tell(db, owner, "order.delayed", "看过的")
    page = screen(browser, owner)
    up_to = page.one('#news input[name="up_to"]')["value"]
    assert up_to == str(seen.id)
    tell(db, owner, "visit.moved", "刚来的")
    answer = browser.as_(owner).post("customer.home.read_news", {"up_to": up_to})
    assert (answer.status, answer.location) == (303, "/customer/")
    page = screen(browser, owner)
    assert "看过的" not in page.words
    assert "刚来的" in page.one("#news").get_text()
    assert browser.as_(owner).post("customer.home.read_news", {"up_to": "x" * 99}).status == 303


def test_news_of_others_stay_theirs(db, browser, owner):
    other = factories.make_homeowner(factories.make_project(), name="别人")
    tell(db, other, "order.delayed", "别人家的事")
    assert "别人家的事" not in screen(browser, owner).text
    db.session.query(Message).update({Message.read_at: None})
    browser.as_(owner).post("customer.home.read_news", {"up_to": str(2**62)})
    assert db.session.query(Message).filter_by(user_id=other.id).one().read_at is None


def test_another_household_and_staff_see_nothing_of_it(db, browser, home, owner, marcus):
    stranger = factories.make_homeowner(factories.make_project(title="隔壁"), name="隔壁的人")
    assert "云栖苑 1栋" not in screen(browser, stranger).text
    assert browser.as_(marcus).get("customer.home.show").status == 404
    assert browser.as_(None).get("customer.home.show").status == 302


def test_the_first_screen_costs_the_same_for_one_home_or_six(app, db, browser, home, owner, esther, dora, marcus):
    def furnish(project):
        factories.make_drawing(project, dora)
        factories.make_visit(project, dora)
        works.begin(app, works.ordered(app, project, marcus), "S02", marcus, body="一句话")
        factories.make_estimate(project, esther, presented=True)
        tell(db, owner, "order.delayed", "延期了")

    def grow():
        for n in range(5):
            project = factories.make_project(title=f"另一套{n}")
            db.session.add(Membership(project_id=project.id, user_id=owner.id, relation="owner", right="sign", joined_at=clock.now()))
            factories.assign(project, marcus, Role.PROJECT_MANAGER)
            furnish(project)
        db.session.commit()

    furnish(home)
    db.session.commit()
    her = browser.as_(owner)
    assert_same_cost(app, lambda: her.get("customer.home.show"), grow)


@pytest.mark.parametrize(("language", "words"), [("zh", "谁来回答您"), ("en", "Who answers you")])
def test_both_languages(db, browser, owner, language, words):
    assert words in screen(browser, owner, language=language).words
