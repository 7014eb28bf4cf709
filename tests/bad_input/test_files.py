"""Files that are empty, too much, torn, or not what they say; and names that want to be paths."""

from __future__ import annotations

import io
import re
import struct
import zlib
from itertools import cycle

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.bad_input.judging import LEAKS, REFUSED, Faults, send

pytestmark = pytest.mark.slow


def png_bomb() -> bytes:
    """60000 × 60000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1_000_000, 9)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((120, 90), 40).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def endless_dxf() -> bytes:
    """A drawing whose list of lines never comes to its end."""
    line = b"0\nLINE\n8\n0\n10\n0.0\n20\n0.0\n11\n1.0\n21\n1.0\n"
    return b"0\nSECTION\n2\nENTITIES\n" + line * 20_000


BAD_FILES = {
    "empty": (b"", "空.jpg"),
    "svg as png": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "图.png"),
    "html as jpg": (b"<!doctype html><script>alert(1)</script>", "图.jpg"),
    "bomb": (png_bomb(), "大.png"),
    "truncated": (jpeg()[: len(jpeg()) // 3], "断.jpg"),
    "program": (b"MZ" + b"\x00" * 400, "报价.pdf"),
    "broken pdf": (b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >>", "坏.pdf"),
    "zip that is no book": (b"PK\x03\x04" + b"\x00" * 64, "价目.xlsx"),
    "dxf without end": (endless_dxf(), "无尽.dxf"),
    "nothing but a name": (b"\x00", "x" * 300 + ".png"),
}
PATHS = ("../../../../etc/cron.d/x.jpg", "..\\..\\x.jpg", "/etc/passwd.jpg", "a\x00b.jpg", "\u202egpj.exe.jpg", ".jpg", "CON.jpg")


def forms_with_files(company):
    return [form for form in company.forms if form.named("file")]


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_are_not_what_they_say(company, name):
    """Refused beside the field with every word kept; a drawing is judged by itself on the page that follows."""
    content, filename = BAD_FILES[name]
    with Faults() as faults:
        for form in forms_with_files(company):
            field, values = form.named("file")[0], form.values()
            if form.endpoint == "staff.plans.send":
                _sent_as_a_drawing(company, faults, form, field, (content, filename), name in LATER)
                continue
            answer = send(company, faults, form, values, name, files=[(field, (io.BytesIO(content), filename))])
            if form.endpoint == "verify.check" and content:
                faults.expect(answer.status == 200 and "tone-bad" in answer.text, f"{answer.what} → {answer.status} without a warning")
                continue
            faults.expect(answer.status == 422, f"{answer.what} → {answer.status}")
            if answer.status == 422:
                faults.expect(answer.blames(field), f"{answer.what}: no sentence beside it")
                faults.expect(not answer.forgets(form, values), f"{answer.what}: forgets {answer.forgets(form, values)}")


def _sent_as_a_drawing(company, faults, form, field, file, may_wait: bool) -> None:
    """`may_wait`: only drawing it shows what it is; until then it waits for the designer's look, outside of this process."""
    answer = company.send(form, form.values(), files=[(field, (io.BytesIO(file[0]), file[1]))])
    page = company.ask(form.who, "GET", answer.headers.get("Location", form.page))
    text = page.get_data(as_text=True)
    rows = [row for row in BeautifulSoup(text, "html.parser").select(".list-row") if file[1][:20] in row.select_one(".list-row-title").get_text()]
    refused = any("#alert" in str(row) and row.select_one(".list-row-note") for row in rows)
    faults.expect(answer.status_code == 303 and page.status_code == 200, f"{form} {file[1][:20]} → {answer.status_code}, {page.status_code}")
    faults.expect(refused or may_wait, f"{form}: {file[1][:20]} is taken as a drawing")
    faults.expect(not LEAKS.search(text) and "<script>alert(1)" not in text, f"{form}: {file[1][:20]} shows the program")
    company.restore()


def test_names_that_want_to_be_paths(company):
    """They are words, nothing more: no file appears anywhere but under its own hash, and no name is shown as it came."""
    folder = company.file.parent

    def elsewhere():
        return {path for path in folder.parent.rglob("*") if "files" not in path.relative_to(folder.parent).parts and "portal.db" not in path.name}

    before, each = elsewhere(), cycle(PATHS)
    with Faults() as faults:
        for form in forms_with_files(company):
            names = PATHS if form.endpoint in SEVERAL else [next(each)]
            files = [(form.named("file")[0], (io.BytesIO(jpeg()), name)) for name in names]
            send(company, faults, form, form.values(), "names that are paths", files=files)
        faults.expect(elsewhere() == before, f"new files: {elsewhere() - before}")
        strange = [path.name for path in (folder / "files").rglob("*") if not re.fullmatch(r"[\w.-]+", path.name)]
        faults.expect(not strange, f"stored as {strange}")


def test_a_photo_beyond_the_limit(company):
    form = next(one for one in company.forms if one.endpoint == "customer.complaints.create")
    field = form.named("file")[0]
    with Faults() as faults:
        answer = send(company, faults, form, form.values(), "31 MB", files=[(field, (io.BytesIO(jpeg() + b"\x00" * (31 << 20)), "大.jpg"))])
        faults.expect(answer.status in REFUSED and answer.blames(field), f"31 MB → {answer.status}")
        files = [(field, (io.BytesIO(jpeg()), f"{n}.jpg")) for n in range(40)]
        answer = send(company, faults, form, form.values(), "40 photos", files=files)
        faults.expect(answer.status == 422 and answer.blames(field), f"40 photos → {answer.status}")


# Their type is right; that they cannot be drawn turns out while their preview is made.
LATER = {"truncated", "broken pdf", "bomb", "dxf without end"}
SEVERAL = {"staff.plans.send", "customer.complaints.create"}
