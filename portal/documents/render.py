"""HTML to PDF. The same input gives the same bytes, so a document can be hashed before it is signed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from portal import i18n
from portal.documents import writing

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_TAGS = {"zh": "zh-Hans", "en": "en"}


class ForbiddenAddress(FatalURLFetchingError):
    """The document asked for something that is neither one of our fonts nor inside itself."""


def render_pdf(html: str) -> bytes:
    """The document as PDF bytes: identical for identical `html`. Title and language are those of the page.

    Raises ForbiddenAddress when the page refers to anything but the portal's fonts and `data:` addresses.
    """
    page = HTML(string=html, base_url=TEMPLATES.as_uri(), url_fetcher=_Fetcher())
    # No structure tags: comparing the states of a tagged file takes pyHanko 15 s instead of 0.1 s at every
    # verification.
    return page.write_pdf(font_config=_fonts())


def document_html(template: str, language: str, **facts) -> str:
    """The template under templates/documents/ in `language` ("zh" or "en"); needs no request and no application."""
    return _environment(language).get_template(f"documents/{template}").render(**facts)


class _Fetcher(URLFetcher):
    def __init__(self):
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url, headers=None):
        if not (url.startswith("data:") or url in _font_addresses()):
            raise ForbiddenAddress(f"a document may not open {url[:200]}")
        return super().fetch(url, headers)


@cache
def _font_addresses() -> frozenset[str]:
    return frozenset(path.as_uri() for path in FONTS.glob("*.ttf"))


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


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
