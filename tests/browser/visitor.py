"""A person at a browser: every page she opens is watched for errors, and looked at for what sticks out."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from portal.demo.people import PASSWORD
from tests.browser.product import Product

VENDOR = Path(__file__).parent / "vendor"
AXE = (VENDOR / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}
WIDER_THAN_SCREEN = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width + 1) return [];
  return [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > width + 1 && getComputedStyle(e).position !== "fixed";
  }).slice(0, 4).map(e => `${e.tagName}.${e.className} to ${Math.round(e.getBoundingClientRect().right)} of ${width}`);
}"""


class Visitor:
    """One browser window of one person; `page` is Playwright's. `complaints` is what the browser found wrong."""

    def __init__(self, browser: Browser, product: Product, *, language: str = "zh", scripts: bool = True, **screen):
        self.product = product
        self.context = browser.new_context(
            base_url=product.url, locale="zh-CN" if language == "zh" else "en-GB", timezone_id="Asia/Shanghai",
            java_script_enabled=scripts, reduced_motion="reduce", accept_downloads=True, **screen,
        )
        self.context.set_default_timeout(15_000)
        self.scripts = scripts
        self.complaints: list[str] = []
        self._expected: set[int] = set()
        self._open: set = set()
        self._watch()
        self.page: Page = self.context.new_page()

    # ── moving ────────────────────────────────────────────────────────────────────────────────────────────────────

    def sign_in(self, identifier: str, password: str = PASSWORD) -> Visitor:
        """Through the sign-in page, as everybody does."""
        self.go("/login")
        self.page.locator("form.form [name=identifier]").fill(identifier)
        self.page.locator("form.form [name=password]").fill(password)
        self.page.locator("form.form button").click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self.settle()

    def go(self, path: str) -> Visitor:
        """Open an address of the portal."""
        self.page.goto(path)
        return self.settle()

    def follow(self, name: str | Locator) -> Visitor:
        """Click a link and arrive."""
        link = self.page.get_by_role("link", name=name).first if isinstance(name, str) else name
        with self.page.expect_navigation():
            link.click()
        return self.settle()

    def send(self, button: str | Locator, *, expecting: int | None = None) -> Visitor:
        """Press a button that sends something, and wait for the answer and what it brings."""
        if isinstance(button, str):
            button = self.button(button)
        self.uncover(button)
        with self.expecting(*([expecting] if expecting else [])), self.page.expect_response(_is_post) as answer:
            button.click()
        self.settle()
        status = answer.value.status
        assert status == (expecting or status) and (expecting or status < 400), f"{answer.value.url} answers {status}: {self.words[:600]}"
        return self

    def button(self, words: str) -> Locator:
        """The button with exactly these words: the first one in sight, else the first one that is folded away.

        A hidden twin that only gives Enter its meaning is nothing she can press.
        """
        named = self.page.locator("button:not([aria-hidden])").filter(has_text=re.compile(rf"^\s*{re.escape(words)}\s*$"))
        expect(named.first).to_be_attached()
        in_sight = named.filter(visible=True)
        return in_sight.first if in_sight.count() else named.first

    def uncover(self, part: Locator) -> None:
        """Open what is folded around `part`, from the outside in, as she does."""
        folded = part.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            folded.first.locator("> summary").click()

    def settle(self) -> Visitor:
        """Until nothing is on its way any more; then the page is looked at."""
        quiet, until = 0, time.monotonic() + 20
        self.page.wait_for_load_state("load")
        while quiet < 2 and time.monotonic() < until:
            self.page.wait_for_timeout(30)
            quiet = 0 if self._open else quiet + 1
        self.page.wait_for_load_state("load")
        self.look()
        return self

    # ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────

    def look(self) -> None:
        """What holds on every page: the browser has no complaint, nothing is wider than the screen, nothing of the program shows."""
        assert not self.complaints, f"{self.page.url}: {self.complaints}: {self.words[:900]}"
        assert "Traceback (most recent call last)" not in self.words, self.words[:2000]
        if self.scripts:
            assert not (wide := self.page.evaluate(WIDER_THAN_SCREEN)), f"{self.page.url}: {wide}"

    def inspect(self) -> Visitor:
        """axe-core finds no violation of WCAG 2.2 AA on this page."""
        self.page.evaluate("window.scrollTo(0, 0)")  # what has scrolled under the header is no fault of the page
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("(tags) => axe.run({runOnly: tags}).then(r => r.violations)", RULES)
        faults = [f"{one['id']}: {node['target']} {node['failureSummary'][:300]}" for one in found for node in one["nodes"][:4]]
        assert not faults, f"{self.page.url}\n" + "\n".join(faults)
        return self

    @property
    def words(self) -> str:
        """What a person reads on the page, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    def sees(self, *texts: str) -> Visitor:
        """All these words stand on the page, now or in a moment."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(re.compile(r"\s*".join(map(re.escape, text.split()))))
        return self

    def fill(self, **fields: str) -> Visitor:
        """Type into the fields of these names (`__` stands for `-`)."""
        for name, text in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']:not([type=hidden])")
            in_sight = field.filter(visible=True)
            chosen = in_sight.first if in_sight.count() else field.first
            self.uncover(chosen)
            chosen.fill(text)
        return self

    @contextmanager
    def expecting(self, *codes: int):
        """The browser's own word about these answers is no complaint."""
        before, self._expected = self._expected, self._expected | set(codes)
        try:
            yield self
        finally:
            self.page.wait_for_timeout(30)
            self._expected = before

    def fetch(self, path: str):
        """The answer of an address, asked with this person's cookies."""
        return self.context.request.get(path)

    def close(self) -> None:
        self.context.close()

    # ── watching ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("request", lambda request: self._open.add(request))
        self.context.on("requestfinished", lambda request: self._open.discard(request))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)

    def _console(self, message) -> None:
        refused = re.search(r"status of (\d+)", message.text)
        if message.type == "error" and not (refused and int(refused[1]) in self._expected):
            self.complaints.append(f"console: {message.text} {message.location.get('url', '')}")

    def _failed(self, request) -> None:
        self._open.discard(request)
        # A page that is left, and a file that is downloaded, end their requests this way.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


def _is_post(response) -> bool:
    return response.request.method == "POST" and not response.url.endswith("/view")
