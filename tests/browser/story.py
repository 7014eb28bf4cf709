"""The household of the journeys, and what several of their stations do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from playwright.sync_api import expect

from portal import clock

NAME, PHONE, OWN_PASSWORD = "陆听雨", "+86 136-0000-7711", "窗外有雨 2026"
SHOWN_PHONE = "136 0000 7711"
COMMUNITY = "听雨样板苑"


@dataclass
class Story:
    """What later stations must know of earlier ones; `broken` is the station that failed."""

    broken: str = ""
    project_id: str = ""
    addresses: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def outbox(visitors, *words: str) -> str:
    """The newest message that has all these words, as the administrator reads it."""
    admin = visitors("A001").go("/staff/outbox/")
    found = admin.page.locator(".outbox-message")
    for word in words:
        found = found.filter(has_text=word)
    assert found.count(), f"no message with {words}: {admin.words[:1500]}"
    return found.first.inner_text()


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def draw_signature(visitor) -> None:
    """With the pointer, pressed and moved as a hand does."""
    canvas = visitor.page.locator("[data-sign] canvas")
    canvas.scroll_into_view_if_needed()
    box, mouse = canvas.bounding_box(), visitor.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    for step in range(1, 24):
        mouse.move(box["x"] + 40 + step * 9, box["y"] + 60 + (25 if step % 2 else -20))
    mouse.up()
    expect(visitor.page.locator("[name=stroke]")).to_have_value(re.compile("^data:image/png;base64,"))


def patiently(visitor, address: str, words: str, *, tries: int = 60) -> None:
    """Open the page until the worker has done what it waits for."""
    for _try in range(tries):
        visitor.go(address)
        if words in visitor.words:
            return
        visitor.page.wait_for_timeout(500)
    raise AssertionError(f"{address} never says {words}: {visitor.words[:800]}")
