"""A browser without a screen: speaks of endpoints and people, and looks at every page it gets."""

from __future__ import annotations

from collections import Counter
from contextvars import Context

from bs4 import BeautifulSoup
from flask import has_app_context, url_for

from portal import clock
from portal.extensions import db
from portal.models import User, UserSession

_LABELLED = ("hidden", "submit", "button", "reset", "image")


class Page:
    """An answer: its status, its words, its parsed HTML."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.headers = response.headers
        self.data = response.data
        self.is_html = response.mimetype == "text/html"
        self.text = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        self.soup = BeautifulSoup(self.text, "html5lib") if self.is_html else None

    @property
    def words(self) -> str:
        """What a person reads, without tags, in one line."""
        return " ".join(self.soup.get_text(" ").split())

    def one(self, selector: str):
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} × {selector}"
        return found[0]

    def all(self, selector: str) -> list:
        return self.soup.select(selector)

    def faults(self) -> list[str]:
        """The error sentences beside the fields."""
        return [" ".join(tag.get_text(" ").split()) for tag in self.soup.select("p.error")]


class Browser:
    """`browser.as_(user).get("staff.leads.show", lead_id=1)`; htmx=True asks as HTMX does."""

    def __init__(self, app):
        self.app = app
        self.client = app.test_client()

    def as_(self, user: User | None, *, language: str = "zh") -> Browser:
        """A fresh browser in which `user` is signed in (None: a stranger)."""
        fresh = Browser(self.app)
        fresh.client.set_cookie("language", language)
        if user is not None:
            fresh._sign_in(user)
        return fresh

    def _sign_in(self, user: User) -> None:
        from portal.sessions import KEY, _hash

        ident = user.id
        _let_go()
        token = f"test-{ident}"
        with self.app.app_context():
            if not db.session.query(UserSession).filter_by(token_hash=_hash(token)).count():
                now = clock.now()
                db.session.add(UserSession(token_hash=_hash(token), user_id=ident, created_at=now, seen_at=now,
                                           address="127.0.0.1", device="test"))
                db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"], session[KEY] = str(ident), True, token

    def get(self, endpoint: str, *, htmx: bool = False, **values) -> Page:
        return self._ask("GET", endpoint, values, htmx=htmx)

    def post(self, endpoint: str, data: dict | None = None, *, htmx: bool = False, **values) -> Page:
        return self._ask("POST", endpoint, values, htmx=htmx, data=data or {})

    def _ask(self, method: str, endpoint: str, values: dict, *, htmx: bool, **more) -> Page:
        address = endpoint if endpoint.startswith("/") else self._address(endpoint, values)
        headers = {"HX-Request": "true"} if htmx else {}
        _let_go()
        # A context of its own: an open one would be shared, and with it the person who is signed in.
        page = Page(Context().run(self.client.open, address, method=method, headers=headers, **more))
        if page.is_html and page.status != 304:
            look_at(page, whole=not htmx)
        return page

    def _address(self, endpoint: str, values: dict) -> str:
        with self.app.test_request_context():
            return url_for(endpoint, **values)


def _let_go() -> None:
    """What the test arranged is committed: an open transaction of its own would keep the page from writing."""
    if has_app_context():
        db.session.commit()


def look_at(page: Page, *, whole: bool) -> None:
    """What holds for every page: one h1, a title, a language, labels, unique ids, protected forms, no inline code."""
    soup = page.soup
    if whole and page.status not in (301, 302, 303):
        assert len(soup.select("h1")) == 1, f"{len(soup.select('h1'))} h1"
        assert soup.title and soup.title.get_text(strip=True), "no title"
        assert soup.html.get("lang"), "no lang"
    twice = [ident for ident, n in Counter(tag["id"] for tag in soup.select("[id]")).items() if n > 1]
    assert not twice, f"ids twice: {twice}"
    for form in soup.select('form[method="post"]'):
        assert form.select('input[name="csrf_token"]'), f"unprotected form to {form.get('action')}"
    assert not soup.select("[style], style, script:not([src])"), "inline style or script"
    for control in soup.select("input, select, textarea"):
        if control.get("type") not in _LABELLED:
            assert _label(soup, control), f"no label: {control}"


def _label(soup, control) -> bool:
    named = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
    return bool(named or (control.get("id") and soup.select(f'label[for="{control["id"]}"]')))
