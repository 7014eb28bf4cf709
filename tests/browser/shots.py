"""The pictures of the README, taken of the demo company: `.venv/bin/python -m tests.browser.shots` → docs/."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import product as products
from tests.browser.story import patiently
from tests.browser.visitor import DESK, PHONE, Visitor

DOCS = Path(__file__).parents[2] / "docs"
OWNER, FOREMAN = "19900000201", "S006"
MOST_COLOURS = 256  # pages are flat colours: a palette keeps them small


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, products.running(Path(folder)) as product, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        owner = Visitor(chromium, product, **PHONE).sign_in(OWNER)
        take(owner, "home-phone")
        owner.go("/customer/estimates/").follow(owner.page.locator("main a[href*='/customer/estimates/']").first)
        patiently(owner, owner.page.url, "正式文件（PDF）")
        owner.page.locator("#changes").evaluate("part => part.scrollIntoView()")
        owner.page.mouse.wheel(0, -70)
        take(owner, "compare-phone")
        office = Visitor(chromium, product, **DESK).sign_in(FOREMAN)
        office.go("/staff/orders/").follow(office.page.locator("main a[href*='/staff/orders/']").first)
        take(office, "office-desk")
        chromium.close()


def take(visitor: Visitor, name: str) -> None:
    """What is on the screen, as docs/NAME.png."""
    file = DOCS / f"{name}.png"
    visitor.page.wait_for_timeout(400)
    visitor.page.screenshot(path=file)
    Image.open(file).convert("RGB").quantize(MOST_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
