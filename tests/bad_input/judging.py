"""What holds for every answer of the portal, whatever was sent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bs4 import BeautifulSoup

from portal.fields import clean
from tests.bad_input.forms import Company, Form

LEAKS = re.compile(r"Traceback \(most recent call last\)|site-packages|/portal/\w+\.py|sqlalchemy\.|sqlite3\.|<frozen |werkzeug\.")
TAKEN = {200, 204, 303}
REFUSED = {400, 404, 409, 410, 413, 422, 429}
# What a refusal writes down on purpose: tries that count, and the registration that is kept with its reason (R002).
COUNTED = {"sign_in_attempt", "lead", "audit_entry"}
# A password, a code and a signature are never written back into a page.
SECRET = ("password", "file", "hidden", "checkbox", "radio", "select", "button")
# They look at no words: a ruling while typing finds no fault with what is not finished, and these two go by an id or a word.
LOOKS_AT_NOTHING = {"staff.leads.check", "staff.plans.row", "staff.plans.remove"}


class Faults(list):
    """What was wrong with any of the forms, told together at the end."""

    def expect(self, holds: object, what: str) -> None:
        if not holds:
            self.append(what)

    def __exit__(self, kind, *_rest) -> None:
        if kind is None:
            assert not self, "\n".join(["", *self])

    def __enter__(self) -> Faults:
        return self


class Answer:
    """An answer with what was asked of it."""

    def __init__(self, response, what: str):
        self.status, self.response, self.what = response.status_code, response, what
        told = response.mimetype in ("text/html", "application/json")
        self.text = response.get_data(as_text=True) if told else ""
        self.soup = BeautifulSoup(self.text, "lxml") if self.status in (409, 422) and response.mimetype == "text/html" else None
        self.fields = defaultdict(list)
        for field in self.soup.find_all(["input", "textarea", "select"]) if self.soup else ():
            self.fields[field.get("name")].append(field)

    def blames(self, name: str) -> bool:
        """Whether a sentence stands beside this field, or above the form when the field has no page of its own."""
        return any((one.get("aria-invalid") == "true" and self._sentence(one)) or _choices_blamed(one) for one in self.fields[name])

    def _sentence(self, field) -> bool:
        said = [self.soup.find(id=ident) for ident in field.get("aria-describedby", "").split()]
        return any(one is not None and "error" in one.get("class", []) and one.get_text(strip=True) for one in said)

    def shows(self, name: str, typed: str) -> bool:
        """Whether the field stands there again with what was typed, less what nobody can type."""
        wanted = clean(typed, lines=True)[:60]
        for field in self.fields[name]:
            shown = field.get_text() if field.name == "textarea" else field.get("value", "")
            if shown.strip("\r\n").startswith(wanted) or (field.get("type") == "tel" and shown.replace(" ", "") == wanted):
                return True
        return False

    def forgets(self, form: Form, values) -> list[str]:
        """Fields whose words are gone although the page is shown again."""
        names = {one.name for one in form.controls if one.kind not in SECRET and not one.name.endswith("code") and one.name in values}
        return sorted(name for name in names if self.fields[name] and not self.shows(name, values[name]))


def _choices_blamed(field) -> bool:
    group = field.find_parent(class_="field-bad")
    return group is not None and group.select_one(".error") is not None


def send(company: Company, faults: Faults, form: Form, values, what: str, **how) -> Answer:
    """Send, judge what holds for every answer, and put everything back."""
    answer = Answer(company.send(form, values, **how), f"{form}: {what}")
    faults.expect(answer.status in TAKEN | REFUSED, f"{answer.what} → {answer.status}")
    leak = LEAKS.search(answer.text)
    faults.expect(not leak, f"{answer.what} shows {leak and leak[0]}")
    if company.has_changed():
        if answer.status in REFUSED:
            grown = company.grown() - COUNTED
            faults.expect(not grown, f"{answer.what} → {answer.status}, and yet {grown}")
        company.restore()
    return answer


def with_bad(form: Form, names: Iterable[str], bad: str):
    """What a sensible person would send, with `bad` in these fields."""
    values = form.values()
    for name in names:
        values.setlist(name, [bad])
    return values
