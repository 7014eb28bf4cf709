"""The demo company as one application, every form that its people can reach, and sending them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal import clock, config, create_app, demo
from portal.demo.people import PASSWORD
from portal.extensions import db
from portal.models import User
from tests.bad_input.furnishing import a_drawing, furnish
from tests.client import Browser

MOST_PAGES_EACH = 90
# By the last part of their name: what a person would write there; and boxes that she would leave alone.
WRITES = {
    "identifier": "A001", "password": PASSWORD, "current": PASSWORD, "new": "neun Zebras 44", "typed_name": "叶安然",
    "length_mm": "3000", "width_mm": "3000", "height_mm": "2700", "email": "a@example.org", "staff_no": "S777", "space": "储藏室", "openings": "门 900×2100", "scale": "1:50", "sheet_no": "P-77", "unit_price_fen": "48",
}
LEAVES = ("gone", "all_day")
EXAMPLES = 2  # pages of one endpoint that are opened by one person
STAFF = ("A001", "A002", "A004", "S001", "S002", "S004", "S008", "S011")
OWNERS = ("+8619900000201", "+8619900000001")
WAYS_ON = SoupStrainer(["a", "form"])


@dataclass(frozen=True)
class Control:
    """A field as the page has it. `kind`: its type; numbers are text with a number pad."""

    name: str
    kind: str
    value: str
    choices: tuple[str, ...] = ()
    checked: bool = False


@dataclass
class Form:
    """A form on a page, as the person who found it sees it."""

    who: str
    page: str
    endpoint: str
    action: str
    multipart: bool
    controls: list[Control] = field(default_factory=list)
    code: str = "123456"  # of the last message to the person, when there was one

    def __str__(self) -> str:
        return f"{self.who} {self.action} on {self.page}"

    def named(self, *kinds: str) -> list[str]:
        """The names of its fields of these kinds."""
        return list(dict.fromkeys(one.name for one in self.controls if one.kind in kinds))

    def different(self, *kinds: str) -> list[str]:
        """The same, of rows that repeat only the first."""
        return list({re.sub(r"\d+", "#", name): name for name in reversed(self.named(*kinds))}.values())[::-1]

    def values(self) -> MultiDict:
        """What a person would send who fills in every field sensibly."""
        later = (clock.today() + timedelta(days=9)).isoformat()
        sensible = {"tel": "13612345678", "number": "12", "date": later, "time": "10:00"}
        chosen, found = set(), MultiDict()
        for one in self.controls:
            word = one.name.rpartition("-")[2]
            if one.kind == "file" or word in LEAVES:
                continue
            if one.kind == "radio":
                if one.checked or one.name not in chosen:
                    found.setlist(one.name, [one.value])
                chosen.add(one.name)
            elif one.kind == "checkbox":
                found.add(one.name, one.value)
            elif one.kind == "select":
                found.add(one.name, one.choices[-1] if word in ("space", "severity") else one.value or next(filter(None, one.choices), ""))
            elif one.kind == "hidden":
                found.add(one.name, one.value)
            elif word == "day":  # not the today that a page proposes: it may be past ten
                found.add(one.name, later)
            elif word == "code":
                found.add(one.name, self.code)
            else:
                found.add(one.name, one.value if one.value and word != "space" else WRITES.get(word) or sensible.get(one.kind, "一切照常"))
        return found


class Company:
    """The demo company: who is signed in, what they find, and the way back to how it was."""

    def __init__(self, folder):
        self.settled = False
        settings = config.from_environment({"PORTAL_HOME": str(folder), "PORTAL_MODE": "demo", "SECRET_KEY": "bad input " * 4})
        self.app = create_app(settings)
        self.app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, CHEAP_PASSWORDS=True)
        self.file, self.kept = folder / "portal.db", folder / "as-it-was.db"
        with self.app.app_context():
            db.create_all()
            demo.load(at=clock.now(), say=lambda step: None)
            db.session.commit()
            self.hidden = furnish()
            people = {one.staff_no or one.phone: one for one in db.session.scalars(select(User))}
            self.browsers = {who: Browser(self.app).as_(people[who]) for who in (*STAFF, *OWNERS)}
            db.session.remove()
        self.browsers[""] = Browser(self.app).as_(None)
        self._bring_a_file_and_get_a_code()
        self.watch = sqlite3.connect(self.file)
        bodies = " ".join(body for (body,) in self.watch.execute("SELECT body FROM message ORDER BY id DESC LIMIT 3"))
        self.code = re.search(r"(?<!\d)\d{6}(?!\d)", bodies)[0]
        self.forms = self._walk()
        self.watch.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.file, self.kept)
        self.first, self.pristine = self.rows(), self._version()
        self.settled = True

    def _bring_a_file_and_get_a_code(self) -> None:
        for who, page, part in (("S002", "/staff/plans/projects/3", "files"), ("+8619900000201", self.hidden["signing"], "code")):
            soup = BeautifulSoup(self.ask(who, "GET", page).get_data(as_text=True), "html.parser")
            tag = soup.select_one(f'form[method="post"][action*="/{part}"]')
            assert tag, f"{page} has no form for {part}: {soup.get_text(' ', strip=True)[:900]}"
            data = {"csrf_token": tag.select_one("[name=csrf_token]")["value"]} | ({"files": a_drawing()} if part == "files" else {})
            answer = self.ask(who, "POST", tag["action"], data=data, content_type="multipart/form-data")
            assert answer.status_code == 303, f"{page}: {answer.status_code}"

    # ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, who: str, method: str, address: str, **more):
        """The answer, in a context of its own; the browser forgets what it brought."""
        client = self.browsers[who].client
        cookies = dict(client._cookies)
        answer = Context().run(client.open, address, method=method, **more)
        if self.settled:
            client._cookies = cookies
        return answer

    def send(self, form: Form, values, *, htmx: bool = False, action: str = "", files=()):
        """Send `form` with these values, or with this body."""
        headers = {"HX-Request": "true"} if htmx else {}
        if isinstance(values, bytes):
            return self.ask(form.who, "POST", form.action, data=values, content_type="application/x-www-form-urlencoded")
        data = MultiDict(values)
        for name, content in files:
            data.add(name, content)
        kind = {"content_type": "multipart/form-data"} if form.multipart or files else {}
        return self.ask(form.who, "POST", action or form.action, data=data, headers=headers, **kind)

    def has_changed(self) -> bool:
        """Whether anything at all was committed since everything was as it was."""
        return self._version() != self.pristine

    def grown(self) -> set[str]:
        """Tables that have more or fewer rows than at first."""
        now = self.rows()
        return {name for name in now if now[name] != self.first[name]}

    def _version(self) -> int:
        return self.watch.execute("PRAGMA data_version").fetchone()[0]

    def rows(self) -> dict[str, int]:
        tables = [name for (name,) in self.watch.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {name: self.watch.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}

    def restore(self) -> None:
        """Everything as it was."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        pristine = sqlite3.connect(self.kept)
        with sqlite3.connect(self.file) as target:
            pristine.backup(target)
        pristine.close()
        target.close()
        self.pristine = self._version()

    def close(self) -> None:
        self.watch.close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    # ── finding ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _walk(self) -> list[Form]:
        found: dict[tuple, Form] = {}
        for who in self.browsers:
            for address, soup in self.pages(who):
                for form in self._forms(who, address, soup):
                    names = tuple(sorted({re.sub(r"\d+", "#", one.name) for one in form.controls}))
                    found.setdefault((form.endpoint, names), form)
        return list(found.values())

    def pages(self, who: str) -> Iterator[tuple[str, BeautifulSoup]]:
        """The pages that links lead to from the person's first one, a few of each kind."""
        waiting, seen, kinds = ["/", "/account", "/verify/", "/login", "/password", "/password/code", *self.hidden.values()], set(), defaultdict(int)
        while waiting and len(seen) < MOST_PAGES_EACH:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            answer = self.ask(who, "GET", address)
            if answer.status_code in (301, 302, 303):
                waiting.insert(0, _path(address, answer.headers["Location"]))
            if answer.status_code != 200 or answer.mimetype != "text/html":
                assert answer.status_code < 500, f"GET {address} breaks for {who}"
                continue
            soup = BeautifulSoup(answer.get_data(as_text=True), "lxml", parse_only=WAYS_ON)
            yield address, soup
            for link in soup.select("a[href]"):
                path = _path(address, link["href"])
                if path and path not in seen and path not in waiting:
                    kind = (self.endpoint(path, "GET"), tuple(sorted(key for key, _v in parse_qsl(urlsplit(path).query))))
                    kinds[kind] += 1
                    if kinds[kind] <= EXAMPLES:
                        waiting.append(path)

    def endpoint(self, address: str, method: str) -> str:
        """The endpoint behind an address; "" when there is none."""
        try:
            return self.app.url_map.bind("localhost").match(urlsplit(address).path, method=method)[0]
        except Exception:
            return ""

    def _forms(self, who: str, address: str, soup: BeautifulSoup) -> Iterator[Form]:
        for tag in soup.select('form[method="post" i]'):
            actions = [tag.get("action") or address] + [one["formaction"] for one in tag.select("[formaction]")]
            actions += [one["hx-post"] for one in tag.select("[hx-post]")]
            for action in dict.fromkeys(actions):
                path = _path(address, action)
                multipart = tag.get("enctype") == "multipart/form-data"
                yield Form(who, address, self.endpoint(path, "POST"), path, multipart, list(_controls(tag)), self.code)


def _controls(form: Tag) -> Iterator[Control]:
    for tag in form.select("input[name], select[name], textarea[name], button[name]"):
        name, value = tag["name"], tag.get("value", "")
        if tag.name == "textarea":
            yield Control(name, "textarea", tag.get_text().strip("\r\n"))
        elif tag.name == "select":
            options = [one.get("value", one.get_text(strip=True)) for one in tag.select("option")]
            picked = [one.get("value", one.get_text(strip=True)) for one in tag.select("option[selected]")]
            yield Control(name, "select", (picked or options or [""])[0], tuple(options))
        elif tag.name == "input" and tag.get("type") not in ("submit", "button"):
            kind = tag.get("type", "text")
            is_number = kind in ("text", "number") and "code" not in name and (
                tag.get("inputmode") in ("decimal", "numeric") or name.endswith("quantity"))
            yield Control(name, "number" if is_number else kind, value or ("on" if kind == "checkbox" else ""), checked=tag.has_attr("checked"))


def _path(base: str, link: str) -> str:
    """A path of this site without its fragment; "" for anything else."""
    target = urlsplit(urljoin(f"http://localhost{base}", link))
    if target.scheme != "http" or target.netloc not in ("localhost", "127.0.0.1:8000") or target.path.startswith("/static"):
        return ""
    return target._replace(scheme="", netloc="", fragment="").geturl()
