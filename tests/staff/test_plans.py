"""The designer's table: files come in by pieces or by form, are confirmed, shown and talked about."""

from __future__ import annotations

import io
import re
import tracemalloc

import pytest

from portal.actions.plans import uploads as incoming
from portal.extensions import storage
from portal.models import Drawing, DrawingRevision, Message, Remark, Upload
from portal.queries.open_plans import MOST_PROJECTS
from portal.rules.access import Role
from tests import factories
from tests.actions.test_plans import pdf, revise, work
from tests.queries import assert_same_cost

MB = 1024 * 1024


@pytest.fixture
def home(db, at_noon, dora):
    project = factories.make_project(title="云栖样板苑 3栋2单元1203")
    factories.assign(project, dora, Role.DESIGNER)
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


@pytest.fixture
def hers(browser, dora):
    """The designer's browser."""
    return browser.as_(dora)


def begin(browser, home, name="P-04_平面布置图.pdf", size=10, stamp=""):
    return browser.post("staff.plans.begin", {"name": name, "size": str(size), "stamp": stamp}, project_id=home.id)


def piece(browser, about: dict, offset: int, content: bytes):
    return browser.client.post(
        about["content"], data=content, headers={"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
    )


def fill(page, **given) -> dict:
    """What stands in the confirming form, with `given` typed into every row."""
    values: dict[str, list | str] = {"upload_id": [tag["value"] for tag in page.all('[name="upload_id"]')]}
    for tag in page.all(".plan-row input, .plan-row textarea"):
        if tag["name"] != "upload_id":
            values[tag["name"]] = tag.get("value", "") if tag.name == "input" else tag.text.strip()
            field = tag["name"].partition("-")[2]
            values[tag["name"]] = given.get(field, values[tag["name"]])
    return values


# ── in pieces ──


def test_a_file_comes_in_pieces_and_is_recognised(hers, home, db, tmp_path):
    content = pdf(tmp_path)
    about = begin(hers, home, size=len(content)).response.get_json()
    assert about["received"] == 0
    assert piece(hers, about, 0, content[:200]).get_json() == {"received": 200}
    assert hers.client.get(about["status"]).get_json()["received"] == 200
    early = hers.client.post(about["completion"])
    assert (early.status_code, early.get_json()) == (409, {"received": 200})
    astray = piece(hers, about, 7, content)
    assert (astray.status_code, astray.get_json()) == (409, {"received": 200})
    assert piece(hers, about, 200, content[200:]).get_json() == {"received": len(content)}
    assert hers.client.post(about["completion"]).get_json()["kind"] == "pdf"
    assert hers.client.post(about["completion"]).get_json()["kind"] == "pdf"
    page = hers.get("staff.plans.confirm", project_id=home.id)
    assert page.one('[name$="-sheet_no"]')["value"] == "P-04"
    assert page.one('[name$="-title"]')["value"] == "平面布置图"
    assert db.session.query(Upload).one().file_sha256


def test_every_refusal_is_a_sentence_and_leaves_nothing(hers, home, db):
    assert "最多 200 MB" in begin(hers, home, size=201 * MB).response.get_json()["says"]
    assert "0 字节" in begin(hers, home, size=0).response.get_json()["says"]
    assert begin(hers, home, size="NaN").status == 422
    assert db.session.query(Upload).count() == 0
    about = begin(hers, home, size=1000).response.get_json()
    refused = piece(hers, about, 0, b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 900)
    assert refused.status_code == 422 and "SVG" in refused.get_json()["says"]
    assert piece(hers, about, 0, b"x").status_code == 409
    assert hers.client.post(about["content"], data=b"x").status_code == 422
    page = hers.get("staff.plans.project", project_id=home.id)
    assert "SVG 矢量图" in page.words
    hers.client.post(about["removal"])
    assert db.session.query(Upload).count() == 0


def test_a_piece_that_is_too_large_is_refused(hers, home):
    about = begin(hers, home, size=100 * MB).response.get_json()
    assert about["piece"] == 8 * MB
    assert piece(hers, about, 0, bytes(8 * MB + 1)).status_code == 413


def test_somebody_elses_upload_does_not_exist(browser, hers, home, db, tmp_path):
    about = begin(hers, home).response.get_json()
    colleague = factories.make_user(Role.DESIGNER, name="德明")
    factories.assign(home, colleague, Role.DESIGNER)
    db.session.commit()
    theirs = browser.as_(colleague)
    for address in (about["content"], about["completion"], about["removal"]):
        assert theirs.client.post(address, data=b"x", headers={"Upload-Offset": "0"}).status_code == 404
    assert theirs.client.get(about["status"]).status_code == 404
    assert begin(theirs, factories.make_project()).status == 404


class Zeros:
    """A body of `size` bytes that is never in memory as a whole; counts the largest read."""

    def __init__(self, head: bytes, size: int):
        self.head, self.size, self.left, self.largest, self.place = head, size, size, 0, 0

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = self.size if whence == 2 else offset
        return self.place

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "the whole body was asked for at once"
        self.largest = max(self.largest, size)
        out = (self.head + bytes(size))[: min(size, self.left)]
        self.head, self.left = self.head[size:], self.left - len(out)
        return out


def test_sixty_megabytes_do_not_fill_the_memory(hers, home, db):
    size = 60 * MB
    about = begin(hers, home, size=size).response.get_json()
    tracemalloc.start()
    try:
        offset, largest = 0, 0
        while offset < size:
            length = min(about["piece"], size - offset)
            body = Zeros(b"%PDF-1.7\n" if offset == 0 else b"", length)
            answer = hers.client.post(
                about["content"],
                input_stream=body,
                content_length=length,
                headers={"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"},
            )
            offset, largest = answer.get_json()["received"], max(largest, body.largest)
        done = hers.client.post(about["completion"]).get_json()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert done == {"kind": "pdf", "received": size}
    assert largest <= MB
    assert peak < 12 * MB
    with storage.open(db.session.query(Upload).one().file_sha256) as kept:
        assert kept.seek(0, 2) == size


# ── with a form, without scripts ──


def test_many_files_with_one_form_and_a_bad_one_among_them(hers, home, tmp_path):
    files = [
        (io.BytesIO(pdf(tmp_path)), "项目_P-04_平面布置图_FA-R0_20261101.pdf"),
        (io.BytesIO(b"<html></html>"), "P-05_铺装.pdf"),
        (io.BytesIO(pdf(tmp_path, mark=b"5 5 5 5 re f")), "../../P-06_天花最终版.pdf"),
    ]
    answer = hers.post("staff.plans.send", {"files": files}, project_id=home.id)
    assert answer.status == 303
    page = hers.get(answer.location)
    assert [tag["value"] for tag in page.all('[name$="-sheet_no"]')] == ["P-04", "P-06"]
    assert "文件名里写了“最终版”" in page.words
    assert "网页（HTML）" in hers.get("staff.plans.project", project_id=home.id).words
    saved = hers.post("staff.plans.save", fill(page, scale="1:60"), project_id=home.id)
    assert saved.status == 303
    table = hers.get(saved.location)
    assert "已保存2张图" in table.words
    assert [tag["id"] for tag in table.all('[name="revision_id"]')]


def test_no_file_at_all_is_said(hers, home):
    answer = hers.post("staff.plans.send", {}, project_id=home.id)
    assert "请先选择图纸" in hers.get(answer.location).words


# ── confirming ──


def test_what_is_missing_is_said_and_every_word_stays(hers, home, db, dora, tmp_path):
    revise(db, home, dora, pdf(tmp_path))
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path, mark=b"5 5 5 5 re f")), "P-04_平面图.pdf")]}, project_id=home.id)
    page = hers.get("staff.plans.confirm", project_id=home.id)
    assert "新一版 R1" in page.words
    assert page.one('[name$="-title"]')["value"] == "平面布置图"
    refused = hers.post("staff.plans.save", fill(page, scale="一比六十", title="客厅改门"), project_id=home.id)
    assert refused.status == 422
    assert any("请写明和上一版相比改了什么" in fault for fault in refused.faults())
    assert any("请写比例" in fault for fault in refused.faults())
    assert refused.one('[name$="-title"]')["value"] == "客厅改门"
    assert refused.one('[name$="-scale"]')["value"] == "一比六十"
    assert hers.post("staff.plans.save", fill(refused, scale="1:60", note="门改了"), project_id=home.id).status == 303
    assert [one.number for one in db.session.query(Drawing).one().revisions] == [1, 0]


def test_a_megabyte_and_strange_signs_get_a_sentence(hers, home, tmp_path):
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path)), "P-04.pdf")]}, project_id=home.id)
    page = hers.get("staff.plans.confirm", project_id=home.id)
    long = hers.post("staff.plans.save", fill(page, scale="1:60", note="长" * MB), project_id=home.id)
    assert long.status in (413, 422)
    strange = hers.post("staff.plans.save", fill(page, scale="1:60", note="a\u202eb\x00"), project_id=home.id)
    assert strange.status == 422
    assert any("控制字符" in fault for fault in strange.faults())
    many = hers.post("staff.plans.save", fill(page, scale="1:60", note="长" * 501), project_id=home.id)
    assert any("最多500个字" in fault for fault in many.faults())


def test_a_number_that_a_colleague_took_meanwhile_is_a_conflict(hers, home, db, dora, tmp_path):
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path)), "P-04.pdf")]}, project_id=home.id)
    page = hers.get("staff.plans.confirm", project_id=home.id)
    assert "新图纸 R0" in page.words
    revise(db, home, dora, pdf(tmp_path, mark=b"6 6 6 6 re f"))
    answer = hers.post("staff.plans.save", fill(page, scale="1:60", title="平面"), project_id=home.id)
    assert answer.status == 409
    assert "这张图已经有R0了，这份会存成R1" in answer.words
    again = hers.post("staff.plans.save", fill(answer, note="改门"), project_id=home.id)
    assert again.status == 303


def test_a_second_click_saves_nothing_twice(hers, home, db, tmp_path):
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path)), "P-04_平面.pdf")]}, project_id=home.id)
    form = fill(hers.get("staff.plans.confirm", project_id=home.id), scale="1:60")
    assert [hers.post("staff.plans.save", form, project_id=home.id).status for _ in range(2)] == [303, 303]
    assert db.session.query(DrawingRevision).count() == 1


def test_enter_in_a_field_saves_and_never_removes(hers, home, tmp_path):
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path)), "P-04.pdf")]}, project_id=home.id)
    buttons = hers.get("staff.plans.confirm", project_id=home.id).all("main form button")
    assert buttons[0].get("formaction") is None
    assert any("removal" in (button.get("formaction") or "") for button in buttons)


def test_the_row_answers_while_the_sheet_number_is_typed(hers, home, db, dora, tmp_path):
    revise(db, home, dora, pdf(tmp_path))
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path, mark=b"5 5 5 5 re f")), "随便.pdf")]}, project_id=home.id)
    page = hers.get("staff.plans.confirm", project_id=home.id)
    upload_id = page.one('[name="upload_id"]')["value"]
    row = hers.post("staff.plans.row", fill(page, sheet_no="p4"), htmx=True, project_id=home.id, upload_id=upload_id)
    assert "新一版 R1" in row.words and "和R0相比改了什么" in row.words
    assert row.one('[name$="-expected"]')["value"] == "1"
    assert not row.all("h1")


# ── showing and talking ──


def test_showing_is_one_act_with_one_message(hers, home, owner, db, dora, tmp_path):
    first = revise(db, home, dora, pdf(tmp_path), show=False)
    second = revise(db, home, dora, pdf(tmp_path, mark=b"5 5 5 5 re f"), sheet_no="P-05", show=False)
    hers.post("staff.plans.present", {"revision_id": [first.id, second.id]}, project_id=home.id)
    assert first.shown_at and second.shown_at
    assert db.session.query(Message).filter_by(user_id=owner.id, kind="drawing.shown", channel="portal").count() == 1
    assert "图纸请您过目（共2张）" in db.session.query(Message).filter_by(channel="portal").first().subject
    twice = hers.post("staff.plans.present", {"revision_id": [first.id, "x", "9" * 40]}, project_id=home.id)
    assert "没有选中" in hers.get(twice.location).words


def test_a_remark_is_answered_settled_and_then_closed_for_good(hers, home, owner, db, dora, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path))
    work(db, revision)
    db.session.add(Remark(drawing_id=revision.drawing_id, revision_id=revision.id, body="门往左", by_id=owner.id, at=factories.clock.now()))
    db.session.commit()
    remark = db.session.query(Remark).one()
    empty = hers.post("staff.plans.answer", {}, remark_id=remark.id)
    assert empty.status == 422 and any("请写下答复" in fault for fault in empty.faults())
    key = f"r{remark.id}-"
    assert hers.post("staff.plans.answer", {key + "words": "好的", key + "resolved": "y"}, remark_id=remark.id).status == 303
    page = hers.get("staff.plans.show", drawing_id=revision.drawing_id)
    assert "好的" in page.words and "已处理" in page.words
    assert hers.post("staff.plans.answer", {key + "words": "再说"}, remark_id=remark.id).status == 409
    assert db.session.query(Message).filter_by(user_id=owner.id, kind="drawing.answered", channel="portal").count() == 1


def test_taking_back_hides_it_from_the_household(browser, hers, home, owner, db, dora, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path))
    hers.post("staff.plans.withdraw", drawing_id=revision.drawing_id)
    assert browser.as_(owner).get("customer.plans.show", drawing_id=revision.drawing_id).status == 404
    assert "已撤回的图纸（1）" in hers.get("staff.plans.project", project_id=home.id).words
    hers.post("staff.plans.restore", drawing_id=revision.drawing_id)
    assert browser.as_(owner).get("customer.plans.show", drawing_id=revision.drawing_id).status == 200


def test_the_original_comes_back_as_a_download(hers, home, db, dora, tmp_path):
    content = pdf(tmp_path)
    revision = revise(db, home, dora, content, name="P-04_平面.pdf")
    answer = hers.get("staff.plans.original", drawing_revision_id=revision.id)
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert hers.get("staff.plans.original", drawing_revision_id=revision.id, part="source").status == 404


def test_other_designers_and_salespeople_find_nothing(browser, home, db, dora, sally, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path))
    work(db, revision)
    other = factories.make_user(Role.DESIGNER)
    db.session.commit()
    for person in (other, sally):
        there = browser.as_(person)
        assert there.get("staff.plans.project", project_id=home.id).status == 404
        assert there.get("staff.plans.show", drawing_id=revision.drawing_id).status == 404
        assert there.get("staff.plans.image", page_id=revision.pages[0].id).status == 404
        assert there.post("staff.plans.withdraw", drawing_id=revision.drawing_id).status == 404


def test_whoever_may_not_upload_can_only_look(browser, home, db, dora, marcus, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path), show=False)
    factories.assign(home, marcus, Role.PROJECT_MANAGER)
    db.session.commit()
    his = browser.as_(marcus)
    page = his.get("staff.plans.project", project_id=home.id)
    assert page.status == 200 and not page.all("input[type=file]") and not page.all('[name="revision_id"]')
    assert his.post("staff.plans.present", {"revision_id": revision.id}, project_id=home.id).status == 404
    assert begin(his, home).status == 404


def test_the_index_names_what_waits(hers, home, owner, db, dora, tmp_path):
    assert hers.get("staff.plans.index").all(".empty")
    revision = revise(db, home, dora, pdf(tmp_path))
    assert "1张等业主确认" in hers.get("staff.plans.index").words
    db.session.add(Remark(drawing_id=revision.drawing_id, revision_id=revision.id, body="门", by_id=owner.id, at=factories.clock.now()))
    db.session.commit()
    hers.post("staff.plans.send", {"files": [(io.BytesIO(pdf(tmp_path, mark=b"5 5 5 5 re f")), "P-09.pdf")]}, project_id=home.id)
    page = hers.get("staff.plans.index")
    assert "1条留言待处理" in page.words and "1个文件待核对" in page.words


def test_what_the_household_waits_for_stands_above_fifty_other_homes(hers, owner, db, dora):
    remarked = factories.make_drawing(factories.make_project(title="等答复的家"), dora)
    factories.assign(remarked.project, dora, Role.DESIGNER)
    db.session.add(
        Remark(drawing_id=remarked.id, revision_id=remarked.revisions[0].id, body="门", by_id=owner.id, at=factories.clock.now())
    )
    for n in range(MOST_PROJECTS):
        other = factories.make_project(title=f"等业主的家{n}")
        factories.assign(other, dora, Role.DESIGNER)
        factories.make_drawing(other, dora)
    db.session.commit()
    titles = [tag.get_text() for tag in hers.get("staff.plans.index").all(".list-row-title a")]
    assert len(titles) == MOST_PROJECTS
    assert titles[:2] == ["等答复的家", f"等业主的家{MOST_PROJECTS - 1}"]


def test_pages_cost_the_same_however_many_drawings(app, hers, home, owner, db, dora, tmp_path):
    count = iter(range(10, 90))
    revision = revise(db, home, dora, pdf(tmp_path))

    def grow():
        for _ in range(5):
            drawing = factories.make_drawing(home, dora, sheet_no=f"E-{next(count)}")
            db.session.add(
                Remark(drawing_id=drawing.id, revision_id=drawing.revisions[0].id, body="门", by_id=owner.id, at=factories.clock.now())
            )
            db.session.add(
                Remark(drawing_id=revision.drawing_id, revision_id=revision.id, body="门", by_id=owner.id, at=factories.clock.now())
            )
            other = factories.make_project()
            factories.assign(other, dora, Role.DESIGNER)
            factories.make_drawing(other, dora)
        db.session.commit()

    grow()
    for ask in (
        lambda: hers.get("staff.plans.project", project_id=home.id),
        lambda: hers.get("staff.plans.index"),
        lambda: hers.get("staff.plans.show", drawing_id=revision.drawing_id),
    ):
        assert_same_cost(app, ask, grow)


def test_in_english_every_word_is_english(browser, home, owner, db, dora, tmp_path):
    dora.name, owner.name, home.title = "Dora", "Lin", "Cloud 3-2-1203"
    db.session.commit()
    revision = revise(db, home, dora, pdf(tmp_path))
    drawing = db.session.get(Drawing, revision.drawing_id)
    drawing.title = "Layout"
    db.session.add(Remark(drawing_id=drawing.id, revision_id=revision.id, body="Door", by_id=owner.id, at=factories.clock.now()))
    work(db, revision)
    here = browser.as_(dora, language="en")
    here.post(
        "staff.plans.send",
        {"files": [(io.BytesIO(pdf(tmp_path, mark=b"5 5 5 5 re f")), "P-04_Layout.pdf"), (io.BytesIO(b"<html>"), "x.pdf")]},
        project_id=home.id,
    )
    pages = [
        here.get("staff.plans.index"),
        here.get("staff.plans.project", project_id=home.id),
        here.get("staff.plans.confirm", project_id=home.id),
        here.get("staff.plans.show", drawing_id=drawing.id),
    ]
    pages.append(here.post("staff.plans.save", fill(pages[2], title=""), project_id=home.id))
    for page in pages:
        left = re.sub("示例装饰工程有限公司|中文|平面布置图", "", page.words)
        assert not re.search("[\u4e00-\u9fff]", left), re.findall("[\u4e00-\u9fff]+", left)
    assert incoming.PIECE_BYTES == 8 * MB
