"""Chinese is the language of the source; English stands in translations/en/*.po, one file per area."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import has_request_context, request
from flask_babel import Domain, get_locale
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
COOKIE = "language"
FOLDER = Path(__file__).parent / "translations"


class PoDomain(Domain):
    """Reads the .po files themselves at the first use: no compiled catalogue can be out of date."""

    def get_translations(self):
        return catalogue(language())


@cache
def catalogue(code: str) -> Translations:
    """All messages of a language; Chinese needs none."""
    merged = Translations()
    for path in sorted((FOLDER / code).glob("*.po")):
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=code))
        compiled.seek(0)
        merged.merge(Translations(compiled)) if merged._catalog else merged.__init__(compiled)
    return merged


@pass_eval_context
def in_page(context: EvalContext, message: str, **facts) -> str:
    """`_` of the templates: a message is safe HTML, the facts in it are escaped. A page asks for hundreds of them."""
    code = language()
    if not context.autoescape:
        return catalogue(code).gettext(message) % facts
    return _template(code, message) % facts if facts else _words(code, message)


@lru_cache(8192)
def _template(code: str, message: str) -> Markup:
    return Markup(catalogue(code).gettext(message))  # noqa: S704  our own words


@lru_cache(8192)
def _words(code: str, message: str) -> Markup:
    """Without facts the words never change."""
    return _template(code, message) % {}


def chosen_language() -> str:
    """The person's own choice, else the browser's cookie, else what the browser asks for, else Chinese."""
    if not has_request_context():
        return "zh"
    cookie = request.cookies.get(COOKIE, "")
    if cookie in LANGUAGES:
        return cookie
    if getattr(current_user, "is_authenticated", False):
        return current_user.language
    return request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh")[:2]


def locale_of_request() -> str:
    return LANGUAGES[chosen_language()]


def language() -> str:
    """"zh" or "en": what is being spoken now, also inside `force_locale`."""
    spoken = get_locale()
    return spoken.language if spoken is not None and spoken.language in LANGUAGES else "zh"
