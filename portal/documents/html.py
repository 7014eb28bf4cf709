"""Documents as HTML: their own templates, fonts and ways of writing, without a request or an application."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal import i18n
from portal.documents import writing

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_TAGS = {"zh": "zh-Hans", "en": "en"}


def document_html(template: str, language: str, **facts) -> str:
    """The template under templates/documents/ in `language` ("zh" or "en"); needs no request and no application."""
    return _environment(language).get_template(f"documents/{template}").render(**facts)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(i18n.catalogue(language), newstyle=True)
    environment.filters.update(writing.filters(language))
    environment.globals.update(language=language, language_tag=_TAGS[language], fonts=FONTS.as_uri())
    return environment
