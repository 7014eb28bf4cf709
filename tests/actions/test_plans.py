"""Drawings below the pages: numbers that are never used twice, previews in the background, what changed."""

from __future__ import annotations

import io
import threading
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock
from portal.actions.plans import previews, saving, showing, talking, uploads
from portal.actions.plans.saving import Entry, NotReady, TakenMeanwhile
from portal.extensions import storage
from portal.models import AuditEntry, Drawing, DrawingDecision, DrawingRevision, Job, PreviewPage, Remark, Upload, User
from portal.rules.access import Role
from portal.rules.plans import PlanState, Word, pair_up, read_place, scale_of, sheet_key, state_of
from portal.rules.words import Refused
from portal.storage import OutOfStep
from portal.storage import Refused as FileRefused
from tests import factories
from tests.drawings import material


@pytest.fixture
def home(db, dora):
    project = factories.make_project()
    factories.assign(project, dora, Role.DESIGNER)
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


class File:
    """A file as a form brings it."""

    def __init__(self, name: str, content: bytes):
        self.filename, self.stream = name, io.BytesIO(content)


def pdf(tmp_path, *, mark=b"20 20 300 200 re f", pages=1) -> bytes:
    return material.pdf(tmp_path / "made.pdf", pages=pages, content=b"0.8 0.1 0.1 rg " + mark).read_bytes()


def arrive(db, home, by, name, content) -> Upload:
    upload = uploads.take(project=home, sent=[File(name, content)], by=by, at=clock.now())[0]
    db.session.commit()
    return upload


def revise(db, home, by, content, *, sheet_no="P-04", note="", name="P-04.pdf", show=True) -> DrawingRevision:
    upload = arrive(db, home, by, name, content)
    assert upload.fault is None
    revision = saving.save(project=home, entries=[Entry(upload, sheet_no, "平面布置图", "1:60", note)], by=by, at=clock.now())[0]
    if show:
        showing.show(project=home, revisions=[revision], by=by, at=clock.now())
    db.session.commit()
    return revision


def work(db, revision) -> None:
    """What the worker does with a new revision."""
    previews.preview(revision_id=revision.id)
    db.session.commit()
    previews.compare(revision_id=revision.id)
    db.session.commit()


# ── the rules ──


@pytest.mark.parametrize(
    "typed, key",
    [("p4", "P-04"), ("P-04", "P-04"), ("ｐ－４", "P-04"), ("pb1-04", "PB1-04"), ("JG-W", "JG-W"), ("../x", ""), ("", ""), ("a" * 21, "")],
)
def test_a_sheet_number_has_one_spelling(typed, key):
    assert sheet_key(typed) == key


@pytest.mark.parametrize(
    "typed, scale", [("1：60", "1:60"), ("1 : 75", "1:75"), ("无", "—"), ("-", "—"), ("60", ""), ("1:0", ""), ("", "")]
)
def test_a_scale_is_a_ratio_or_none(typed, scale):
    assert scale_of(typed) == scale


def test_a_pdf_and_its_dwg_are_one_revision_and_two_pdfs_are_a_fault():
    assert pair_up([("P-04", "dwg"), ("P-05", "pdf"), ("P-04", "pdf")]) == [(2, 0), (1, None)]
    assert pair_up([("P-04", "dwg"), ("P-04", "dxf")]) == [(1, 0)]
    with pytest.raises(Refused):
        pair_up([("P-04", "pdf"), ("P-04", "png")])


@pytest.mark.parametrize(
    "x, y",
    [("NaN", "0.5"), ("0.5", "Infinity"), ("-0.01", "0"), ("1.0001", "0"), ("1e999", "0"), ("0.5", ""), ("x", "y"), ("0." + "1" * 40, "0")],
)
def test_a_place_off_the_page_is_refused(x, y):
    with pytest.raises(Refused):
        read_place(x, y)


def test_a_place_is_a_tap_or_a_ninth_or_the_whole_page():
    assert read_place("0.12345", "1") == (Decimal("0.1234"), Decimal("1.0000"))
    assert read_place("", "", "5") == (Decimal("0.5"), Decimal("0.5"))
    assert read_place("", "", "") == (None, None)


def test_one_wish_for_a_change_outweighs_approvals():
    assert state_of([]) is PlanState.WAITING
    assert state_of([True, True]) is PlanState.APPROVED
    assert state_of([True, False]) is PlanState.CHANGES


# ── numbers ──


def test_revisions_count_up_and_say_what_changed(db, home, dora, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path))
    second = revise(db, home, dora, pdf(tmp_path, mark=b"40 40 300 200 re f"), sheet_no="p4", note="沙发右移")
    assert [first.number, second.number] == [0, 1]
    assert first.drawing_id == second.drawing_id
    assert second.drawing.next_number == 2
    assert db.session.query(Job).filter_by(kind="drawing.preview").count() == 2


@pytest.mark.parametrize(
    "given, key",
    [
        ({"note": ""}, "note"),
        ({"scale": "60"}, "scale"),
        ({"title": ""}, "title"),
        ({"title": "平面图最终版"}, "title"),
        ({"sheet_no": ""}, "sheet_no"),
    ],
)
def test_nothing_is_saved_while_something_is_missing(db, home, dora, tmp_path, given, key):
    revise(db, home, dora, pdf(tmp_path))
    upload = arrive(db, home, dora, "P-04_2.pdf", pdf(tmp_path, mark=b"1 1 9 9 re f"))
    good = arrive(db, home, dora, "P-05.pdf", pdf(tmp_path, mark=b"2 2 9 9 re f"))
    entry = {"sheet_no": "P-04", "title": "平面布置图", "scale": "1:60", "note": "改门", **given}
    with pytest.raises(NotReady) as missing:
        saving.save(project=home, entries=[Entry(upload, **entry), Entry(good, "P-05", "铺装", "1:60", "")], by=dora, at=clock.now())
    db.session.rollback()
    assert [fault.facts["key"] for fault in missing.value.decisions[upload.id].trace] == [key]
    assert db.session.query(DrawingRevision).count() == 1


def test_the_same_content_again_is_no_revision(db, home, dora, tmp_path):
    revise(db, home, dora, pdf(tmp_path))
    again = arrive(db, home, dora, "P-04.pdf", pdf(tmp_path))
    with pytest.raises(NotReady) as missing:
        saving.save(project=home, entries=[Entry(again, "P-04", "平面布置图", "1:60", "没改")], by=dora, at=clock.now())
    assert "完全一样" in missing.value.decisions[again.id].deciding.in_words()


def test_a_number_that_moved_on_is_said(db, home, dora, tmp_path):
    revise(db, home, dora, pdf(tmp_path))
    upload = arrive(db, home, dora, "P-04.pdf", pdf(tmp_path, mark=b"3 3 9 9 re f"))
    with pytest.raises(NotReady) as missing:
        saving.save(project=home, entries=[Entry(upload, "P-04", "平面布置图", "1:60", "改门", expected=0)], by=dora, at=clock.now())
    assert "已经有R0了，这份会存成R1" in missing.value.decisions[upload.id].deciding.in_words()


def test_an_upload_becomes_a_revision_once(db, home, dora, tmp_path):
    upload = arrive(db, home, dora, "P-04.pdf", pdf(tmp_path))
    entry = Entry(upload, "P-04", "平面布置图", "1:60", "")
    assert len(saving.save(project=home, entries=[entry], by=dora, at=clock.now())) == 1
    db.session.commit()
    assert saving.save(project=home, entries=[entry], by=dora, at=clock.now()) == []


def test_two_designers_at_once_never_share_a_number(app, db, home, dora, tmp_path):
    revise(db, home, dora, pdf(tmp_path))
    files = [arrive(db, home, dora, f"P-04_{n}.pdf", pdf(tmp_path, mark=b"%d 5 9 9 re f" % n)) for n in range(6)]
    idents, home_id, dora_id = [one.id for one in files], home.id, dora.id
    db.session.remove()
    ready, faults = threading.Barrier(len(idents)), []

    def save(upload_id: int) -> None:
        with app.app_context():
            from portal.models import Project, User

            ready.wait()
            try:
                upload = db.session.get(Upload, upload_id)
                entry = Entry(upload, "P-04", "平面布置图", "1:60", "改")
                saving.save(project=db.session.get(Project, home_id), entries=[entry], by=db.session.get(User, dora_id), at=clock.now())
                db.session.commit()
            except (StaleDataError, IntegrityError, TakenMeanwhile) as lost:
                db.session.rollback()
                faults.append(lost)

    threads = [threading.Thread(target=save, args=(ident,)) for ident in idents]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    numbers = sorted(number for (number,) in db.session.query(DrawingRevision.number))
    assert numbers == list(range(len(numbers)))
    assert len(numbers) + len(faults) == 7
    assert len(numbers) > 1


# ── files that mean harm ──


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "svg as png": ("a.png", SVG, "SVG"),
    "html as pdf": ("a.pdf", b"<!doctype html><script>1</script>", "HTML"),
    "png as pdf": ("a.pdf", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40), "PNG"),
    "zip": ("a.zip", b"PK\x03\x04" + bytes(40), "压缩包"),
    "program": ("a.dwg", b"MZ" + bytes(100), "程序"),
    "empty": ("a.pdf", b"", "空的"),
    "noise": ("a.dxf", b"\x00\x01\x02" * 50, "认不出"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_is_not_taken_says_why_and_keeps_nothing(db, home, dora, tmp_path, case):
    name, content, word = BAD[case]
    came = uploads.take(project=home, sent=[File(name, content), File("P-04.pdf", pdf(tmp_path))], by=dora, at=clock.now())
    db.session.commit()
    assert word in FileRefused.from_record(came[0].fault).in_words()
    assert came[0].file_sha256 is None
    assert came[1].fault is None and came[1].file_kind == "pdf"


@pytest.mark.parametrize(
    "name, shown", [("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\x\\图.pdf", "图.pdf"), ("a\x00b\u202egnp.pdf", "abgnp.pdf"), ("", "file")]
)
def test_a_name_is_for_people_only(db, home, dora, name, shown):
    upload = uploads.begin(project=home, name=name, size=10, stamp="", by=dora, at=clock.now())
    assert upload.name == shown



def test_four_completions_at_once_finish_an_upload_once(app, db, home, dora, tmp_path):
    """A browser that lost the answer asks again: the same answer for everybody, one line in the log."""
    content = pdf(tmp_path)
    upload = uploads.begin(project=home, name="P-04.pdf", size=len(content), stamp="", by=dora, at=clock.now())
    db.session.commit()
    uploads.receive(upload, offset=0, stream=io.BytesIO(content), at=clock.now())
    ident, who, answers, barrier = upload.id, dora.id, [], threading.Barrier(4)
    db.session.rollback()

    def complete():
        with app.app_context():
            barrier.wait()
            mine, by = db.session.get(Upload, ident), db.session.get(User, who)
            try:
                answers.append(uploads.finish(mine, by=by, at=clock.now()).file_kind)
                db.session.commit()
            except FileRefused as refused:
                answers.append(refused.code)
            db.session.remove()

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["pdf"] * 4
    assert db.session.query(AuditEntry).filter_by(act="drawing.uploaded").count() == 1


def test_an_upload_that_is_removed_while_it_is_finished_says_so(db, home, dora, tmp_path, monkeypatch):
    content = pdf(tmp_path)
    upload = uploads.begin(project=home, name="P-04.pdf", size=len(content), stamp="", by=dora, at=clock.now())
    db.session.commit()
    uploads.receive(upload, offset=0, stream=io.BytesIO(content), at=clock.now())
    db.session.delete(db.session.get(Upload, upload.id))
    db.session.flush()
    monkeypatch.setattr(db.session, "rollback", lambda: None)
    with pytest.raises(FileRefused) as refused:
        uploads.finish(upload, by=dora, at=clock.now())
    assert refused.value.code == "upload_unknown"


def test_what_was_removed_stands_in_the_log(db, home, dora, tmp_path):
    upload = arrive(db, home, dora, "P-04.pdf", pdf(tmp_path))
    ident = upload.id
    uploads.discard(upload, by=dora, at=clock.now())
    line = db.session.query(AuditEntry).filter_by(act="drawing.upload_removed").one()
    assert (line.subject_id, line.project_id, line.by_id) == (ident, home.id, dora.id)


def test_a_file_too_large_is_refused_before_a_byte_is_sent(db, home, dora):
    with pytest.raises(FileRefused, match="最多 200 MB"):
        uploads.begin(project=home, name="a.pdf", size=200 * 1024 * 1024 + 1, stamp="", by=dora, at=clock.now())
    with pytest.raises(FileRefused, match="0 字节"):
        uploads.begin(project=home, name="a.pdf", size=0, stamp="", by=dora, at=clock.now())
    assert db.session.query(Upload).count() == 0


def test_more_than_was_announced_is_refused(db, home, dora, tmp_path):
    upload = uploads.begin(project=home, name="a.pdf", size=10, stamp="", by=dora, at=clock.now())
    db.session.commit()
    with pytest.raises(FileRefused, match="还大"):
        uploads.receive(upload, offset=0, stream=io.BytesIO(pdf(tmp_path)), at=clock.now())
    with pytest.raises(OutOfStep):
        uploads.finish(upload, by=dora, at=clock.now())


def test_the_beginning_of_a_wrong_file_ends_it(db, home, dora):
    upload = uploads.begin(project=home, name="a.pdf", size=100_000_000, stamp="", by=dora, at=clock.now())
    db.session.commit()
    with pytest.raises(FileRefused, match="压缩包"):
        uploads.receive(upload, offset=0, stream=io.BytesIO(b"PK\x03\x04" + bytes(5000)), at=clock.now())
    db.session.commit()
    assert upload.finished_at and upload.fault and upload.file_sha256 is None
    with pytest.raises(FileRefused):
        storage.received(upload.token)


def test_a_broken_upload_goes_on_where_it_stopped(db, home, dora, tmp_path):
    content = pdf(tmp_path)
    first = uploads.begin(project=home, name="a.pdf", size=len(content), stamp="17", by=dora, at=clock.now())
    db.session.commit()
    assert uploads.receive(first, offset=0, stream=io.BytesIO(content[:100]), at=clock.now()) == 100
    again = uploads.begin(project=home, name="a.pdf", size=len(content), stamp="17", by=dora, at=clock.now())
    other = uploads.begin(project=home, name="a.pdf", size=len(content), stamp="18", by=dora, at=clock.now())
    db.session.commit()
    assert again.id == first.id and other.id != first.id
    with pytest.raises(OutOfStep) as step:
        uploads.receive(again, offset=0, stream=io.BytesIO(content), at=clock.now())
    assert step.value.received == 100
    uploads.receive(again, offset=100, stream=io.BytesIO(content[100:]), at=clock.now())
    done = uploads.finish(again, by=dora, at=clock.now())
    db.session.commit()
    assert storage.open(done.file_sha256).read() == content
    assert uploads.finish(again, by=dora, at=clock.now()).file_sha256 == done.file_sha256


def test_forgotten_files_are_swept_and_revisions_stay(db, home, dora, tmp_path):
    from datetime import timedelta

    revision = revise(db, home, dora, pdf(tmp_path))
    arrive(db, home, dora, "P-05.pdf", pdf(tmp_path, mark=b"7 7 7 7 re f"))
    uploads.begin(project=home, name="half.pdf", size=10, stamp="", by=dora, at=clock.now())
    db.session.commit()
    uploads.sweep(at=clock.now() + timedelta(days=4))
    assert db.session.query(Upload).count() == 2
    uploads.sweep(at=clock.now() + timedelta(days=15))
    assert [upload.revision_id for upload in db.session.query(Upload)] == [revision.id]


# ── previews ──


def test_pages_are_made_and_the_change_is_found(db, home, dora, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path, pages=2))
    work(db, first)
    assert first.preview == "ready"
    assert [(page.number, page.changes) for page in first.pages] == [(1, None), (2, None)]
    second = revise(db, home, dora, pdf(tmp_path, pages=2, mark=b"600 500 300 200 re f"), note="移位")
    work(db, second)
    page = second.pages[0]
    assert second.compared_with_id == first.id
    assert len(page.changes) >= 2 and all(0 <= share <= 1 for region in page.changes for share in region)
    assert storage.open(page.overlay_sha256).read(8) == b"\x89PNG\r\n\x1a\n"
    assert previews.preview(revision_id=second.id) == "nothing to do"
    assert db.session.query(PreviewPage).count() == 4


def test_she_is_shown_the_change_since_what_she_saw_not_since_a_draft(db, home, dora, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path))
    draft = revise(db, home, dora, pdf(tmp_path, mark=b"1 1 100 100 re f"), note="草稿", show=False)
    third = revise(db, home, dora, pdf(tmp_path, mark=b"500 1 100 100 re f"), note="定了", show=False)
    for revision in (first, draft, third):
        work(db, revision)
    assert third.compared_with_id == first.id
    showing.show(project=home, revisions=[draft, third], by=dora, at=clock.now())
    assert draft.shown_at is None and third.shown_at is not None


@pytest.mark.parametrize(
    "make, preview, word",
    [
        (lambda path: material.pixel_bomb(path), "failed", "像素"),
        (lambda path: path.write_bytes(b"0\nSECTION\n2\nENTITIES\n" + b"0\nLINE\n" * 50) and path, "failed", ""),
        (lambda path: path.write_bytes(b"AC1032\x00\x00\x00\x00\x00" + bytes(400)) and path, "none", "DWG"),
        (lambda path: path.write_bytes(b"%PDF-1.7\nbroken") and path, "failed", "损坏"),
    ],
)
def test_a_file_without_a_picture_says_so_and_stays(db, home, dora, tmp_path, make, preview, word):
    content = make(tmp_path / "made").read_bytes()
    kind = {b"\x89": "png", b"%": "pdf", b"A": "dwg"}.get(content[:1], "dxf")
    revision = revise(db, home, dora, content, name=f"P-04.{kind}")
    previews.preview(revision_id=revision.id)
    db.session.commit()
    assert revision.preview == preview
    assert word in FileRefused.from_record(revision.preview_notes[0]).in_words()
    assert storage.exists(revision.file_sha256)


# ── words ──


def test_a_decision_counts_once_and_never_for_an_old_revision(db, home, dora, owner, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path))
    decide = {"approve": True, "reason": "", "by": owner, "at": clock.now()}
    assert talking.decide(first, **decide) is talking.decide(first, **decide)
    db.session.commit()
    with pytest.raises(talking.NotYours) as refused:
        talking.decide(first, approve=False, reason="改主意了", by=owner, at=clock.now())
    assert refused.value.decision.verdict is Word.DECIDED
    spouse = factories.make_homeowner(home, relation="spouse")
    db.session.commit()
    revise(db, home, dora, pdf(tmp_path, mark=b"9 9 9 9 re f"), note="改")
    with pytest.raises(talking.NotYours) as refused:
        talking.decide(first, approve=True, reason="", by=spouse, at=clock.now())
    assert refused.value.decision.verdict is Word.SUPERSEDED
    assert db.session.query(DrawingDecision).count() == 1


def test_two_clicks_at_the_same_moment_are_one_decision(app, db, home, dora, owner, tmp_path):
    revision_id, owner_id = revise(db, home, dora, pdf(tmp_path)).id, owner.id
    db.session.remove()
    ready = threading.Barrier(4)

    def click() -> None:
        from portal.models import User

        with app.app_context():
            ready.wait()
            talking.decide(
                db.session.get(DrawingRevision, revision_id), approve=True, reason="", by=db.session.get(User, owner_id), at=clock.now()
            )
            db.session.commit()

    threads = [threading.Thread(target=click) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert db.session.query(DrawingDecision).count() == 1


def test_a_remark_stays_open_over_revisions_until_it_is_settled(db, home, dora, owner, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path))
    said = talking.remark(first, page=1, place=(Decimal("0.5"), Decimal("0.5")), body="门往左", by=owner, at=clock.now(), request_key="k")
    assert talking.remark(first, page=1, place=(None, None), body="门往左", by=owner, at=clock.now(), request_key="k") is said
    db.session.commit()
    revise(db, home, dora, pdf(tmp_path, mark=b"9 9 9 9 re f"), note="改")
    assert db.session.query(Remark).filter_by(resolved_at=None).count() == 1
    talking.answer(said, words="改好了", resolved=True, by=dora, at=clock.now())
    with pytest.raises(Refused):
        talking.answer(said, words="再说", resolved=False, by=dora, at=clock.now())
    with pytest.raises(Refused):
        talking.remark(first, page=2, place=(None, None), body="没有这一页", by=owner, at=clock.now())


def test_taking_back_keeps_everything(db, home, dora, owner, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path))
    drawing = db.session.get(Drawing, revision.drawing_id)
    showing.withdraw(drawing, by=dora, at=clock.now())
    showing.withdraw(drawing, by=dora, at=clock.now())
    db.session.commit()
    assert showing.show(project=home, revisions=[revision], by=dora, at=clock.now()) == []
    showing.restore(drawing, by=dora, at=clock.now())
    assert drawing.withdrawn_at is None and len(drawing.revisions) == 1
