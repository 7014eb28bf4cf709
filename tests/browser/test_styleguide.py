"""The parts of every page: readable for everyone, at every width, in both languages, under the strict policy."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.browser import styleguide

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, styleguide.create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_at(chromium, address):
    """open_at(390, "?lang=en") → the page, at rest. What the browser complains about is in `page.complaints`."""
    contexts = []

    def open_page(width: int = 390, query: str = "", **options):
        context = chromium.new_context(viewport={"width": width, "height": 844}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address + query)
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("query", ["", "?lang=en", "?faults=1"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_hard_to_read_and_nothing_sticks_out(open_at, width, query):
    page = open_at(width, query, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found["violations"]] == []


def test_the_strict_policy_has_nothing_to_forbid(open_at):
    page = open_at(390)
    assert page.complaints == []
    assert page.locator("[style]").count() == 0
    assert "js" in page.locator("html").get_attribute("class")


def test_fingers_hit_what_they_mean(open_at):
    page = open_at(390)
    small = page.evaluate(
        "[...document.querySelectorAll('.button, .top a, .tabs a, .person-call, select,"
        " input:not([type=hidden],[type=checkbox],[type=radio],[type=file])')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


def test_a_second_tap_sends_nothing(open_at):
    page = open_at(390)
    sent = []
    page.route("**/*", lambda route: (sent.append(1), None) if route.request.method == "POST" else route.continue_())
    page.evaluate("const button = document.querySelector('.post-button button'); for (const _ of 'abc') button.click()")
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_a_menu_closes_with_escape_and_gives_the_focus_back(open_at):
    page = open_at(390)
    page.click(".drawer > summary")
    assert page.locator(".drawer-panel").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".drawer-panel").is_visible()
    assert page.evaluate("document.activeElement === document.querySelector('.drawer > summary')")


def test_without_scripts_menus_confirmations_and_reasons_still_open(open_at):
    page = open_at(390, java_script_enabled=False)
    page.click(".drawer > summary")
    assert page.locator(".drawer-panel").is_visible()
    page.click(".drawer > summary")
    page.click("details.confirm > summary")
    assert page.locator(".confirm-panel button").is_visible()
    page.click(".trace > summary")
    assert page.locator(".reasons li").first.is_visible()
    assert page.locator("[data-drop] input[type=file]").is_visible()


def test_a_refused_form_ties_every_fault_to_its_field(open_at):
    page = open_at(390, "?faults=1")
    assert page.evaluate("document.activeElement.hasAttribute('data-focus')")
    for link in page.locator(".alert [href^='#']").all():
        if link.inner_text() != "看看哪里变了":
            assert page.locator(link.get_attribute("href")).count() == 1
    phone = page.locator("#phone")
    assert phone.input_value() == "1380013800"
    assert "少了1位" in page.locator(f"[id='{phone.get_attribute('aria-describedby').split()[-1]}']").inner_text()
