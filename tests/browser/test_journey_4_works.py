"""The journey ends well: an order is planned and built, a visit is moved, the calendar follows, a complaint is answered."""

from __future__ import annotations

import re

import icalendar
import pytest
from playwright.sync_api import expect

from portal import clock
from tests.browser import papers
from tests.browser.story import NAME, in_days, patiently

pytestmark = pytest.mark.browser


@pytest.fixture
def foreman(visitors):
    return visitors("S005", phone=True)


def test_the_signature_made_one_order(foreman, story):
    foreman.go(f"/staff/orders/?state=all&q={NAME}").inspect()
    rows = foreman.page.locator("#found a[href*='/staff/orders/']")
    assert rows.count() == 1
    foreman.follow(rows.first)
    story.addresses["order"] = foreman.page.url


def test_the_project_manager_plans_begins_and_finishes_a_stage(foreman, story, tmp_path):
    foreman.go(story.addresses["order"]).inspect()
    foreman.page.locator("[name=start_on]").fill(clock.today().isoformat())
    foreman.send("排出计划").sees("开工日期已定").inspect()
    photo = papers.photo_jpeg(tmp_path / "开工.jpg")
    for words in ("材料和人都到了，开工。", "这一步做完了，现场已清理。"):
        desk = foreman.page.locator(".stage-desk").first
        desk.locator("input[type=file]").set_input_files([photo])
        desk.locator("[name$=body]").first.fill(words)
        if desk.locator("[name$=confirmed]").count():
            desk.locator("[name$=confirmed]").check()
        foreman.send(desk.locator("button[type=submit]").first)
        expect(foreman.page.locator("#stages")).to_contain_text(words)
        foreman.look()
    foreman.inspect()


def test_she_sees_where_her_home_is(owner, story):
    owner.go("/customer/").sees("现在").inspect()
    owner.go("/customer/orders/").sees("这一步做完了，现场已清理。", "程大山").inspect()
    photo = owner.page.locator("main img[src*='/customer/photos/']").first
    owner.uncover(photo)
    assert loaded(photo)["width"] > 0


def loaded(image) -> dict:
    """The size of a picture that has really come."""
    image.scroll_into_view_if_needed()
    return image.evaluate("image => image.decode().then(() => ({width: image.naturalWidth, height: image.naturalHeight}))")


def test_a_moved_visit_says_why(manager, owner, story):
    manager.go(f"/staff/visits/new?project_id={story.project_id}").inspect()
    manager.fill(purpose="确认橱柜颜色", day=in_days(3), time="15:00").send("约好").sees("已约好")
    manager.fill(move__day=in_days(5), move__time="16:30", move__reason="橱柜样板周五才到")
    manager.send("确认改期").sees("已改期", "橱柜样板周五才到").inspect()
    owner.go("/customer/schedule/").sees("确认橱柜颜色", "橱柜样板周五才到", "改过期").inspect()
    owner.go("/customer/schedule/month").sees("16:30").inspect()


def test_her_calendar_program_reads_the_feed_until_she_revokes_it(owner, visitors):
    owner.go("/customer/schedule/").send("生成订阅地址").inspect()
    address = re.search(r"https?://\S+schedule\.ics\?key=[\w-]+", owner.words)[0]
    stranger = visitors()
    calendar = icalendar.Calendar.from_ical(stranger.fetch(address).body())
    visits = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    moved = next(event for event in visits.values() if "确认橱柜颜色" in str(event.get("SUMMARY", "")) + str(event.get("DESCRIPTION", "")))
    assert clock.local(moved.decoded("DTSTART")).strftime("%H:%M") == "16:30"
    assert int(moved["SEQUENCE"]) >= 1
    owner.page.locator("summary", has_text="停用").click()
    owner.send("确认停用")
    assert stranger.fetch(address).status == 404


@pytest.mark.parametrize("make", ["jpeg", "heic"])
def test_a_complaint_has_a_number_a_person_and_a_time_at_once(owner, story, tmp_path, make):
    photo = papers.photo_jpeg(tmp_path / "开裂.jpg") if make == "jpeg" else papers.photo_heic(tmp_path / "开裂.heic")
    owner.go("/customer/complaints/new").inspect()
    owner.page.locator("label", has_text="质量").first.click()
    owner.fill(title=f"客厅墙角开裂 {make}", description="昨天发现的，约30公分长。", place="客厅东北角")
    owner.page.locator("input[type=file]").set_input_files([photo])
    owner.send("提交").sees("已受理，编号", "您这件事的负责人").inspect()
    assert re.search(r"\d{1,2}:\d{2}", owner.page.locator(".spotlight").inner_text()), "when she will hear from us"
    size = loaded(owner.page.locator("main img[src*='/customer/photos/']").first)
    assert (size["height"] > size["width"]) == (make == "jpeg"), "turned upright"
    full = owner.fetch(owner.page.locator("main a[href*='/customer/photos/']").first.get_attribute("href")).body()
    assert b"GPS" not in full[:4000] and b"Exif" not in full[:4000]
    story.addresses["complaint"] = owner.page.url


def test_it_is_answered_solved_confirmed_and_opened_again(owner, visitors, story):
    service = visitors("A002")
    service.go("/staff/complaints/").inspect()
    service.go(story.addresses["complaint"].replace("/customer/", "/staff/")).inspect()
    steps = (("reply", "发给业主", "收到，今天下午来看。"), ("cause", "登记原因", "石膏板接缝没有贴网格带。"),
             ("solution", "发给业主", "周五重做接缝并补漆，费用我们承担。"), ("result", "发给业主确认", "接缝已重做，漆面已补。"))
    for step, button, words in steps:
        place = service.page.locator(f"#{step}")
        field = place.locator("[name$=words]")
        service.uncover(field)
        field.fill(words)
        service.send(place.get_by_role("button", name=button, exact=True)).sees(words)
    service.inspect()
    owner.go(story.addresses["complaint"]).sees("问题解决了吗？", "接缝已重做").inspect()
    owner.page.locator("#reopening summary").first.click()
    owner.page.locator("[name=reopening-words]").fill("又裂了一小段。")
    owner.send("重新打开").sees("已重新打开").inspect()
    patiently(owner, "/customer/", "客厅墙角开裂")
