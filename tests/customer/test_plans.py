"""The homeowner's drawings: she sees what she was shown, says what she thinks, and decides once."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from portal import clock
from portal.models import DrawingDecision, Message, Remark
from portal.rules.access import Role
from tests import factories
from tests.actions.test_plans import pdf, revise, work
from tests.queries import assert_same_cost


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
def mother(db, home):
    """May look and talk, not sign."""
    user = factories.make_homeowner(home, name="林母", relation="parent", right="view")
    db.session.commit()
    return user


@pytest.fixture
def her(browser, owner):
    return browser.as_(owner)


@pytest.fixture
def shown(db, home, dora, owner, tmp_path):
    """R0 of P-04 with two pages, shown."""
    revision = revise(db, home, dora, pdf(tmp_path, pages=2))
    work(db, revision)
    return revision


def remark(browser, revision, **given):
    form = {"number": revision.number, "page": 1, "cell": "", "body": "这面墙能往里收吗？", **given}
    return browser.post("customer.plans.remark", form, drawing_id=revision.drawing_id)


def decide(browser, revision, answer="approve", **given):
    return browser.post("customer.plans.decide", {"number": revision.number, "answer": answer, **given}, drawing_id=revision.drawing_id)


# ── seeing ──


def test_before_it_is_shown_there_is_nothing(her, home, db, dora, tmp_path):
    revision = revise(db, home, dora, pdf(tmp_path), show=False)
    work(db, revision)
    assert her.get("customer.plans.index").all(".empty")
    assert her.get("customer.plans.show", drawing_id=revision.drawing_id).status == 404
    assert her.get("customer.plans.image", page_id=revision.pages[0].id).status == 404
    assert her.get("customer.plans.original", drawing_revision_id=revision.id).status == 404
    assert decide(her, revision).status == 404
    assert remark(her, revision).status == 404


def test_the_list_names_sheet_revision_day_and_state(her, shown):
    page = her.get("customer.plans.index")
    assert "P-04 · 当前 R0 · 11月24日" in page.words
    assert page.one(".plan-card .badge").get_text().strip() == "待确认"
    picture = her.get(page.one(".plan-card img")["src"])
    assert picture.headers["Content-Type"] == "image/webp" and picture.status == 200


def test_she_pages_through_and_opens_the_large_picture(her, shown):
    page = her.get("customer.plans.show", drawing_id=shown.drawing_id)
    assert len(page.all(".sheet-pages a")) == 2
    second = her.get(page.one('a[rel="next"]')["href"])
    assert second.one('.sheet-pages a[aria-current="page"] span').get_text().strip() == "第2页"
    picture = her.get(second.one(".sheet-links a")["href"])
    assert picture.headers["Content-Type"] in ("image/png", "image/jpeg")
    assert "private" in picture.headers["Cache-Control"]
    assert her.get("customer.plans.show", drawing_id=shown.drawing_id, page="99").status == 200
    assert her.get("customer.plans.show", drawing_id=shown.drawing_id, revision="7").status == 404
    assert her.get("customer.plans.show", drawing_id=shown.drawing_id, revision="../x", page="-1").status == 200


def test_a_neighbour_finds_nothing(browser, shown, db):
    neighbour = factories.make_homeowner(factories.make_project())
    db.session.commit()
    there = browser.as_(neighbour)
    assert there.get("customer.plans.show", drawing_id=shown.drawing_id).status == 404
    assert there.get("customer.plans.image", page_id=shown.pages[0].id).status == 404
    assert there.get("customer.plans.original", drawing_revision_id=shown.id).status == 404
    assert remark(there, shown).status == 404
    assert decide(there, shown).status == 404


# ── talking ──


def test_a_pin_lands_where_she_tapped_and_the_designer_hears(her, shown, db, dora):
    answer = remark(her, shown, x="0.2512", y="0.75", request_key="k1")
    assert answer.status == 303
    assert remark(her, shown, x="0.2512", y="0.75", request_key="k1").status == 303
    said = db.session.query(Remark).one()
    assert (said.x, said.y, said.page) == (Decimal("0.2512"), Decimal("0.75"), 1)
    page = her.get(answer.location)
    pin = page.one(".pin circle")
    assert (pin["cx"], pin["cy"]) == ("25.12%", "75.00%")
    assert page.one(f"#remark-{said.id}")
    told = db.session.query(Message).filter_by(user_id=dora.id, kind="drawing.remarked", channel="portal").one()
    assert "这面墙能往里收吗" in told.body
    assert told.link == f"/staff/plans/{shown.drawing_id}"


def test_whoever_sent_the_drawing_and_left_the_home_hears_no_more_of_it(her, home, shown, db, dora):
    home.assignments[0].ended_at = clock.now()
    db.session.commit()
    assert remark(her, shown).status == 303
    assert db.session.query(Message).filter_by(user_id=dora.id, kind="drawing.remarked").count() == 0


def test_without_scripts_she_chooses_one_of_nine_places(her, shown, db):
    page = her.get("customer.plans.show", drawing_id=shown.drawing_id)
    assert [option.get_text() for option in page.all("#cell option")][:3] == ["整页", "左上", "上中"]
    remark(her, shown, cell="9", page=2)
    said = db.session.query(Remark).one()
    assert (said.x, said.y, said.page) == (Decimal("0.8333"), Decimal("0.8333"), 2)


@pytest.mark.parametrize(
    "given", [{"x": "NaN", "y": "0.5"}, {"x": "1.5", "y": "0.5"}, {"x": "-1", "y": "0"}, {"cell": "12"}, {"page": "9"}, {"page": "x"}]
)
def test_a_place_that_is_none_is_said_and_her_words_stay(her, shown, db, given):
    answer = remark(her, shown, **given)
    assert answer.status == 422
    assert answer.faults()
    assert answer.one('textarea[name="body"]').get_text().strip() == "这面墙能往里收吗？"
    assert db.session.query(Remark).count() == 0


@pytest.mark.parametrize("body", ["", "   ", "长" * 1001, "a\u202eb"])
def test_words_that_cannot_be_kept_are_said(her, shown, db, body):
    answer = remark(her, shown, body=body)
    assert answer.status == 422 and answer.faults()
    assert db.session.query(Remark).count() == 0


def test_strange_words_are_shown_as_words(her, shown):
    page = her.get(remark(her, shown, body="<script>alert(1)</script>😟").location)
    assert "<script>alert(1)</script>😟" in page.words
    assert not page.all("main script")


def test_a_view_only_member_talks_but_does_not_approve(browser, mother, shown, db):
    hers = browser.as_(mother)
    page = hers.get("customer.plans.show", drawing_id=shown.drawing_id)
    assert "您的权限是查看" in page.words
    assert not page.all('[name="answer"]')
    assert remark(hers, shown).status == 303
    refused = decide(hers, shown)
    assert refused.status == 422
    assert db.session.query(DrawingDecision).count() == 0


# ── deciding ──


def test_she_approves_and_a_second_click_is_the_same(her, shown, db, dora):
    assert [decide(her, shown).status for _ in range(2)] == [303, 303]
    assert db.session.query(DrawingDecision).count() == 1
    page = her.get("customer.plans.show", drawing_id=shown.drawing_id)
    assert "您已确认这一版" in page.words and not page.all('[name="answer"]')
    assert her.get("customer.plans.index").one(".plan-card .badge").get_text().strip() == "已确认"
    assert db.session.query(Message).filter_by(user_id=dora.id, kind="drawing.approved", channel="portal").count() == 1
    other = decide(her, shown, "change", reason="不对")
    assert other.status == 409 and "已经对这一版表过态" in other.words


def test_a_change_needs_its_reason(her, shown, db, dora):
    refused = decide(her, shown, "change", reason="")
    assert refused.status == 422
    assert any("请写下要改什么" in fault for fault in refused.faults())
    assert decide(her, shown, "change", reason="厨房门改推拉门").status == 303
    assert "厨房门改推拉门" in her.get("customer.plans.show", drawing_id=shown.drawing_id).words
    told = db.session.query(Message).filter_by(user_id=dora.id, kind="drawing.sent_back", channel="portal").one()
    assert "厨房门改推拉门" in told.body


def test_a_new_revision_starts_open_says_what_changed_and_voids_the_old(her, shown, db, home, dora, tmp_path):
    remark(her, shown, cell="5")
    decide(her, shown)
    second = revise(db, home, dora, pdf(tmp_path, pages=2, mark=b"600 500 300 200 re f"), note="厨房门改为推拉门")
    work(db, second)
    page = her.get("customer.plans.show", drawing_id=shown.drawing_id)
    assert "厨房门改为推拉门" in page.one(".plan-notes").get_text()
    assert page.all(".sheet-change")
    assert page.all('[name="answer"][value="approve"]')
    assert "R0时提出" in page.words and len(page.all(".pin")) == 1
    assert her.get("customer.plans.index").one(".plan-card .badge").get_text().strip() == "待确认"
    side, overlay = (her.get(page.one(f'.tabs a[href*="{way}"]')["href"]) for way in ("side", "overlay"))
    assert len(side.all(".sheet")) == 2
    assert her.get(overlay.one(".sheet img")["src"]).headers["Content-Type"] == "image/png"
    old = her.get("customer.plans.show", drawing_id=shown.drawing_id, revision="0")
    assert old.one(".sheet-void").get_text().strip() == "作废"
    assert "这一版已作废" in old.words and not old.all('[name="answer"]') and not old.all('[name="body"]')


def test_a_word_on_a_superseded_revision_has_no_effect(browser, shown, db, home, dora, tmp_path):
    spouse = factories.make_homeowner(home, name="江先生", relation="spouse")
    db.session.commit()
    revise(db, home, dora, pdf(tmp_path, mark=b"600 500 300 200 re f"), note="改门")
    answer = decide(browser.as_(spouse), shown)
    assert answer.status == 409
    assert "R0已经作废，现在是R1。您刚才的操作没有生效" in answer.words
    assert answer.one('[name="answer"][value="approve"]')
    assert answer.all('[name="number"][value="1"]') and not answer.all('[name="number"][value="0"]')
    assert db.session.query(DrawingDecision).count() == 0


def test_a_file_without_preview_can_still_be_decided(her, home, db, dora):
    revision = revise(db, home, dora, b"AC1032\x00\x00\x00\x00\x00" + bytes(400), name="P-04.dwg")
    work(db, revision)
    page = her.get("customer.plans.show", drawing_id=revision.drawing_id)
    assert "DWG 原件已保存，但没有预览" in page.words
    assert her.get(page.one(".attachment a")["href"]).headers["Content-Disposition"].startswith("attachment")
    assert remark(her, revision).status == 303
    assert decide(her, revision).status == 303


def test_the_editable_file_stays_in_the_office(browser, her, home, db, dora, tmp_path):
    from portal.actions.plans import saving, showing
    from portal.actions.plans.saving import Entry
    from tests.actions.test_plans import arrive

    printed = arrive(db, home, dora, "P-04.pdf", pdf(tmp_path))
    drawn = arrive(db, home, dora, "P-04.dwg", b"AC1032\x00\x00\x00\x00\x00" + bytes(300))
    entries = [Entry(one, "P-04", "平面布置图", "1:60", "") for one in (drawn, printed)]
    revision = saving.save(project=home, entries=entries, by=dora, at=factories.clock.now())[0]
    showing.show(project=home, revisions=[revision], by=dora, at=factories.clock.now())
    db.session.commit()
    assert revision.file_kind == "pdf" and revision.source_kind == "dwg"
    assert her.get("customer.plans.original", drawing_revision_id=revision.id, part="source").data.startswith(b"%PDF")
    assert browser.as_(dora).get("staff.plans.original", drawing_revision_id=revision.id, part="source").data.startswith(b"AC1032")


def test_pages_cost_the_same_however_much_there_is(app, her, owner, shown, db, home, dora):
    count = iter(range(10, 90))

    def grow():
        for _ in range(5):
            drawing = factories.make_drawing(home, dora, sheet_no=f"E-{next(count)}")
            db.session.add(Remark(drawing_id=shown.drawing_id, revision_id=shown.id, body="门", by_id=owner.id, at=factories.clock.now()))
            db.session.add(
                Remark(drawing_id=drawing.id, revision_id=drawing.revisions[0].id, body="门", by_id=owner.id, at=factories.clock.now())
            )
            other = factories.make_project()
            factories.make_homeowner(other)
            factories.make_drawing(other, dora)
        db.session.commit()

    grow()
    for ask in (lambda: her.get("customer.plans.index"), lambda: her.get("customer.plans.show", drawing_id=shown.drawing_id)):
        assert_same_cost(app, ask, grow)


def test_in_english_every_word_is_english(browser, owner, shown, db, home, dora, tmp_path):
    dora.name, owner.name, home.title, shown.drawing.title = "Dora", "Lin", "Cloud 3-2-1203", "Layout"
    db.session.commit()
    here = browser.as_(owner, language="en")
    pages = [here.get("customer.plans.index"), here.get("customer.plans.show", drawing_id=shown.drawing_id)]
    pages.append(remark(here, shown, body="", x="NaN", y="1"))
    remark(here, shown, body="Door", cell="5")
    pages += [decide(here, shown, "change", reason=""), here.get("customer.plans.show", drawing_id=shown.drawing_id)]
    for page in pages:
        left = re.sub("示例装饰工程有限公司|中文", "", page.words)
        assert not re.search("[\u4e00-\u9fff]", left), re.findall("[\u4e00-\u9fff]+", left)
