"""The gates, the capability lock, the response headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from htmx_flask.requests import HtmxAwareRequest

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'; script-src 'self'; style-src 'self'"
)


class Request(HtmxAwareRequest):
    """A request whose allowed body size is the one its route declares with `accepts`."""

    @property
    def address(self) -> str:
        return self.remote_addr or ""

    @property
    def device(self) -> str:
        return (self.user_agent.string or "")[:300]


def needs(capability: str) -> Callable:
    """The second lock: the person's roles carry `capability`, or the page does not exist for her."""

    def lock(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated or not current_user.can(capability):
                abort(404)
            return view(*args, **kwargs)

        guarded.capability = capability
        return guarded

    return lock


def public(view: Callable) -> Callable:
    """Marks a page that strangers may open; tests/test_house.py lists them."""
    view.capability = "public"
    return view


def signed_in(view: Callable) -> Callable:
    """A page of the person herself, whatever her roles: strangers are sent to sign in."""

    @wraps(view)
    def guarded(*args, **kwargs):
        return view(*args, **kwargs) if current_user.is_authenticated else to_login()

    guarded.capability = "signed in"
    return guarded


def raw(view: Callable) -> Callable:
    """Marks an endpoint that answers with a file, not with a page of its own."""
    view.raw = True
    return view


def accepts(limit_bytes: int) -> Callable:
    """Lets a route take a body of `limit_bytes` instead of the limit for ordinary forms."""

    def allow(view: Callable) -> Callable:
        view.limit_bytes = limit_bytes
        return view

    return allow


def gate(allowed: Callable[[], bool]) -> Callable:
    """The first lock of a blueprint: strangers are sent to sign in, the wrong people find nothing."""

    def check():
        if not current_user.is_authenticated:
            return to_login()
        if not allowed():
            abort(404)
        return None

    return check


def to_login() -> Response:
    if request.method not in ("GET", "HEAD"):
        return redirect(url_for("account.login"), 303)
    here = request.full_path if request.query_string else request.path
    response = redirect(url_for("account.login", next=here), 302)
    if request.htmx:
        # Back to the page she was on, not to the part of it that was asked for.
        page = urlsplit(request.htmx.current_url or "").path or here
        response = Response(status=204, headers={"HX-Redirect": url_for("account.login", next=page)})
    return response


def own_address(target: str | None) -> str | None:
    """`target` when it is a path of this site, else None: nobody is sent elsewhere after signing in."""
    # Browsers drop tabs and line ends from addresses and read \\ as /, so none of them may hide a second slash.
    safe = target and target.startswith("/") and not target.startswith("//") and target.isprintable() and "\\" not in target
    return target if safe else None


def init_app(app: Flask) -> None:
    app.request_class = Request
    app.before_request(_allow_size)
    app.after_request(_headers)


def _allow_size() -> None:
    """The body is read, for its token, before the gate: strangers get only the room that public pages give."""
    view = request.url_rule and request.endpoint and _view(request.endpoint)
    limit_bytes = getattr(view, "limit_bytes", None)
    # A cookie that we signed says enough: looking the person up here would hold a transaction while a file arrives.
    if limit_bytes and (view.capability == "public" or "_user_id" in session):
        request.max_content_length = limit_bytes
        request.max_form_memory_size = 3 * 1024 * 1024


def _view(endpoint: str):
    from flask import current_app

    return current_app.view_functions.get(endpoint)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
    # Over plain HTTP browsers ignore it, so a proxy that nobody announced costs nothing.
    if request.is_secure or not current_app.config["SETTINGS"].demo:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if request.args.get("v") else "no-cache"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    response.vary.update(["HX-Request", "Cookie"])
    return response
