"""Anybody drops a file and reads who signed it, also against the portal's own record."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import clock
from portal.actions import files
from portal.actions.estimates import papers
from portal.models import AuditEntry, Blob, Document
from tests import estimates, factories
from tests.actions.test_estimates_papers import paper_of, present, sign, work

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db):
    return estimates.make_home()


@pytest.fixture
def signed(app, db, browser, home):
    """Every state of a paper that owner and spouse have signed: certified, by one, by both."""
    spouse = factories.make_homeowner(home.project, name="江小满", relation="spouse")
    db.session.commit()
    revision = present(home, browser.as_(home.estimator))
    work(app)
    for person in (home.owner, spouse):
        sign(browser, person, paper_of(revision))
        work(app)
    paper = paper_of(revision)
    return [files.contents(kept.sha256) for kept in paper.files[1:]]


def drop(browser, content: bytes, name: str = "signed.pdf", **more):
    return browser.as_(None, **more).post("verify.check", {"file": (io.BytesIO(content), name)})


def test_what_is_said_of_a_signed_file_and_of_what_was_done_to_it(db, browser, signed):
    """One journey, because signing takes seconds: the whole file, a cut-off signature, changed bytes, something appended."""
    before = db.session.query(Blob).count(), db.session.query(AuditEntry).count()
    page = drop(browser, signed[-1])
    assert page.status == 200
    assert "完整，全部签署" in page.words
    assert "与记录一致" in page.words
    assert all(name in page.words for name in ("示例装饰工程有限公司", "林知秋", "江小满"))
    english = drop(browser, signed[-1], language="en")
    assert "Whole, and signed by everyone" in english.words
    assert "完整" not in english.words
    # Nothing in the file tells that a signature was cut off: only the record knows that somebody signed after.
    cut = drop(browser, signed[1])
    assert "这不是最后的一份" in cut.words and "现在共2个签名" in cut.words
    assert "完整，全部签署" not in cut.words
    for content in (*changed_bytes(signed[-1]), signed[-1] + b"\n%appended\n"):
        page = drop(browser, content)
        assert "不能相信这份文件" in page.words
        assert "本门户没有做过这样一份文件" in page.words
    assert (db.session.query(Blob).count(), db.session.query(AuditEntry).count()) == before, "nothing of it is kept"


def changed_bytes(content: bytes):
    for place in (0.1, 0.5, 0.9, 0.999):
        changed = bytearray(content)
        changed[int(len(changed) * place)] ^= 1
        yield bytes(changed)


def test_a_file_that_waits_for_signatures_says_for_whose(app, db, browser, home):
    revision = present(home, browser.as_(home.estimator))
    work(app)
    page = drop(browser, files.contents(papers.latest(paper_of(revision)).sha256))
    assert "完整，但还没有签完" in page.words
    assert "待签" in page.words and "林知秋" in page.words


@pytest.mark.parametrize(
    "content, name",
    [
        (b"", "empty.pdf"),
        (b"hello", "x.pdf"),
        (b"%PDF-1.7\n", "x.pdf"),
        (b"\x89PNG\r\n\x1a\n" * 50, "x.pdf"),
        (b"<html><script>alert(1)</script>", "a.pdf"),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 20000, "../../etc/passwd"),
        (b"PK\x03\x04" + b"0" * 500, "名\u202efdp.exe"),
    ],
)
def test_what_is_no_signed_file_is_told_so(browser, content, name):
    page = drop(browser, content, name)
    assert page.status in (200, 422)
    assert "Traceback" not in page.text
    assert "请选择一个PDF文件" in page.words or "不能相信这份文件" in page.words


def test_no_file_at_all(browser):
    page = browser.as_(None).post("verify.check", {})
    assert page.status == 422
    assert "请选择一个PDF文件" in page.words


def test_strangers_may_ask(browser, db):
    assert browser.as_(None).get("verify.show").status == 200


def test_the_command_says_the_same_without_a_database(app, browser, signed, tmp_path):
    """Exit 0 for the whole file; 1 after a changed byte or with a signature cut off."""
    keys = app.config["SETTINGS"].keys_dir
    changed = bytearray(signed[-1])
    changed[len(changed) // 2] ^= 4
    cases = [(signed[-1], 0, "林知秋"), (bytes(changed), 1, ""), (signed[1], 1, "江小满")]
    for number, (content, code, says) in enumerate(cases):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(content)
        portal = Path(sys.executable).with_name("portal")
        done = subprocess.run(
            [portal, "verify", file],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "PORTAL_HOME": str(keys.parent), "DATABASE_URL": "sqlite:////nowhere/at/all.db"},
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert says in done.stdout
        assert "Traceback" not in done.stderr


def test_the_record_of_a_file_that_was_never_made(db, home):
    from portal.actions.estimates import record

    assert record.of_file("0" * 64) is None
    paper = estimates.make_paper(estimates.presented(home), home.owner)
    known = record.of_file(paper.shown_sha256)
    assert (known.newest, known.document_state, known.signatures_now) in ((True, "ready", 0), (False, "ready", 0))
    assert db.session.query(Document).count() == 1
    assert clock.now()
