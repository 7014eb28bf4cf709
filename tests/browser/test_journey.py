"""The main job from the first word to the answered complaint, by everybody who takes part, each at his own screen.

Here: a customer is registered, becomes a home with a team and a household, and is measured. It goes on in the files
with the next numbers; where a station breaks, those behind it are skipped.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import papers
from tests.browser.story import COMMUNITY, NAME, OWN_PASSWORD, PHONE, SHOWN_PHONE, in_days, outbox
from tests.browser.visitor import PHONE as PHONE_SCREEN
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_salesperson_registers_a_customer_and_sees_the_ruling_while_typing(seller, story):
    seller.go("/staff/leads/new").inspect()
    seller.fill(name=NAME, phone="19900000201")
    expect(seller.page.locator("#ruling .alert")).to_be_visible()
    seller.fill(phone=PHONE, community="听雨样板苑", building="7", unit="2", room="1503")
    expect(seller.page.locator("#ruling")).to_contain_text("可以报备")
    seller.inspect()
    seller.fill(next_step="周六上午带她看样板间", next_on=in_days(1))
    seller.send("提交报备").sees("报备成功", NAME).inspect()
    story.addresses["lead"] = seller.page.url


def test_a_rival_is_refused_without_learning_whose_customer_she_is(visitors):
    rival = visitors("A005", phone=True).go("/staff/leads/new")
    with rival.expecting(409):
        rival.fill(name="陆女士", phone="13600007711", community="别的小区", building="1", unit="1", room="101", next_step="打电话")
        rival.fill(next_on=in_days(1)).send("提交报备", expecting=409)
    expect(rival.page.locator("#ruling .alert")).to_be_visible()
    rival.inspect()
    for secret in ("莫跑单", NAME, "1503"):
        assert secret not in rival.words


def test_every_contact_has_a_next_step(seller, story):
    seller.go(story.addresses["lead"]).fill(summary="想要原木风，预算三十万左右，周末有空")
    seller.page.locator("[name=next_step]").fill("")
    seller.send("保存", expecting=422)
    expect(seller.page.locator("#story .error").first).to_be_visible()
    assert seller.page.locator("[name=summary]").input_value() == "想要原木风，预算三十万左右，周末有空"
    seller.fill(next_step="约量房", next_on=in_days(2)).send("保存").sees("想要原木风", "约量房").inspect()


def test_the_customer_becomes_a_project_with_a_team(seller, manager, visitors, story):
    seller.go(story.addresses["lead"])
    seller.send(seller.page.locator("form[action$='/project'] button")).sees("已立项").inspect()
    story.project_id = re.search(r"/projects/(\d+)", seller.page.url)[1]
    store = visitors("A004").go(f"/staff/projects/{story.project_id}")
    for person, role in (("苏小柠", "account_manager"), ("陆一帆", "designer"), ("何清点", "estimator"), ("程大山", "project_manager")):
        team = store.page.locator("#team")
        choice = team.locator(f"select option[value^='{role}:']", has_text=person).first.get_attribute("value")
        team.locator("select").select_option(choice)
        store.send("加入团队")
        expect(store.page.locator("#team .team")).to_contain_text(person)
    store.inspect()
    manager.go("/staff/projects/").follow(manager.page.get_by_role("link", name=COMMUNITY).first).sees(NAME)


def test_a_measurement_is_booked_and_a_designer_sent(manager, story):
    manager.go(f"/staff/measurements/new?project_id={story.project_id}").inspect()
    manager.page.get_by_text("约个时间").click()
    manager.fill(day=in_days(1), time="10:00").send("约好量房").sees("量房已约好")
    story.addresses["measurement"] = manager.page.url
    manager.go("/staff/measurements/").inspect()
    card = manager.page.locator("#board .card", has_text=NAME)
    choice = card.locator("select option", has_text="陆一帆").first.get_attribute("value")
    card.locator("select").select_option(choice)
    manager.send(card.get_by_role("button", name="派单", exact=True))
    expect(manager.page.locator("#board .card", has_text=NAME)).to_contain_text("陆一帆")


def test_the_household_is_invited_and_the_link_opens_the_first_screen(manager, visitors, chromium, product, story):
    manager.go(f"/staff/projects/{story.project_id}/household").inspect()
    manager.fill(name=NAME, phone=PHONE)
    manager.page.locator("[name=relation]").select_option("owner")
    manager.page.get_by_text("可以签字").last.click()
    manager.send("发送邀请").sees("邀请已发给", NAME)
    link = re.search(r"(?:http://[^\s/]+)?/invitations/[\w-]+", outbox(visitors, SHOWN_PHONE, "/invitations/"))[0]
    guest = Visitor(chromium, product, **PHONE_SCREEN)
    guest.go(link).sees("欢迎回家", COMMUNITY).inspect()
    guest.fill(new="12345678").send("设置密码并进入", expecting=422)
    guest.fill(new=OWN_PASSWORD).send("设置密码并进入").sees("欢迎", NAME).inspect()
    with guest.expecting(410):
        guest.go(link).sees("这个链接已经不能用了")
    guest.close()


def test_the_designer_measures_and_records_what_he_found(designer, owner, story, tmp_path):
    owner.go("/customer/schedule/").sees("陆一帆").inspect()
    designer.go(story.addresses["measurement"].replace("/visits/", "/measurements/") + "/record").inspect()
    for _item in designer.page.locator("fieldset.choices").all():
        _item.locator("label", has_text="没有").last.click()
    first = designer.page.locator("fieldset.choices").first
    first.locator("label.choice").first.click()
    first.locator("input[type=text], input:not([type])").first.fill("北墙离地300")
    designer.fill(base_condition="基层平整，已向业主说明", day=in_days(4), time="14:00")
    designer.page.locator("input[type=file]").set_input_files([papers.photo_jpeg(tmp_path / "现场.jpg")])
    designer.send("提交量房记录").sees("量房记录已提交").inspect()
    designer.go(f"/staff/measurements/rooms/{story.project_id}")
    for name, text in {"rooms-0-name": "客餐厅", "rooms-0-length_mm": "6200", "rooms-0-width_mm": "4100", "rooms-0-height_mm": "2750"}.items():
        designer.page.locator(f"[name='{name}']").fill(text)
    designer.send("保存房间").sees("25.42").inspect()
    owner.go("/customer/schedule/").sees("看平面方案")
    owner.follow(owner.page.locator("a[href*='/customer/schedule/']", has_text="量房").first).sees("北墙离地300").inspect()
