"""Every page that links lead to, for everybody: accessible, within the screen, without a complaint of the browser, in both languages."""

from __future__ import annotations

import re
import time

import pytest

from tests.browser.chinese import Data
from tests.browser.surfing import Stop, Surfer, kind_of
from tests.browser.visitor import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

ESTIMATOR, MANAGER, DESIGNER = "S004", "S001", "S002"
OFFICE = {
    "the general manager": "A003", "the account manager": MANAGER, "the salesperson": "S011", "the designer": DESIGNER,
    "the estimator": ESTIMATOR, "the supervisor": "A004", "the project manager": "S005", "the administrator": "A001",
    "the complaints clerk": "A002",
}
HOMES = {"her who waits for a signature": "19900000201", "her who has signed": "19900000002", "his wife, who may only look": "19900000202",
         "him whose home is built": "19900000001"}
EVERYBODY = {"a stranger": ""} | HOMES | OFFICE
HOME = 3  # the demo home on its way


@pytest.fixture(scope="module")
def looked() -> dict[str, set[str]]:
    """Language → the kinds of pages that were looked at so far."""
    return {"en": set(), "zh": set()}


@pytest.fixture(scope="module")
def people(chromium, product):
    """people(identifier) → a signed-in Surfer on a phone, and where she starts: one sign-in per person."""
    known: dict[str, tuple[Surfer, str]] = {}

    def surfer(identifier: str) -> tuple[Surfer, str]:
        if identifier not in known:
            one = Surfer(Visitor(chromium, product, **PHONE))
            known[identifier] = one, one.sign_in(identifier) if identifier else "/"
        return known[identifier]

    yield surfer
    for one, _start in known.values():
        one.visitor.close()


@pytest.fixture(scope="module", autouse=True)
def work_in_hand(people):
    """What the demo company has just finished is begun anew: a draft estimate, and a measurement to record."""
    estimator, _start = people(ESTIMATOR)
    estimator.submit(f"/staff/estimates/projects/{HOME}", f"/projects/{HOME}", kind="budget")
    manager, _start = people(MANAGER)
    manager.submit(f"/staff/measurements/new?project_id={HOME}", "/measurements/", how="at_once")
    board = manager.tree("/staff/measurements/")
    designer = board.xpath("//form[contains(@action, '/dispatch')]//option[contains(., '陆一帆')]/@value")[0]
    manager.submit("/staff/measurements/", "/dispatch", designer=designer, when="now", eta_minutes="30")
    _until_she_may_sign(people(HOMES["her who waits for a signature"])[0])


def _until_she_may_sign(her: Surfer) -> None:
    """The worker makes the paper in the background; until then no link leads to the page where she signs."""
    estimate = her.tree("/customer/estimates/").xpath("//main//a[contains(@href, '/customer/estimates/')]/@href")[0]
    until = time.monotonic() + 90
    while not her.tree(estimate).xpath("//a[contains(@href, '/signature')]"):
        assert time.monotonic() < until, f"no paper to sign: {her.tree(estimate).text_content()[:600]}"
        her.visitor.page.wait_for_timeout(500)


@pytest.fixture(scope="module")
def invitation(people) -> str:
    """The link in the message to somebody who is invited into the household."""
    people(MANAGER)[0].submit(f"/staff/projects/{HOME}/household", "/invitations", name="叶妈妈", phone="13600007722", relation="parent", right="view")
    outbox = people(OFFICE["the administrator"])[0].tree("/staff/outbox/")
    return re.search(r"/invitations/[\w-]+", outbox.text_content())[0]


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_is_whole_on_the_phone_and_at_the_desk_in_both_languages(people, product, looked, invitation, who):
    """All her pages are read in English; one of each kind that nobody had before her is looked at, and in any case her first."""
    surfer, start = people(EVERYBODY[who])
    surfer.speak("en")
    stops, faults = surfer.everywhere(start, *([] if EVERYBODY[who] else ["/password/code", invitation]))
    data = Data(product.home / "portal.db")
    faults += [f"{stop.path} says {words}" for stop in stops if (words := data.left_in(stop.tree))]
    faults += [f"{stop.path} is not quite a page" for stop in stops if stop.tree.get("lang") != "en" or len(stop.tree.xpath("//h1")) != 1]
    for stop in _fresh(stops, looked["en"]):
        faults += _look(surfer.visitor, stop, "en", PHONE)
    surfer.speak("zh")
    looked["zh"].discard(stops[0].kind)
    for stop in _fresh(stops, looked["zh"]):
        faults += _look(surfer.visitor, stop, "zh-CN", PHONE, DESK)
    assert not faults, "\n".join(faults)


def test_nothing_was_left_out(whole_app, looked):
    """A new page needs a link that leads to it, and is looked at then in both languages."""
    if len(looked["zh"]) < 10:
        pytest.skip("this looks at what the tests before it have found")
    pages = {kind_of(re.sub(r"<[^>]+>", "1", str(rule))) for rule in whole_app.url_map.iter_rules()
             if "GET" in rule.methods and rule.endpoint != "static" and not getattr(whole_app.view_functions[rule.endpoint], "raw", False)}
    missed = {language: pages - {kind.partition("?")[0] for kind in kinds} for language, kinds in looked.items()}
    assert missed == {"en": set(), "zh": set()}


def _fresh(stops: list[Stop], kinds: set[str]) -> list[Stop]:
    """One of each kind that is not among `kinds`, which remembers them."""
    chosen = {stop.kind: stop for stop in reversed(stops) if stop.kind not in kinds}
    kinds.update(chosen)
    return list(chosen.values())


def _look(visitor: Visitor, stop: Stop, tag: str, *screens: dict) -> list[str]:
    """What is wrong with a page on these screens, loaded once."""
    page = visitor.page
    page.set_viewport_size(screens[0]["viewport"])
    try:
        visitor.go(stop.path)
        assert page.evaluate("[document.documentElement.lang, document.querySelectorAll('h1').length]") == [tag, 1], stop.path
        for screen in screens:
            page.set_viewport_size(screen["viewport"])
            visitor.look()
            visitor.inspect()
    except AssertionError as fault:
        visitor.complaints.clear()
        return [str(fault)]
    return []
