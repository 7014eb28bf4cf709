"""The tabs above everything that belongs to one project: every noun says its own place (`PROJECT_TAB`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import LazyString
from flask_login import current_user


@dataclass(frozen=True)
class Tab:
    """A page of a project, reached by `url_for(endpoint, project_id=…)`; `order` sorts it."""

    label: LazyString
    endpoint: str
    order: int
    capability: str
    icon: str = "file"


def tabs_of(project_id: int) -> list[dict]:
    """The project's pages that the person may open, in order, for `ui.tabs`."""
    known = sorted(current_app.extensions["project_tabs"], key=lambda tab: tab.order)
    return [_link(tab, project_id) for tab in known if current_user.can(tab.capability)]


def _link(tab: Tab, project_id: int) -> dict:
    here = (request.endpoint or "").rpartition(".")[0]
    return {
        "label": tab.label,
        "url": url_for(tab.endpoint, project_id=project_id),
        "icon": tab.icon,
        "current": here == tab.endpoint.rpartition(".")[0],
    }
