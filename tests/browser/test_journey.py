"""The main job from the first word to the answered complaint, by everybody who takes part, each at his own screen.

The stations follow each other: where one breaks, those behind it are skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.browser import papers
from tests.browser.conftest import CALLED

pytestmark = pytest.mark.browser

NAME, PHONE, OWN_PASSWORD = "陆听雨", "+86 136-0000-7711", "窗外有雨 2026"
HOME = "听雨样板苑 7栋2单元1503"


@dataclass
class Story:
    """What later stations must know of earlier ones."""

    broken: str = ""
    addresses: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story() -> Story:
    return Story()


@pytest.fixture(autouse=True)
def _in_order(request, story):
    if story.broken:
        pytest.skip(f"the journey broke at: {story.broken}")
    yield
    called = request.node.stash.get(CALLED, None)
    if called is not None and called.failed:
        story.broken = request.node.name


@pytest.fixture
def seller(visitors):
    return visitors("S011", phone=True)


@pytest.fixture
def manager(visitors):
    return visitors("S001")


@pytest.fixture
def designer(visitors):
    return visitors("S002")


@pytest.fixture
def owner(visitors, story):
    return visitors("13600007711", phone=True, password=OWN_PASSWORD)


def outbox(visitors, *words: str) -> str:
    """The newest message that has all these words, as the administrator reads it."""
    admin = visitors("A001").go("/staff/outbox/")
    found = admin.page.locator(".outbox-message")
    for word in words:
        found = found.filter(has_text=word)
    return found.first.inner_text()


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


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
