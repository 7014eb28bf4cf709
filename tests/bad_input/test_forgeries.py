"""Forms that no page of ours ever had: other values, other rows, other people's tokens, more than fits."""

from __future__ import annotations

import re
from itertools import cycle

import pytest

from tests.bad_input.judging import REFUSED, TAKEN, Faults, send, with_bad

pytestmark = pytest.mark.slow
LIES = ("", "-1", "999999999999999999999999", "x", "1 OR 1=1", "\x00", "../../etc/passwd", "٣")


@pytest.mark.parametrize("turn", [0, 2])
def test_hidden_values_and_choices(company, turn):
    """Each of them lies in another way, and in the second turn in another one."""
    with Faults() as faults:
        for place, form in enumerate(company.forms):
            first = (place + 2 * turn) % len(LIES)
            for kinds in (("hidden",), ("select", "radio", "checkbox", "button")):
                values, lies = form.values(), cycle(LIES[first:] + LIES[:first])
                told = {name: next(lies) for name in form.named(*kinds) if name != "csrf_token"}
                for name, lie in told.items():
                    values.setlist(name, [lie])
                if told:
                    send(company, faults, form, values, str(told))


@pytest.mark.parametrize("bad", ["99999", "x"])
def test_the_version_of_another_page(company, bad):
    """What was made for another state of the thing is never taken, and the words are still there."""
    with Faults() as faults:
        for form in company.forms:
            for name in [name for name in form.different("hidden") if name.endswith(("version", "was", "seen", "shown_sha256"))]:
                if form.endpoint not in ANY_STATE:
                    values = with_bad(form, [name], bad)
                    answer = send(company, faults, form, values, f"{name}={bad!r}")
                    faults.expect(answer.status in REFUSED, f"{answer.what} is taken: {answer.status}")
                    forgotten = answer.soup is not None and answer.forgets(form, values)
                    faults.expect(not forgotten, f"{answer.what}: forgets {forgotten}")


def test_choices_that_were_not_offered(company):
    with Faults() as faults:
        for form in company.forms:
            for name in form.different("select", "radio"):
                answer = send(company, faults, form, with_bad(form, [name], "not offered"), f"{name}=not offered")
                faults.expect(
                    answer.status in REFUSED or (form.endpoint, name.split("-")[-1]) in GUESSED, f"{answer.what} is taken: {answer.status}")


@pytest.mark.parametrize("token", ["", "forged", "foreign"])
def test_a_token_that_is_not_hers(company, token):
    """Without our token, with a made-up one, and with one of somebody else's session: nothing is written."""
    tokens = {form.who: form.values().get("csrf_token", "") for form in company.forms}
    with Faults() as faults:
        for form in company.forms:
            other = next(value for who, value in tokens.items() if who != form.who and value)
            values = with_bad(form, ["csrf_token"], {"": "", "forged": "x" * 40, "foreign": other}[token])
            answer = company.send(form, values)
            faults.expect(answer.status_code == 400, f"{form} → {answer.status_code} with a {token or 'missing'} token")
            faults.expect(not company.has_changed(), f"{form} wrote with a {token or 'missing'} token")


@pytest.mark.parametrize("ident", ["0", "999999999", "99999999999999999999999999"])
def test_numbers_in_addresses(company, ident):
    with Faults() as faults:
        for form in company.forms:
            forged = re.sub(r"/\d+(?=/|$|\?)", f"/{ident}", form.action)
            forged = re.sub(r"=\d+", f"={ident}", forged)
            if forged != form.action:
                answer = send(company, faults, form, form.values(), f"at {forged}", action=forged)
                faults.expect(answer.status == 404, f"{answer.what} → {answer.status}")


def test_somebody_elses_form(company):
    """Every form is sent by the owner of another home and by a stranger, each with a token of their own."""
    tokens = {form.who: form.values()["csrf_token"] for form in company.forms if "csrf_token" in form.values()}
    with Faults() as faults:
        for form in company.forms:
            for who in ("+8619900000001", ""):
                if form.action.startswith(("/staff/", "/customer/estimates/6", "/customer/plans/4")) and form.who != who:
                    values = with_bad(form, ["csrf_token"], tokens[who])
                    answer = company.ask(who, "POST", form.action, data=values)
                    allowed = {404} if who else {303}
                    faults.expect(answer.status_code in allowed, f"{form} sent by {who or 'a stranger'} → {answer.status_code}")
                    faults.expect(not company.has_changed(), f"{form} wrote for {who or 'a stranger'}")


def test_a_weight_that_is_announced_is_refused_before_it_is_read(company):
    with Faults() as faults:
        for form in company.forms:
            kind = "multipart/form-data; boundary=x"
            answer = company.ask(form.who, "POST", form.action, content_type=kind, environ_overrides={"CONTENT_LENGTH": str(4 << 30)})
            faults.expect(answer.status_code == 413, f"{form} → {answer.status_code} for four gigabytes")


def test_bytes_that_are_no_form(company):
    """JSON, a torn multipart body, a type that does not exist."""
    with Faults() as faults:
        for form in company.forms:
            for kind, body in (("application/json", b'{"name": '), ("multipart/form-data; boundary=y", b"--y\r\nContent-Dis"), ("x", b"\xff")):
                answer = company.ask(form.who, "POST", form.action, data=body, content_type=kind)
                faults.expect(answer.status_code == 400, f"{form} → {answer.status_code} for {kind}")


def test_pieces_of_a_file_that_lie(company):
    """The talk of upload.js: sizes and places that are none are refused in words, and nothing is kept."""
    form = next(one for one in company.forms if one.endpoint == "staff.plans.send")
    half = company.hidden["half"]
    token = {"X-CSRFToken": form.values()["csrf_token"]}
    told = company.ask(form.who, "GET", half).get_json()
    with Faults() as faults:
        for size in ("", "0", "-5", "NaN", "1e309", "٣", "9" * 400, str(4 << 40)):
            begun = company.ask(form.who, "POST", f"{form.action.removesuffix('files')}uploads", headers=token, data={"name": "a.pdf", "size": size})
            faults.expect(begun.status_code == 422 and begun.get_json()["says"], f"size {size[:30]} → {begun.status_code}")
        for offset in ("", "-1", "x", "٣", "1e3", "9" * 30):
            piece = company.ask(form.who, "POST", told["content"], headers=token | {"Upload-Offset": offset}, data=b"x")
            faults.expect(piece.status_code == 422 and piece.get_json()["says"], f"offset {offset} → {piece.status_code}")
        ahead = company.ask(form.who, "POST", told["content"], headers=token | {"Upload-Offset": "5000"}, data=b"x")
        faults.expect((ahead.status_code, ahead.get_json()) == (409, {"received": 0}), f"a gap → {ahead.status_code}")
        early = company.ask(form.who, "POST", told["completion"], headers=token)
        faults.expect((early.status_code, early.get_json()) == (409, {"received": 0}), f"completed too early → {early.status_code}")
        for address in (told["content"], told["completion"]):
            naked = company.ask(form.who, "POST", address, headers={"Upload-Offset": "0"}, data=b"x")
            faults.expect(naked.status_code == 400, f"{address} without a token → {naked.status_code}")
        faults.expect(not company.grown(), f"yet {company.grown()}")
    company.restore()


# Their words are added to the thing, whatever state it is in meanwhile.
ANY_STATE = {"staff.orders.note"}
# Its rooms are proposals, and others may be named; a ruling while typing looks at what it rules about.
GUESSED = {("staff.estimates.add", "space"), ("staff.leads.check", "source")}
assert TAKEN.isdisjoint(REFUSED)
