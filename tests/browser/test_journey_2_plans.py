"""The journey goes on: drawings are dropped, shown, talked about, revised and approved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import papers
from tests.browser.story import patiently

pytestmark = pytest.mark.browser

SHEET, DRAWING, CHANGE = "P-04", "平面布置图", "厨房隔墙向北移了60公分"


def drop(designer, story, *paths) -> None:
    """Choose files in the drop zone: each shows its progress, then the page goes on by itself."""
    designer.go(f"/staff/plans/projects/{story.project_id}")
    designer.page.locator("[data-upload-form] input[type=file]").set_input_files(paths)
    designer.page.wait_for_url("**/uploads")
    designer.settle()


def test_a_designer_drops_two_drawings_and_shows_them(designer, story, tmp_path):
    plan = papers.drawing_pdf(tmp_path / f"听雨_{SHEET}_{DRAWING}_FA-R0_20261120.pdf", wall_mm=400)
    dxf = papers.drawing_dxf(tmp_path / "强电.dxf")
    designer.go(f"/staff/plans/projects/{story.project_id}").inspect()
    drop(designer, story, plan, dxf)
    designer.inspect()
    known = designer.page.locator(".plan-row", has_text=plan.name)
    expect(known.locator("[name$=sheet_no]")).to_have_value(SHEET)
    expect(known.locator("[name$=title]")).to_have_value(DRAWING)
    unknown = designer.page.locator(".plan-row", has_text=dxf.name)
    with designer.page.expect_response(lambda answer: "/rows/" in answer.url):
        unknown.locator("[name$=sheet_no]").press_sequentially("E-01")
        unknown.locator("[name$=sheet_no]").press("Tab")
    designer.settle()
    unknown.locator("[name$=title]").fill("强电图")
    for row in (known, unknown):
        row.locator("[name$=scale]").fill("1:60")
    designer.send("保存2个文件").sees("已保存2张图")
    assert "已发给业主" not in designer.words
    patiently(designer, f"/staff/plans/projects/{story.project_id}", DRAWING)
    for _try in range(80):
        if "生成中" not in designer.words:
            break
        designer.page.wait_for_timeout(400)
        designer.go(f"/staff/plans/projects/{story.project_id}")
    assert designer.page.locator(".plan-cell img").count() == 2, designer.words
    designer.send("发给业主").sees("已发给业主：2张图").inspect()


def test_she_zooms_pins_a_remark_and_asks_for_a_change(owner, story):
    owner.go("/customer/plans/").inspect()
    owner.follow(owner.page.locator("main a", has_text=DRAWING).first).inspect()
    story.addresses["drawing"] = owner.page.url.partition("?")[0]
    paper = owner.page.locator("[data-sheet] [data-paper]")
    before = paper.bounding_box()["width"]
    owner.page.locator("[data-zoom=in]").click()
    expect(paper).not_to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")
    owner.page.wait_for_timeout(300)
    assert paper.bounding_box()["width"] > before * 1.2, "the drawing grows"
    owner.page.locator("[data-zoom=reset]").click()
    owner.page.wait_for_timeout(400)
    box = paper.bounding_box()
    owner.page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    expect(owner.page.locator("[data-remark-form] [data-x]")).not_to_have_value("")
    owner.fill(body="这面墙能不能往北移60公分？").send("发给设计师").sees("等设计师答复").inspect()
    assert owner.page.locator("[data-marks] .pin").count() == 1
    owner.page.locator("summary", has_text="要修改").click()
    owner.fill(reason="厨房太小，请把隔墙往北移。").send("提出修改").sees("等设计师出新一版").inspect()


def test_the_designer_answers_and_draws_a_revision(designer, story, tmp_path):
    drawing = story.addresses["drawing"].replace("/customer/", "/staff/")
    designer.go(drawing).sees("厨房太小", "这面墙能不能往北移").inspect()
    designer.page.locator(".plan-remarks [name$=words]").fill("可以，下一版改好。")
    designer.page.locator(".plan-remarks [name$=resolved]").check()
    designer.send(designer.page.locator(".plan-remarks form button", has_text="发给业主")).sees("已处理")
    drop(designer, story, papers.drawing_pdf(tmp_path / f"听雨_{SHEET}_{DRAWING}_FA-R1_20261124.pdf", wall_mm=700))
    row = designer.page.locator(".plan-row")
    expect(row).to_contain_text("新一版 R1")
    row.locator("[name$=scale]").fill("1:60")
    row.locator("[name$=note]").fill("")
    designer.send("保存1个文件", expecting=422)
    designer.page.locator(".plan-row [name$=note]").fill(CHANGE)
    designer.page.locator("[name=show]").check()
    designer.send("保存1个文件").sees("已保存1张图")


def test_she_sees_what_changed_and_approves(owner, story):
    patiently(owner, story.addresses["drawing"], "橙色框标出了")
    owner.sees(CHANGE, "R1").inspect()
    assert owner.page.locator(".sheet-change").count() >= 1, "the moved wall is framed"
    for way in ("并排对比", "叠加对比"):
        owner.follow(way).inspect()
    owner.go(story.addresses["drawing"]).send("确认这一版").sees("您已确认这一版").inspect()
