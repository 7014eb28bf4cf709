"""Whatever is typed: a clear sentence beside the field, the words kept, nothing half-saved, nothing of the program shown.

The forms are those that the people of the demo company find by following links; a new form is tried without anybody
adding it.
"""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.bad_input.furnishing import a_file
from tests.bad_input.judging import COUNTED, LOOKS_AT_NOTHING, REFUSED, TAKEN, Faults, send, with_bad

pytestmark = pytest.mark.slow
WORDS = ("text", "textarea", "search")
HUGE = "x" * 1_000_000
NO_NUMBERS = ("NaN", "-5", "1e309", "Infinity", "0x10", "٣", "1,5", "999999999999999999999", "--1", "1_000")
NO_DAYS = ("0000-01-01", "9999-12-31", "2026-02-30", "26-1-1", "NaN", "2026-01-01T00:00", "-1")
NO_TIMES = ("25:00", "-1:30", "9", "99:99:99", "NaN")


def test_the_walk_reaches_what_the_product_can_do(company):
    posts = {rule.endpoint for rule in company.app.url_map.iter_rules() if "POST" in rule.methods}
    assert posts - {form.endpoint for form in company.forms} == SPOKEN_BY_A_SCRIPT


def test_sensible_input_is_taken(company):
    """The attacks would prove nothing if the forms were refused for another reason."""
    with Faults() as faults:
        for form in company.forms:
            files = [(name, a_file(form)) for name in form.named("file")]
            answer = send(company, faults, form, form.values(), "filled in sensibly", files=files)
            faults.expect(answer.status in TAKEN or form.endpoint in NEVER_SENSIBLE, f"{answer.what} → {answer.status}")


@pytest.mark.parametrize(
    ("kinds", "bad"),
    [(WORDS, ("墙\x00面", "\u202e绘图\u2066x", "a\x07b\x1b[31m")), (("number",), NO_NUMBERS), (("date",), NO_DAYS), (("time",), NO_TIMES)],
)
def test_each_field_is_looked_at(company, kinds, bad):
    """One bad field in a form that is right otherwise: refused beside this field, and every word is still there."""
    each = cycle(bad)
    with Faults() as faults:
        for form in company.forms:
            for name in form.different(*kinds) if form.endpoint not in LOOKS_AT_NOTHING else ():
                values = with_bad(form, [name], next(each))
                answer = send(company, faults, form, values, f"{name}={values[name]!r}")
                if (form.endpoint, name.split("-")[-1]) in NOT_NEEDED_NOW:
                    continue
                faults.expect(answer.status in REFUSED, f"{answer.what} is taken: {answer.status}")
                if answer.status == 422:
                    faults.expect(answer.blames(name) or form.endpoint in SAY_IT_ABOVE, f"{answer.what}: no sentence beside it")
                    forgotten = answer.forgets(form, values)
                    faults.expect(not forgotten, f"{answer.what}: forgets {forgotten}")


@pytest.mark.parametrize("bad", NO_NUMBERS)
def test_numbers_that_are_none(company, bad):
    _none_takes(company, ("number",), bad)


@pytest.mark.parametrize("bad", NO_DAYS)
def test_days_that_are_none(company, bad):
    _none_takes(company, ("date",), bad)


def _none_takes(company, kinds, bad: str) -> None:
    with Faults() as faults:
        for form in company.forms:
            names = [name for name in form.named(*kinds) if (form.endpoint, name.split("-")[-1]) not in NOT_NEEDED_NOW]
            if names and form.endpoint not in LOOKS_AT_NOTHING:
                answer = send(company, faults, form, with_bad(form, names, bad), f"{names}={bad!r}")
                faults.expect(answer.status in REFUSED, f"{answer.what} is taken: {answer.status}")


@pytest.mark.parametrize(
    "bad",
    ["\ud800墙", "👩‍👩‍👧‍👦🏠 好", "<script>alert(1)</script>{{7*7}}%s%(x)s", "'; DROP TABLE lead; --", "\u3000 \t"],
    ids=["half a character", "emoji", "markup", "sql", "blank"],
)
def test_strange_words(company, bad):
    """They may be taken; when they are not, they stay. Nowhere do they do anything."""
    typed = bad.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    with Faults() as faults:
        for form in company.forms:
            names = form.named(*WORDS)
            if names:
                values = with_bad(form, names, typed)
                answer = send(company, faults, form, values, f"{names}={bad!r}")
                faults.expect("<script>alert(1)" not in answer.text and "DROP TABLE lead; --</b" not in answer.text, f"{answer.what}: markup")
                faults.expect("49%s" not in answer.text, f"{answer.what}: is worked out")
                if answer.status == 422 and typed.strip():
                    forgotten = answer.forgets(form, values)
                    faults.expect(not forgotten, f"{answer.what}: forgets {forgotten}")


def test_a_megabyte_in_a_field(company):
    """Refused beside the field, or as too much at once."""
    with Faults() as faults:
        for form in company.forms:
            for kind in ("text", "textarea", "tel", "number", "date", "time", "password"):
                names = form.named(kind)[:1]
                if not names or form.endpoint in LOOKS_AT_NOTHING or (form.endpoint, names[0].split("-")[-1]) in NOT_NEEDED_NOW:
                    continue
                answer = send(company, faults, form, with_bad(form, names, HUGE), f"a megabyte in {names[0]}")
                faults.expect(answer.status in REFUSED, f"{answer.what} is taken: {answer.status}")
                if answer.status == 422 and kind != "password":
                    faults.expect(answer.blames(names[0]) or form.endpoint in SAY_IT_ABOVE, f"{answer.what}: no sentence beside it")


def test_more_than_any_form_may_weigh(company):
    form = next(one for one in company.forms if one.endpoint == "staff.leads.create")
    with Faults() as faults:
        assert send(company, faults, form, with_bad(form, ["note"], "x" * 6_000_000), "six megabytes").status == 413


def test_nothing_filled_in(company):
    with Faults() as faults:
        for form in company.forms:
            only_the_token = {"csrf_token": form.values().get("csrf_token", "")}
            for htmx in (False, True):
                send(company, faults, form, only_the_token, f"empty, htmx={htmx}", htmx=htmx)


def test_bytes_that_are_no_text(company):
    with Faults() as faults:
        for form in company.forms:
            names = form.named("text", "textarea", "tel", "number", "date", "select")
            body = b"csrf_token=" + form.values().get("csrf_token", "").encode() + b"".join(b"&" + one.encode() + b"=%ff%fe%80" for one in names)
            if names:
                send(company, faults, form, body, "bytes that are no text")


def test_a_form_sent_twice(company):
    """A double click, a page sent again: calm, and what carries the state it was made for happens once."""
    with Faults() as faults:
        for form in company.forms:
            values = form.values()
            first = company.send(form, values).status_code
            once = company.rows()
            again = company.send(form, values)
            faults.expect(again.status_code in TAKEN | REFUSED, f"{form} again → {again.status_code}")
            twice = {name for name, count in company.rows().items() if count > once[name]} - COUNTED
            if first in TAKEN and form.endpoint not in ONLY_WORDS and any(one.name.endswith(MARKS_OF_STATE) for one in form.controls if one.kind == "hidden"):
                faults.expect(not twice, f"{form} happens twice: {twice}")
            company.restore()


MARKS_OF_STATE = ("version", "was", "seen", "expected", "request_key", "shown_sha256")
# The pieces of a file, which have tests of their own in test_files.py.
SPOKEN_BY_A_SCRIPT = {"staff.plans.begin", "staff.plans.content", "staff.plans.complete"}
# A code that nobody was sent, one asked for twice in a minute, and leaving before everything was handed to the right colleague.
NEVER_SENSIBLE = {"account.use_code", "customer.estimates.code", "staff.people.disable", "staff.people.hand_over"}
# A choice beside them makes them needless.
NOT_NEEDED_NOW: set[tuple[str, str]] = set()
# Their sentence stands above the form.
SAY_IT_ABOVE = {"staff.estimates.quantity"}
# What it says may be said again: nothing comes of it but the words.
ONLY_WORDS = {"staff.orders.note"}
