"""page(): the whole page or one block of it; changed(): a block for HTMX, 303 for a browser."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from jinja2 import Environment, StrictUndefined
from jinja2_fragments.flask import render_block
from werkzeug.local import LocalProxy

from portal import clock, company, filters, i18n

STATIC = Path(__file__).parent / "static"
_TAGS = {"zh": "zh-CN", "en": "en"}


def page(template: str, block: str | None = None, **facts) -> Response:
    """The template, or only `block` of it when HTMX asked for a part of the page she is on."""
    if block and _asks_for_part():
        return make_response(render_block(template, block, **facts))
    return make_response(render_template(template, **facts))


def changed(template: str, block: str, *, to: str, said: str = "", **facts) -> Response:
    """After a successful change: the new block for HTMX with a toast, else 303 to `to` with the same words."""
    if not _asks_for_part():
        return moved(to, said=said)
    response = page(template, block, **facts)
    if said:
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": str(said), "tone": "good"}})
    return response


def moved(to: str, *, said: str = "", tone: str = "good") -> Response:
    """On to another page: 303, or the header that makes HTMX go there. `said` is shown on arrival."""
    if said:
        flash(said, tone)
    if _asks_for_part():
        return Response(status=204, headers={"HX-Redirect": to})
    return redirect(to, 303)


def static(filename: str) -> str:
    """The address of a static file with its fingerprint, so that it can be kept for a year."""
    return _address(request.script_root, filename)


class Macros:
    """The macros of a template as attributes: `ui.card`. A global, for a top-level import does not exist in a fragment."""

    def __init__(self, env: Environment, template: str) -> None:
        self._env, self._template = env, template

    def __getattr__(self, name: str):
        """Comes here once for each macro: pages ask for hundreds of them."""
        found = getattr(self._env.get_template(self._template).module, name)
        if not self._env.auto_reload:
            setattr(self, name, found)
        return found


def init_app(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    filters.init_app(app)
    env.globals.update(
        static=static, now=clock.now, today=clock.today, current_user=current_user,
        locale=LocalProxy(i18n.language), locale_tag=LocalProxy(lambda: _TAGS[i18n.language()]),
        company_name=LocalProxy(company.name), gettext=i18n.in_page, _=i18n.in_page,
        ui=Macros(env, "ui.html"), nouns=Macros(env, "nouns.html"),
    )


def _asks_for_part() -> bool:
    return bool(request.htmx) and not request.htmx.boosted


@cache
def _address(_script_root: str, filename: str) -> str:
    """Pages ask for dozens of them, and they stay the same for each place that the portal is mounted at."""
    return url_for("static", filename=filename, v=_fingerprint(filename))


@cache
def _fingerprint(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:10]
