"""The menus: every noun says its own place in them (`NAV`), the layouts draw what the person may open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import LazyString
from flask_login import current_user


@dataclass(frozen=True)
class Nav:
    """A place in a menu. `order` sorts it; `group` is a heading in the staff menu."""

    label: LazyString
    endpoint: str
    icon: str
    order: int
    capability: str
    group: LazyString | str = ""


def menu(app: Flask, room: str) -> list[dict]:
    """The entries of `room` ("staff" or "customer") that the person may open, in order."""
    places = [nav for nav in app.extensions["menu"] if nav.endpoint.startswith(f"{room}.")]
    return [_entry(nav) for nav in sorted(places, key=lambda nav: nav.order) if current_user.can(nav.capability)]


def _entry(nav: Nav) -> dict:
    noun = nav.endpoint.rpartition(".")[0]
    here = (request.endpoint or "").rpartition(".")[0]
    return {
        "label": nav.label, "url": url_for(nav.endpoint), "icon": nav.icon, "group": nav.group,
        "current": here == noun, "count": None,
    }
