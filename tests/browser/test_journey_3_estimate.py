"""The journey goes on: an estimate is priced, presented, read, signed and sealed; whoever has the file can check it."""

from __future__ import annotations

import re
import subprocess

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.browser.story import NAME, SHOWN_PHONE, draw_signature, in_days, outbox, patiently
from tests.browser.visitor import PHONE as PHONE_SCREEN
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_the_estimator_prices_the_home_from_the_price_book(estimator, story):
    estimator.go(f"/staff/estimates/projects/{story.project_id}").inspect()
    estimator.send("开始编制")
    story.addresses["draft"] = estimator.page.url
    for code, quantity in (("NW-008", "25.42"), ("NW-011", "20"), ("MZ-001", "12")):
        estimator.page.locator("[name=q]").fill(code)
        line = estimator.page.locator("#items .list-row", has_text=code)
        expect(line).to_be_visible()
        line.locator("[name=quantity]").fill(quantity)
        estimator.send(line.get_by_role("button", name="加入"))
        expect(estimator.page.locator("#ledger table", has_text=code).first).to_be_visible()
    before = estimator.page.locator("#sums").inner_text()
    floor = estimator.page.locator("tr", has_text="NW-011").locator("[name=quantity]")
    with estimator.page.expect_response(lambda answer: answer.url.endswith("/quantity")):
        floor.fill("25.42")
        floor.press("Tab")
    estimator.settle()
    assert estimator.page.locator("#sums").inner_text() != before, "the sums follow a changed quantity"
    estimator.inspect()
    estimator.fill(management_rate="8", tax_rate="3", discount_fen="500", valid_until=in_days(20),
                   materials_chosen_on=clock.today().isoformat(), change_summary="第一版，按量房尺寸计算。")
    estimator.send(estimator.page.locator("#terms button")).go(story.addresses["draft"]).inspect()


def test_before_it_is_presented_she_sees_nothing_then_all_of_it(estimator, owner, story):
    owner.go("/customer/estimates/").sees("还没有报价")
    estimator.go(story.addresses["draft"])
    estimator.send("确认出示").sees("已出示").inspect()
    owner.go("/customer/estimates/").follow(owner.page.locator("main a[href*='/customer/estimates/']").first)
    story.addresses["revision"] = owner.page.url
    owner.sees("第一版，按量房尺寸计算。", "管理费", "税金").inspect()
    assert "主材/辅材" not in owner.words


def test_she_signs_with_code_and_drawn_name(visitors, owner, story):
    ceremony = story.addresses["revision"] + "/signature"
    patiently(owner, ceremony, "发送验证码")
    story.files["shown"] = download(owner, "certified")
    owner.inspect()
    owner.send("发送验证码").sees("验证码已发")
    code = re.search(r"验证码是(\d{6})", outbox(visitors, "验证码", SHOWN_PHONE))[1]
    draw_signature(owner)
    owner.fill(typed_name=NAME, code="000000" if code != "000000" else "111111")
    owner.page.locator("[name=consent]").check()
    owner.send(owner.page.locator("#sign form button[type=submit]"), expecting=422)
    owner.inspect()
    draw_signature(owner)
    owner.fill(code=code)
    owner.page.locator("[name=consent]").check()
    owner.send(owner.page.locator("#sign form button[type=submit]")).sees("您已签署这一版").inspect()


def test_the_worker_seals_the_document_and_everybody_can_check_it(owner, product, story, tmp_path):
    patiently(owner, story.addresses["revision"], "全部签署，已封存")
    sealed = tmp_path / "sealed.pdf"
    sealed.write_bytes(download(owner, "file"))
    story.files["sealed"] = sealed.read_bytes()
    said = product.command("verify", str(sealed))
    assert said.returncode == 0, said.stdout + said.stderr
    named = subprocess.run(["pdfsig", "-nocert", str(sealed)], capture_output=True, text=True).stdout
    signers = re.findall(r"Signer Certificate Common Name: (.+)", named)
    assert len(signers) == 2 and NAME in " ".join(signers)
    assert all(signer in said.stdout for signer in signers), f"{signers} against\n{said.stdout}"


@pytest.mark.parametrize("how", ["whole", "flipped", "appended", "cut off"])
def test_the_public_page_tells_a_sealed_file_from_every_other(chromium, product, story, tmp_path, how):
    whole = story.files["sealed"]
    middle = len(whole) // 2
    file = tmp_path / f"{how}.pdf"
    file.write_bytes({
        "whole": whole,
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "appended": whole + b"\n% one more word\n%%EOF\n",
        "cut off": story.files["shown"],
    }[how])
    stranger = Visitor(chromium, product, **PHONE_SCREEN)
    stranger.go("/verify/").page.locator("input[type=file]").set_input_files(file)
    stranger.send("验证")
    answer = stranger.page.locator("#answer")
    expect(answer).to_contain_text({"whole": "完整，全部签署", "cut off": "这不是最后的一份"}.get(how, "不能相信这份文件"))
    stranger.inspect().close()
    assert (product.command("verify", str(file)).returncode == 0) == (how == "whole")


def download(owner, which: str) -> bytes:
    """The document behind the link on the page: as the company "certified" it, or the "file" as it stands now."""
    link = owner.page.locator(f"a[href*='/customer/documents/'][href$='/{which}']").first.get_attribute("href")
    answer = owner.fetch(link)
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    return answer.body()
