"""Puts the house together: settings, extensions, gates, rooms, error pages. Nothing else."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from flask import Blueprint, Flask, current_app, request
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import config, database, errors, i18n, navigation, rendering, security, sessions
from portal.extensions import babel, csrf, db, htmx, migrate
from portal.storage import Storage


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application. Without `settings` the environment decides."""
    settings = settings or config.from_environment()
    app = Flask("portal")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.form_limit_bytes,
        MAX_FORM_MEMORY_SIZE=settings.form_limit_bytes,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_NAME="portal",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)
    _extend(app, settings)
    _open_rooms(app)
    return app


def _extend(app: Flask, settings: config.Settings) -> None:
    database.init_app(app, settings.database_url)
    migrate.init_app(app, db, directory=str(Path(__file__).parent.parent / "migrations"), render_as_batch=True)
    babel.init_app(app, default_locale="zh_Hans_CN", locale_selector=i18n.locale_of_request)
    app.extensions["babel"].instance.domain_instance = i18n.PoDomain()
    htmx.init_app(app)
    security.init_app(app)  # after htmx, whose request class it extends; before csrf, which reads the body
    csrf.init_app(app)
    sessions.init_app(app)
    rendering.init_app(app)
    errors.init_app(app)
    app.extensions["storage"] = Storage(settings.storage_dir)


def _open_rooms(app: Flask) -> None:
    """Every module of a room package that has a `bp` is a noun of that room; its `NAV`, if any, a place in the menu.

    Its `PROJECT_TAB`, if any, is a place among the pages of a project.
    """
    from portal import customer, front, staff

    app.extensions["menu"] = []
    app.extensions["project_tabs"] = []
    for house_part in (front, staff, customer):
        whole: Blueprint | None = getattr(house_part, "room", None)
        for module in _modules(house_part):
            if hasattr(module, "bp") and not (whole and whole._got_registered_once):
                (whole or app).register_blueprint(module.bp)
            if hasattr(module, "NAV"):
                app.extensions["menu"].append(module.NAV)
            if hasattr(module, "PROJECT_TAB"):
                app.extensions["project_tabs"].append(module.PROJECT_TAB)
        if whole:
            app.register_blueprint(whole)
    app.context_processor(_menu_of_page)


def _menu_of_page() -> dict:
    """The navigation of the room that the page belongs to; her account lies in the room that the person works in."""
    room = (request.blueprint or "").partition(".")[0]
    if room not in ("staff", "customer", "account") or not current_user.is_authenticated:
        return {"navigation": []}
    if room == "account":
        room = "staff" if current_user.is_staff else "customer"
    return {"navigation": navigation.menu(current_app, room)}


def _modules(package):
    for found in iter_modules(package.__path__):
        yield import_module(f"{package.__name__}.{found.name}")
