"""Whatever is typed, sent or forged: a clear answer, the words kept, nothing half-saved, nothing of the program shown.

The forms are those that the people of the demo company find by following links; a new form is tried without anybody
adding it.
"""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from portal.fields import clean
from tests.forms import Company, Form

LEAKS = re.compile(r"Traceback \(most recent call last\)|site-packages|/portal/\w+\.py|sqlalchemy\.|sqlite3\.|<frozen |werkzeug\.")
CALM = {200, 204, 303, 400, 401, 403, 404, 409, 410, 413, 422, 429}
REFUSED = {400, 403, 404, 409, 410, 413, 422, 429}
# What a refusal writes down on purpose: tries that count, and the registration that is kept with its reason.
COUNTED = {"sign_in_attempt", "attempt", "one_time_code", "throttle", "lead", "audit_entry", "audit_event", "session", "user_session"}
HUGE = "x" * 1_000_000


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    made = Company(tmp_path_factory.mktemp("company"))
    yield made
    made.close()


def attack(company, form: Form, kinds: tuple[str, ...], bad: str, *, first_only: bool = False):
    """The sensible values with `bad` in every field of these kinds; None when the form has none."""
    names = form.named(*kinds)[: 1 if first_only else None]
    if not names:
        return None
    values = form.values()
    for name in names:
        values.setlist(name, [bad])
    return names, send(company, form, values, f"{form} {names} {bad[:20]!r}")


def send(company, form: Form, values, what: str, **how):
    """Send, and judge what holds for every answer."""
    version, rows = company.version(), company.rows()
    answer = company.send(form, values, **how)
    text = answer.get_data(as_text=True) if answer.mimetype in ("text/html", "application/json") else ""
    assert answer.status_code in CALM, f"{what} → {answer.status_code}"
    assert not LEAKS.search(text), f"{what} shows {LEAKS.search(text)}"
    if company.version() != version:
        if answer.status_code in REFUSED:
            now = company.rows()
            grown = {name for name in now if now[name] != rows[name]}
            assert grown <= COUNTED, f"{what} → {answer.status_code}, and yet {grown}"
        company.restore()
    return answer


def kept(form: Form, answer, name: str, typed: str) -> bool:
    """Whether the page shows the field again with what was typed."""
    soup = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    wanted = clean(typed, lines=True)[:60]
    for field in soup.select(f'[name="{name}"]'):
        shown = field.get_text() if field.name == "textarea" else field.get("value", "")
        if shown.strip("\r\n").startswith(wanted):
            return True
    return False


def test_the_walk_reaches_what_the_product_can_do(company):
    posts = {rule.endpoint for rule in company.app.url_map.iter_rules() if "POST" in rule.methods}
    missing = posts - {form.endpoint for form in company.forms}
    assert missing <= UNREACHED, sorted(missing - UNREACHED)


def test_sensible_input_is_taken(company):
    """The attacks would prove nothing if every form were refused for another reason."""
    answers = {str(form): send(company, form, form.values(), str(form)).status_code for form in company.forms if not form.named("file")}
    taken = [name for name, status in answers.items() if status in (200, 204, 303)]
    assert len(taken) > len(answers) * 0.75, [name for name in answers.items() if name[0] not in taken]


@pytest.mark.parametrize(("name", "bad"), [
    ("nul", "墙\x00面"), ("control", "a\x07b\x1b[31m"), ("right to left", "\u202e绘图\u2066x"), ("half a character", "\ud800墙"),
    ("emoji", "👩‍👩‍👧‍👦🏠 好"), ("markup", "<script>alert(1)</script>{{7*7}}%s%(x)s"), ("sql", "'; DROP TABLE lead; --"), ("blank", "\u3000 \t"),
])
def test_strange_words(company, name, bad):
    for form in company.forms:
        tried = attack(company, form, ("text", "textarea", "search"), bad.encode("utf-8", "replace").decode() if "\ud800" in bad else bad)
        if tried is None:
            continue
        names, answer = tried
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        assert "<script>alert(1)" not in text, f"{form} lets markup through"
        if name in ("nul", "right to left") and answer.status_code in (200, 303):
            assert form.endpoint in LOOKS_AT_NOTHING, f"{form} takes {name} in {names}"
        if answer.status_code == 422 and name in ("emoji", "markup"):
            for one in names:
                assert kept(form, answer, one, bad) or form.endpoint in KEEPS_NO_WORDS, f"{form} forgets {one}"


def test_a_megabyte_in_a_field(company):
    for form in company.forms:
        for kind in ("text", "textarea", "tel", "number"):
            tried = attack(company, form, (kind,), HUGE, first_only=True)
            if tried and form.endpoint not in LOOKS_AT_NOTHING:
                assert tried[1].status_code in REFUSED, f"{form} takes a megabyte in {tried[0]}: {tried[1].status_code}"


@pytest.mark.parametrize("bad", ["NaN", "-5", "1e309", "Infinity", "0x10", "٣", "1,5,", "999999999999999999999", "--1"])
def test_numbers_that_are_none(company, bad):
    for form in company.forms:
        tried = attack(company, form, ("number",), bad)
        if tried:
            assert tried[1].status_code in REFUSED, f"{form} takes {bad} in {tried[0]}: {tried[1].status_code}"
            if tried[1].status_code == 422:
                assert all(kept(form, tried[1], one, bad) or form.endpoint in KEEPS_NO_WORDS for one in tried[0]), f"{form} forgets {bad}"


@pytest.mark.parametrize("bad", ["0000-01-01", "9999-12-31", "2026-02-30", "26-1-1", "NaN", "2026-01-01T00:00", "-1"])
def test_days_that_are_none(company, bad):
    for form in company.forms:
        tried = attack(company, form, ("date",), bad)
        if tried and form.endpoint not in LOOKS_AT_NOTHING | {"staff.orders.note"}:
            assert tried[1].status_code in REFUSED, f"{form} takes {bad} in {tried[0]}: {tried[1].status_code}"


@pytest.mark.parametrize("bad", ["25:00", "-1:30", "9", "99:99:99", "NaN"])
def test_times_that_are_none(company, bad):
    for form in company.forms:
        tried = attack(company, form, ("time",), bad)
        if tried:
            assert tried[1].status_code in REFUSED | {303}
            if tried[1].status_code == 303:  # a choice beside it may make the time needless
                assert form.named("checkbox", "radio"), f"{form} takes {bad}"


@pytest.mark.parametrize("bad", ["", "-1", "999999999999999999999999", "x", "1 OR 1=1", "\x00", "../../etc/passwd", "٣"])
def test_forged_choices_and_hidden_values(company, bad):
    for form in company.forms:
        for kinds in (("hidden",), ("select", "radio", "checkbox")):
            values, names = form.values(), [one for one in form.named(*kinds) if one != "csrf_token"]
            for name in names:
                values.setlist(name, [bad])
            if names:
                send(company, form, values, f"{form} {names}={bad!r}")


def test_nothing_filled_in(company):
    for form in company.forms:
        send(company, form, {"csrf_token": form.values().get("csrf_token", "")}, f"{form} empty")


def test_bytes_that_are_no_text(company):
    for form in company.forms:
        names = form.named("text", "textarea", "tel", "number", "date", "select")
        body = b"csrf_token=" + form.values().get("csrf_token", "").encode() + b"".join(b"&" + name.encode() + b"=%ff%fe%80" for name in names)
        answer = company.ask(form.who, "POST", form.action, data=body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in CALM, f"{form} → {answer.status_code}"
        company.restore()


@pytest.mark.parametrize("token", ["", "forged", "foreign"])
def test_a_forged_form_changes_nothing(company, token):
    """Without our token, with a made-up one, and with one of somebody else's session."""
    foreign = {form.who: form.values().get("csrf_token", "") for form in company.forms}
    for form in company.forms:
        values, version = form.values(), company.version()
        other = next(value for who, value in foreign.items() if who != form.who)
        values.setlist("csrf_token", [{"": "", "forged": "x" * 40, "foreign": other}[token]])
        answer = company.send(form, values)
        assert answer.status_code == 400, f"{form} → {answer.status_code} with a {token or 'missing'} token"
        assert company.version() == version, f"{form} wrote with a {token or 'missing'} token"


@pytest.mark.parametrize("ident", ["0", "999999999", "99999999999999999999999999"])
def test_forged_numbers_in_addresses(company, ident):
    for form in company.forms:
        forged = re.sub(r"/\d+(?=/|$)", f"/{ident}", form.action)
        if forged != form.action:
            answer = send(company, form, form.values(), f"{form} at {forged}", action=forged)
            assert answer.status_code == 404, f"{forged} → {answer.status_code}"


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def png_bomb() -> bytes:
    """60000 × 60000 pixels in a few kilobytes."""
    row = zlib.compress(b"\x00" * 1_000_000, 9)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 300), 40).convert("RGB").save(file, "JPEG")
    return file.getvalue()


BAD_FILES = {
    "empty": (b"", "空.jpg"),
    "svg as png": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "图.png"),
    "html as jpg": (b"<!doctype html><script>alert(1)</script>", "图.jpg"),
    "bomb": (png_bomb(), "大.png"),
    "truncated": (jpeg()[: len(jpeg()) // 3], "断.jpg"),
    "program": (b"MZ" + b"\x00" * 400, "报价.pdf"),
    "broken pdf": (b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >>", "坏.pdf"),
    "zip that is no book": (b"PK\x03\x04" + b"\x00" * 64, "价目.xlsx"),
    "nothing but a name": (b"\x00", "x" * 300 + ".png"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_are_not_what_they_say(company, name):
    content, filename = BAD_FILES[name]
    for form in [one for one in company.forms if one.named("file")]:
        files = [(field, (io.BytesIO(content), filename)) for field in form.named("file")]
        answer = send(company, form, form.values(), f"{form} {name}", files=files)
        if answer.status_code == 303:
            page = company.ask(form.who, "GET", answer.headers["Location"])
            assert page.status_code == 200 and not LEAKS.search(page.get_data(as_text=True))
        if form.endpoint not in FILES_ELSEWHERE and name not in ("empty",):
            assert answer.status_code in REFUSED, f"{form} takes “{name}”: {answer.status_code}"
        if answer.status_code == 422:
            assert BeautifulSoup(answer.get_data(as_text=True), "html.parser").select(".error, .alert"), f"{form} does not say why"


@pytest.mark.parametrize("filename", ["../../../../etc/cron.d/x.jpg", "..\\..\\x.jpg", "/etc/passwd.jpg", "a\x00b.jpg", "\u202egpj.exe.jpg", ".jpg", "CON.jpg"])
def test_names_that_want_to_be_paths(company, filename):
    folder = company.file.parent
    before = {path for path in folder.parent.rglob("*") if "files" not in path.parts}
    for form in [one for one in company.forms if one.named("file")]:
        files = [(field, (io.BytesIO(jpeg()), filename)) for field in form.named("file")]
        send(company, form, form.values(), f"{form} {filename!r}", files=files)
    after = {path for path in folder.parent.rglob("*") if "files" not in path.parts}
    assert {path for path in after - before if "portal.db" not in path.name} == set()
    assert all(re.fullmatch(r"[\w.-]+", path.name) for path in (folder / "files").rglob("*"))


def test_a_body_larger_than_any_form_is_stopped(company):
    form = next(one for one in company.forms if one.endpoint == "staff.leads.create")
    values = form.values()
    values.setlist("note", ["x" * 6_000_000])
    assert send(company, form, values, "six megabytes").status_code == 413


# Their forms stand on pages that need more than the furnished company has, and are tried by tests of their own.
UNREACHED = {
    "account.end_device", "account.end_other_devices", "account.join", "staff.estimates.explain", "staff.estimates.present", "staff.estimates.price",
    "staff.estimates.prices", "staff.estimates.release", "staff.orders.plan", "staff.orders.reopen", "staff.outbox.again", "staff.plans.answer",
    "staff.plans.begin", "staff.plans.complete", "staff.plans.content", "staff.plans.present", "staff.plans.restore", "staff.plans.withdraw",
}
# They look at no words: a ruling while typing finds no fault with what is not finished.
LOOKS_AT_NOTHING = {"staff.leads.check", "staff.plans.remove", "account.language", "account.logout"}
KEEPS_NO_WORDS: set[str] = set()
# A drawing is refused on the page that follows, a file to verify is judged in the answer.
FILES_ELSEWHERE = {"staff.plans.send", "verify.check"}
