"""The macros keep their promises without a browser: what people type stays text, what is missing is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser import styleguide

EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def ui():
    app = styleguide.create_app()
    with app.test_request_context("/"):
        yield app.jinja_env.get_template("ui.html").module


@pytest.mark.parametrize("draw", [
    lambda ui: ui.row(EVIL, href=EVIL, meta=[EVIL], trailing=EVIL, note=EVIL, avatar=EVIL),
    lambda ui: ui.cell(EVIL, EVIL, href=EVIL),
    lambda ui: ui.facts([(EVIL, EVIL)]),
    lambda ui: ui.person(EVIL, role=EVIL, phone=EVIL, note=EVIL),
    lambda ui: ui.alert("bad", title=EVIL, text=EVIL),
    lambda ui: ui.plain_field("q", EVIL, value=EVIL, hint=EVIL, error=EVIL, placeholder=EVIL),
    lambda ui: ui.post_button(EVIL, EVIL, confirm=EVIL, fields={EVIL: EVIL}),
    lambda ui: ui.button(EVIL, disabled_reason=EVIL),
    lambda ui: ui.change(EVIL, EVIL, EVIL, note=EVIL),
    lambda ui: ui.timeline([{"state": "done", "title": EVIL, "note": EVIL, "person": EVIL, "url": EVIL}]),
    lambda ui: ui.photos([{"url": EVIL, "thumb": EVIL, "alt": EVIL, "caption": EVIL}]),
    lambda ui: ui.copyable(EVIL),
])
def test_what_people_type_stays_text(ui, draw):
    drawn = BeautifulSoup(draw(ui), "html5lib")
    assert drawn.find("script") is None
    assert "alert(1)" in str(drawn)


def test_a_greyed_out_control_says_why_and_cannot_be_sent(ui):
    drawn = BeautifulSoup(ui.button("签字", name="go", disabled_reason="请先看第4版。"), "html5lib")
    assert drawn.button["type"] == "button"
    assert drawn.button["aria-disabled"] == "true"
    assert drawn.find(class_="reason").get_text(strip=True) == "请先看第4版。"


def test_a_missing_value_is_said(ui):
    drawn = BeautifulSoup(ui.facts([("备注", None), ("层高", 0)]), "html5lib")
    assert [dd.get_text(strip=True) for dd in drawn.find_all("dd")] == ["未填写", "0"]
    assert ui.day(None) == ui.moment(None) == ui.ago(None) == "—"


DIFFERENCES = [(35000, "增加了 +¥350.00"), (-35000, "减少了 −¥350.00"), (0, "价格不变")]


@pytest.mark.parametrize(("delta_fen", "words"), DIFFERENCES)
def test_a_difference_is_told_by_word_and_sign_not_by_colour(ui, delta_fen, words):
    assert BeautifulSoup(ui.difference(delta_fen), "html5lib").get_text(" ", strip=True) == words


def test_attributes_are_left_out_bare_or_valued(ui):
    html = ui.button("保存", hx_post="/x", hidden=None, formnovalidate=True, class_="tall")
    drawn = BeautifulSoup(html, "html5lib").button
    assert drawn["hx-post"] == "/x"
    assert drawn["formnovalidate"] == ""
    assert "hidden" not in drawn.attrs
    assert {"button", "button-primary", "tall"} <= set(drawn["class"])


def test_every_icon_that_a_template_names_is_drawn():
    naming = re.compile(r'(?:(?:ui\.icon|draw|ui\.empty)\(|\bicon=)"([a-z]+)"')
    sources = [*Path("portal").rglob("*.html"), *Path("portal").rglob("*.py")]
    named = {name for path in sources for name in naming.findall(path.read_text())}
    assert "check" in named
    assert named - set(styleguide.icon_names()) == set()
