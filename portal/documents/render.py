"""HTML to PDF. The same input gives the same bytes, so a document can be hashed before it is signed.

Imported where something is rendered: WeasyPrint takes half a second to load, which no web process has to wait for.
"""

from __future__ import annotations

from functools import cache

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from portal.documents.html import FONTS, TEMPLATES


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
