"""The main job again with scripts switched off: forms, links and summaries are enough, from the lead to the answered complaint."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.browser import papers
from tests.browser.story import Story, in_days, outbox, patiently
from tests.browser.visitor import PHONE as PHONE_SCREEN
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NAME, PHONE, SHOWN_PHONE, PASSWORD, COMMUNITY = "闻人静", "136 0000 8822", "136 0000 8822", "没有脚本也行 2026", "静听样板苑"
TEAM = {"designer": "陆一帆", "estimator": "何清点", "project_manager": "程大山", "account_manager": "苏小柠"}


@pytest.fixture(scope="module")
def story() -> Story:
    """Of her own, so that it also stops by itself where it breaks."""
    return Story()


@pytest.fixture(scope="module")
def desk(visitors):
    """desk("S001") → somebody of the office, without scripts."""
    return lambda number: visitors(number, scripts=False)


@pytest.fixture(scope="module")
def her(chromium, product):
    """The homeowner's phone, without scripts; the invitation signs her in."""
    visitor = Visitor(chromium, product, scripts=False, **PHONE_SCREEN)
    yield visitor
    visitor.close()


def test_the_ruling_comes_with_the_answer(desk, story):
    seller = desk("S011").go("/staff/leads/new")
    taken = {"name": NAME, "phone": "19900000201", "community": COMMUNITY, "building": "1", "unit": "1", "room": "801", "next_step": "量房"}
    seller.fill(**taken, next_on=in_days(1)).send("提交报备", expecting=409)
    expect(seller.page.locator("#ruling .alert")).to_be_visible()
    assert seller.page.locator("[name=community]").input_value() == COMMUNITY
    seller.fill(phone=PHONE).send("查重").sees("可以报备")
    assert seller.page.locator("[name=next_step]").input_value() == "量房"
    seller.send("提交报备").sees("报备成功", NAME)
    seller.send(seller.page.locator("form[action$='/project'] button")).sees("已立项")
    story.project_id = re.search(r"/projects/(\d+)", seller.page.url)[1]


def test_a_team_a_visit_and_a_household(desk, her, visitors, story):
    store = desk("A004").go(f"/staff/projects/{story.project_id}")
    for role, person in TEAM.items():
        choices = store.page.locator("#team select")
        choices.select_option(choices.locator(f"option[value^='{role}:']", has_text=person).first.get_attribute("value"))
        store.send("加入团队").sees(person)
    manager = desk("S001").go(f"/staff/measurements/new?project_id={story.project_id}")
    manager.page.get_by_label("约个时间").check()
    manager.fill(day=in_days(1), time="10:00").send("约好量房").sees("量房已约好")
    story.addresses["visit"] = manager.page.url.partition("?")[0]
    manager.go("/staff/measurements/")
    card = manager.page.locator("#board .card", has_text=NAME)
    choices = card.locator("select")
    choices.select_option(choices.locator("option", has_text="陆一帆").first.get_attribute("value"))
    manager.send(card.get_by_role("button", name="派单", exact=True)).sees("已派单")
    manager.go(f"/staff/projects/{story.project_id}/household").fill(name=NAME, phone=PHONE)
    manager.page.locator("[name=relation]").select_option("owner")
    manager.page.get_by_label("可以签字").check()
    manager.send("发送邀请").sees("邀请已发给")
    her.go(re.search(r"/invitations/[\w-]+", outbox(visitors, SHOWN_PHONE, "/invitations/"))[0])
    her.fill(new=PASSWORD).send("设置密码并进入").sees(NAME)
    her.go("/customer/schedule/").sees("陆一帆")


def test_the_measurement_is_recorded_with_a_photo(desk, her, story, tmp_path):
    designer = desk("S002").go(story.addresses["visit"].replace("/visits/", "/measurements/") + "/record")
    for item in designer.page.locator("fieldset.choices").all():
        item.locator("label", has_text="没有").last.click()
    designer.fill(base_condition="基层平整，已向业主说明", day=in_days(4), time="16:00")
    designer.page.locator("input[type=file]").set_input_files([papers.photo_jpeg(tmp_path / "现场.jpg")])
    designer.send("提交量房记录").sees("量房记录已提交")
    her.go("/customer/schedule/").sees("看平面方案")


def test_a_drawing_is_sent_as_a_form_shown_remarked_and_approved(desk, her, story, tmp_path):
    designer = desk("S002").go(f"/staff/plans/projects/{story.project_id}")
    designer.page.locator("[data-upload-form] input[type=file]").set_input_files(
        [papers.drawing_pdf(tmp_path / "静听_P-04_平面布置图_FA-R0_20261120.pdf", wall_mm=400)])
    designer.send("上传").sees("核对图纸", "P-04")
    designer.page.locator("[name$=scale]").fill("1:60")
    designer.send("保存1个文件").sees("已保存1张图")
    designer.go(f"/staff/plans/projects/{story.project_id}").send("发给业主").sees("已发给业主")
    her.go("/customer/plans/").follow(her.page.locator("main a", has_text="平面布置图").first)
    patiently(her, her.page.url, "说的是图上哪里")
    her.page.locator("[name=cell]").select_option(index=1)
    her.fill(body="这面墙能不能往北移？").send("发给设计师").sees("等设计师答复", "这面墙能不能往北移？")
    her.send("确认这一版").sees("您已确认这一版")


def test_an_estimate_is_priced_and_presented(desk, her, story):
    estimator = desk("S004").go(f"/staff/estimates/projects/{story.project_id}").send("开始编制")
    draft = estimator.page.url
    for code, quantity in (("NW-008", "25.42"), ("MZ-001", "12")):
        estimator.go(draft).fill(q=code)
        with estimator.page.expect_navigation():
            estimator.page.locator("form:has([name=q]) button").first.click()
        line = estimator.settle().page.locator("#items .list-row", has_text=code)
        line.locator("[name=quantity]").fill(quantity)
        estimator.send(line.get_by_role("button", name="加入")).sees(code)
    estimator.go(draft).fill(management_rate="8", tax_rate="3", discount_fen="100", valid_until=in_days(20),
                             materials_chosen_on=clock.today().isoformat(), change_summary="第一版。")
    estimator.send(estimator.page.locator("#terms button")).go(draft)
    estimator.send("确认出示").sees("已出示")
    her.go("/customer/estimates/").follow(her.page.locator("main a[href*='/customer/estimates/']").first).sees("第一版。", "管理费", "税金")
    story.addresses["revision"] = her.page.url


def test_she_compares_a_second_revision_and_signs_with_her_typed_name(desk, her, visitors, story):
    estimator = desk("S004").go(f"/staff/estimates/projects/{story.project_id}").send("开始编制")
    estimator.page.locator("tr", has_text="MZ-001").locator("[name=quantity]").fill("15")
    row = estimator.page.locator("tr", has_text="MZ-001")
    estimator.send(row.locator("button").first)
    estimator.fill(valid_until=in_days(20), change_summary="柜子加到15平方。")
    estimator.send(estimator.page.locator("#terms button"))
    estimator.send("确认出示").sees("已出示")
    her.go("/customer/estimates/").follow(her.page.locator("main a[href*='/customer/estimates/']").first).sees("柜子加到15平方。")
    assert her.page.locator("#changes").count() == 1
    ceremony = her.page.url + "/signature"
    story.addresses["revision"] = her.page.url
    patiently(her, ceremony, "发送验证码")
    her.send("发送验证码").sees("验证码已发")
    code = re.search(r"验证码是(\d{6})", outbox(visitors, "验证码", SHOWN_PHONE))[1]
    assert not her.page.locator("[data-sign]").is_visible(), "a field that needs scripts is not offered"
    her.fill(typed_name="别人", code=code).send(her.page.locator("#sign form button[type=submit]"), expecting=422)
    her.page.locator("[name=consent]").check()
    her.fill(typed_name=NAME, code=code).send(her.page.locator("#sign form button[type=submit]")).sees("您已签署这一版")
    patiently(her, story.addresses["revision"], "全部签署，已封存")


def test_the_order_moves_and_she_sees_it(desk, her):
    foreman = desk("S005").go(f"/staff/orders/?state=all&q={NAME}")
    foreman.follow(foreman.page.locator("#found a[href*='/staff/orders/']").first).fill(start_on=clock.today().isoformat())
    foreman.send("排出计划").sees("开工日期已定")
    stage = foreman.page.locator(".stage-desk").first
    stage.locator("[name$=body]").first.fill("材料和人都到了，开工。")
    if stage.locator("[name$=confirmed]").count():
        stage.locator("[name$=confirmed]").check()
    foreman.send(stage.locator("button[type=submit]").first).sees("材料和人都到了，开工。")
    her.go("/customer/orders/").sees("程大山")


def test_a_complaint_is_filed_followed_and_closed(desk, her, tmp_path):
    her.go("/customer/complaints/new")
    her.page.locator("label", has_text="质量").first.click()
    her.fill(title="墙角开裂", description="昨天发现的。", place="客厅")
    her.page.locator("input[type=file]").set_input_files([papers.photo_heic(tmp_path / "开裂.heic")])
    her.send("提交").sees("已受理，编号", "您这件事的负责人")
    address = her.page.url.partition("?")[0]
    assert her.page.locator("main img[src*='/customer/photos/']").count() == 1
    service = desk("A002").go(address.replace("/customer/", "/staff/"))
    for step, button, words in (("reply", "发给业主", "今天下午来看。"), ("cause", "登记原因", "接缝没有贴网格带。"),
                                ("solution", "发给业主", "周五重做接缝。"), ("result", "发给业主确认", "接缝已重做。")):
        field = service.page.locator(f"#{step} [name$=words]")
        service.uncover(field)
        field.fill(words)
        service.send(service.page.locator(f"#{step}").get_by_role("button", name=button, exact=True)).sees(words)
    her.go(address).sees("问题解决了吗？", "接缝已重做。")
    her.page.locator("#confirmation [type=radio]").last.check()
    her.send("确认已解决").sees("已结案")
