"""What the walk over all pages cannot show in English: the answers to mistakes, and the paper itself."""

from __future__ import annotations

import pypdfium2
import pytest
from lxml import html

from tests.browser.chinese import Data
from tests.browser.story import patiently
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
OWNER, SELLER = "19900000201", "S011"


@pytest.fixture(scope="module")
def speaker(chromium, product):
    """speaker("S011") → a phone whose browser asks for English, signed in by the English page."""
    known = {}

    def visitor(identifier: str) -> Visitor:
        if identifier not in known:
            known[identifier] = Visitor(chromium, product, language="en", **PHONE)
            known[identifier].context.add_cookies([{"name": "language", "value": "en", "url": product.url}])
            known[identifier].sign_in(identifier)
        return known[identifier]

    yield visitor
    for one in known.values():
        one.close()


@pytest.fixture
def english(product):
    """english(visitor): nothing on her page is Chinese but data."""
    def check(visitor: Visitor) -> None:
        assert visitor.page.evaluate("document.documentElement.lang") == "en"
        left = Data(product.home / "portal.db").left_in(html.fromstring(visitor.page.content()))
        assert not left, f"{visitor.page.url}: {left}"

    return check


def test_a_refused_lead_says_why(speaker, english):
    seller = speaker(SELLER).go("/staff/leads/new")
    seller.fill(phone="12").send("Register", expecting=422).inspect()
    assert seller.page.locator("p.error").count() >= 3
    english(seller)
    seller.fill(name="Ann", phone="19900000201", community="Elsewhere", building="1", unit="1", room="1", next_step="Call", next_on="2099-01-01")
    seller.send("Register", expecting=409).inspect()
    english(seller)


def test_a_complaint_without_words_says_what_is_missing(speaker, english):
    owner = speaker(OWNER).go("/customer/complaints/new")
    owner.send(owner.page.locator("main form[method=post] button[type=submit]").first, expecting=422).inspect()
    assert owner.page.locator("p.error").count() >= 2
    english(owner)


def test_the_paper_she_signs_is_english(speaker, english):
    owner = speaker(OWNER).go("/customer/estimates/")
    owner.follow(owner.page.locator("main a[href*='/customer/estimates/']").first)
    ceremony = owner.page.url + "/signature"
    patiently(owner, ceremony, "Open or download the PDF")
    english(owner)
    link = owner.page.locator("a[href$='/certified']").first.get_attribute("href")
    paper = pypdfium2.PdfDocument(owner.fetch(link).body())
    words = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "Total" in words
    assert not [ours for ours in ("合计", "管理费", "税金", "签字", "有效期") if ours in words]
