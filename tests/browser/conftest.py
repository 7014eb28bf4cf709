"""A real Chromium and the real product, started once for all journeys."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

from portal.demo.people import PASSWORD
from tests.browser import product as products
from tests.browser.story import OWN_PASSWORD, Story
from tests.browser.visitor import DESK, PHONE, Visitor

CALLED = pytest.StashKey()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """The demo company, served."""
    with products.running(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture(scope="session")
def visitors(chromium, product):
    """visitors("S011", phone=True) → a signed-in Visitor; one window per person, screen and language."""
    known: dict[tuple, Visitor] = {}

    def visitor(identifier: str = "", *, phone: bool = False, password: str = PASSWORD, **how) -> Visitor:
        key = (identifier, phone, *sorted(how.items()))
        if key not in known:
            known[key] = Visitor(chromium, product, **(PHONE if phone else DESK), **how)
            if identifier:
                known[key].sign_in(identifier, password)
        return known[key]

    yield visitor
    for one in known.values():
        one.close()


@pytest.fixture(scope="session")
def story() -> Story:
    return Story()


@pytest.fixture(autouse=True)
def _in_order(request):
    """A station of the journey is skipped when an earlier one broke."""
    if "story" not in request.fixturenames:
        yield
        return
    story = request.getfixturevalue("story")
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
def estimator(visitors):
    return visitors("S004")


@pytest.fixture
def owner(visitors, story):
    return visitors("13600007711", phone=True, password=OWN_PASSWORD)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """When a journey fails, the server's last words stand below it."""
    outcome = yield
    report = outcome.get_result()
    if call.when == "call":
        item.stash[CALLED] = report
    if report.failed and "product" in getattr(item, "funcargs", {}):
        report.sections.append(("portal serve", products.last_words(item.funcargs["product"])))
