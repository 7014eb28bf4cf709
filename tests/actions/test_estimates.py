"""Drafts and their lines; what stands in the way of presenting one (R068–R074)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from portal import clock
from portal.actions.estimates import drafting, explaining, lines, measuring, presenting, prices
from portal.actions.estimates.lines import LineFacts
from portal.models import AuditEntry, Document, EstimateLine, EstimateRevision, Job, LineSplit, Message
from portal.queries import estimates as reads
from portal.rules.words import Refused
from tests import estimates, factories

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db):
    estimates.make_book()
    return estimates.make_home()


@pytest.fixture
def draft(home):
    return drafting.begin(home.project, kind="estimate", by=home.estimator, at=clock.now())


def add(draft, home, code="NW-001", space="客厅", quantity="10.00", **facts):
    return lines.add_line(draft, reads.item(code), LineFacts(space, Decimal(quantity), **facts), by=home.estimator, at=clock.now())


def ready(draft, home, **facts):
    """The draft with everything but what a test takes away."""
    terms = dict(
        management_rate_bp=800,
        discount_fen=0,
        tax_rate_bp=300,
        valid_until=clock.today() + timedelta(days=15),
        change_summary="",
        materials_chosen_on=clock.today(),
    )
    drafting.set_terms(draft, **(terms | facts), by=home.estimator, at=clock.now())
    return draft


def rules_in_the_way(draft):
    return [reason.rule for reason in presenting.judge(draft, at=clock.now()).blocking]


def test_a_line_takes_name_price_and_split_from_the_book(db, home, draft):
    line = add(draft, home)
    split = db.session.get(LineSplit, line.id)
    assert (line.name, line.unit_price_fen, line.amount_fen) == ("地砖铺贴", 6400, 64000)
    assert (split.main_fen, split.aux_fen, split.labor_fen, split.loss_fen) == (137, 1913, 4211, 139)
    assert (draft.direct_fen, draft.management_fen, draft.tax_fen, draft.total_fen) == (64000, 5120, 2074, 71194)


def test_the_same_item_stands_once_in_a_room(home, draft):
    add(draft, home)
    with pytest.raises(Refused) as refused:
        add(draft, home)
    assert refused.value.field == "space"
    add(draft, home, space="主卧")


def test_an_amount_beyond_writing_is_refused_beside_the_quantity(home, draft):
    item = SimpleNamespace(
        id=0,
        code="NW-099",
        group_code="NW",
        group_name="",
        name="n",
        unit="㎡",
        unit_price_fen=99_999_999,
        stage_code="S01",
        warranty_class="NONE",
    )
    with pytest.raises(Refused) as refused:
        lines.add_line(draft, item, LineFacts("客厅", Decimal("999999")), by=home.estimator, at=clock.now())
    assert refused.value.field == "quantity"


def test_a_discount_beyond_the_sum_is_refused_and_nothing_is_kept(db, home, draft):
    add(draft, home)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        ready(draft, home, discount_fen=10**9)
    db.session.rollback()
    assert refused.value.field == "discount_fen"
    assert db.session.get(EstimateRevision, draft.id).discount_fen == 0


def test_removing_a_line_below_the_discount_is_refused(home, draft):
    add(draft, home)
    ready(draft, home, discount_fen=60000)
    with pytest.raises(Refused):
        lines.remove_line(draft.lines[0], by=home.estimator, at=clock.now())


def test_a_second_draft_is_the_first_one(home, draft):
    assert drafting.begin(home.project, kind="budget", by=home.manager, at=clock.now()) is draft


def test_a_new_revision_copies_lines_with_their_keys_and_splits(db, home, draft):
    line = add(draft, home, note="薄贴法")
    presenting.present(ready(draft, home), by=home.estimator, at=clock.now())
    second = drafting.begin(home.project, kind="estimate", by=home.estimator, at=clock.now())
    copy = db.session.query(EstimateLine).filter_by(revision_id=second.id).one()
    assert (second.number, second.label, second.base_id) == (2, "E2", draft.id)
    assert (copy.line_key, copy.note, copy.amount_fen, copy.change_reason) == (line.line_key, "薄贴法", 64000, "")
    assert db.session.get(LineSplit, copy.id).labor_fen == 4211
    assert presenting.changes(second).is_empty


def test_a_line_that_comes_back_is_the_same_line(db, home, draft):
    key = add(draft, home).line_key
    presenting.present(ready(draft, home), by=home.estimator, at=clock.now())
    second = drafting.begin(home.project, kind="estimate", by=home.estimator, at=clock.now())
    lines.remove_line(db.session.query(EstimateLine).filter_by(revision_id=second.id).one(), by=home.estimator, at=clock.now())
    assert add(second, home).line_key == key
    assert add(second, home, space="主卧").line_key != key


def test_what_was_presented_or_discarded_never_changes(home, draft):
    line = add(draft, home)
    presenting.present(ready(draft, home), by=home.estimator, at=clock.now())
    for act in (
        lambda: add(draft, home, space="主卧"),
        lambda: lines.change_line(line, LineFacts("客厅", Decimal(5)), by=home.estimator, at=clock.now()),
        lambda: lines.remove_line(line, by=home.estimator, at=clock.now()),
        lambda: ready(draft, home),
        lambda: drafting.discard(draft, by=home.estimator, at=clock.now()),
        lambda: explaining.explain(draft, [], by=home.estimator, at=clock.now()),
        lambda: presenting.present(draft, by=home.estimator, at=clock.now()),
    ):
        with pytest.raises(drafting.NotADraft):
            act()


def test_a_quantity_from_a_room_keeps_where_it_comes_from(home, draft):
    """R1, Q1: 5.00 × 4.00 m, taken 1.05 times."""
    room = factories.make_room(home.project, code="LIV", name="客厅")
    measured = measuring.measures([room], "㎡")
    assert measuring.usual(measured, "FLOOR", "客厅").value == Decimal("20.00")
    quantity, terms = measuring.from_room(measured, "LIV:floor_area", Decimal("1.05"))
    line = add(draft, home, quantity=str(quantity), terms=terms)
    assert line.quantity == Decimal("21.00")
    assert line.terms == [{"src": "room", "room": "LIV", "metric": "floor_area", "value": "20.00", "factor": "1.05"}]
    assert measuring.origins([line], [room], str)[line.id] == "客厅 地面面积 20.00㎡ × 1.05"


def test_a_typed_number_forgets_the_room_and_the_same_number_does_not(home, draft):
    line = add(draft, home, quantity="21.00", terms=[{"src": "dims", "expr": "3×7", "value": "21", "factor": "1"}])
    lines.change_line(line, LineFacts("客厅", Decimal("21"), "薄贴"), by=home.estimator, at=clock.now())
    assert line.terms
    lines.change_line(line, LineFacts("客厅", Decimal("22"), "薄贴"), by=home.estimator, at=clock.now())
    assert line.terms == []


@pytest.mark.parametrize("key, factor", [("LIV:wp_wall", "1"), ("NONE:floor_area", "1"), ("LIV", "1"), ("LIV:floor_area", "0.0001")])
def test_a_size_that_was_not_measured_is_refused(home, key, factor):
    room = factories.make_room(home.project, code="LIV")
    with pytest.raises(Refused) as refused:
        measuring.from_room(measuring.measures([room], "㎡"), key, Decimal(factor))
    assert refused.value.field == "measure"


def own_item(**changed):
    return prices.OwnItem(
        **(
            dict(
                group_code="NW",
                group_name="泥瓦",
                name="定制花砖拼贴",
                unit="㎡",
                unit_price_fen=20000,
                main_fen=9000,
                aux_fen=1000,
                labor_fen=9900,
                loss_fen=100,
            )
            | changed
        )
    )


def test_an_item_off_the_book_needs_a_split_sheet_that_adds_up(db, home, draft):
    """R071: off by 0.01 is refused."""
    with pytest.raises(Refused) as refused:
        prices.add_own(draft, own_item(loss_fen=101), LineFacts("客厅", Decimal(2)), by=home.estimator, at=clock.now())
    assert refused.value.field == "unit_price_fen"
    line = prices.add_own(draft, own_item(), LineFacts("客厅", Decimal(2)), by=home.estimator, at=clock.now())
    assert (line.code, line.amount_fen) == ("NW-N01", 40000)
    assert db.session.get(LineSplit, line.id).labor_fen == 9900
    assert prices.add_own(draft, own_item(), LineFacts("客厅", Decimal(1)), by=home.estimator, at=clock.now()).code == "NW-N02"


def test_an_item_off_the_book_without_split_sheet_cannot_be_presented(db, home, draft):
    line = prices.add_own(draft, own_item(), LineFacts("客厅", Decimal(2)), by=home.estimator, at=clock.now())
    assert rules_in_the_way(ready(draft, home)) == []
    db.session.delete(db.session.get(LineSplit, line.id))
    db.session.flush()
    assert rules_in_the_way(draft) == ["R071"]


def test_a_new_edition_stops_old_prices_until_they_are_adopted(db, home, draft):
    """R070: one price everywhere; the way out is one press."""
    line = add(draft, home)
    ready(draft, home)
    estimates.make_book(NW_001=7000)
    assert rules_in_the_way(draft) == ["R070"]
    assert prices.adopt_book_prices(draft, by=home.estimator, at=clock.now()) == 1
    assert rules_in_the_way(draft) == []
    assert (line.unit_price_fen, line.amount_fen, draft.direct_fen) == (7000, 70000, 70000)
    assert db.session.get(LineSplit, line.id).labor_fen == 7000


def test_without_chosen_materials_nothing_is_presented(home, draft):
    """R068."""
    add(draft, home)
    assert rules_in_the_way(ready(draft, home, materials_chosen_on=None)) == ["R068"]


def test_a_budget_is_presented_when_every_line_was_explained(db, home):
    """R074: 41 of 42 are refused, 42 allowed."""
    budget = drafting.begin(home.project, kind="budget", by=home.estimator, at=clock.now())
    for n in range(42):
        add(budget, home, space=f"房间{n}", quantity="1.00")
    ready(budget, home)
    db.session.refresh(budget)
    ids = [line.id for line in budget.lines]
    explaining.explain(budget, ids[:41], by=home.estimator, at=clock.now())
    db.session.expire_all()
    assert rules_in_the_way(budget) == ["R074"]
    assert not presenting.present(budget, by=home.estimator, at=clock.now()).ready
    explaining.explain(budget, ids, by=home.estimator, at=clock.now())
    db.session.expire_all()
    assert presenting.present(budget, by=home.estimator, at=clock.now()).ready


def test_a_changed_line_has_to_be_explained_again(db, home):
    budget = drafting.begin(home.project, kind="budget", by=home.estimator, at=clock.now())
    line = add(budget, home)
    explaining.explain(budget, [line.id], by=home.estimator, at=clock.now())
    db.session.refresh(line)
    lines.change_line(line, LineFacts("客厅", line.quantity, "", "措辞"), by=home.estimator, at=clock.now())
    assert line.explained_at is not None
    lines.change_line(line, LineFacts("客厅", Decimal(11)), by=home.estimator, at=clock.now())
    assert line.explained_at is None


def test_a_room_is_explained_without_touching_the_others(db, home, draft):
    here, there = add(draft, home), add(draft, home, space="主卧")
    explaining.explain(draft, [there.id], by=home.estimator, at=clock.now())
    explaining.explain(draft, [here.id, there.id], space="客厅", by=home.estimator, at=clock.now())
    explaining.explain(draft, [], space="主卧", by=home.estimator, at=clock.now())
    db.session.expire_all()
    assert here.explained_at and there.explained_at is None


@pytest.mark.parametrize("quantity, allowed", [("11.00", True), ("11.01", False)])
def test_a_budget_ten_per_cent_above_the_estimate_passes_and_more_needs_a_word(db, home, draft, quantity, allowed):
    """R069."""
    add(draft, home)
    presenting.present(ready(draft, home), by=home.estimator, at=clock.now())
    budget = drafting.begin(home.project, kind="budget", by=home.estimator, at=clock.now())
    line = db.session.query(EstimateLine).filter_by(revision_id=budget.id).one()
    lines.change_line(line, LineFacts("客厅", Decimal(quantity)), by=home.estimator, at=clock.now())
    explaining.explain(budget, [line.id], by=home.estimator, at=clock.now())
    ready(budget, home)
    db.session.expire_all()
    assert (rules_in_the_way(budget) == []) is allowed
    presenting.release(budget, because="业主要求加做", by=home.manager, at=clock.now())
    assert rules_in_the_way(budget) == []


def test_presenting_orders_the_papers_tells_the_household_and_is_written_down(db, home, draft):
    spouse = factories.make_homeowner(home.project, name="江小满", right="view", relation="spouse")
    add(draft, home)
    found = presenting.present(ready(draft, home), by=home.estimator, at=clock.now())
    assert found.ready
    assert draft.presented_at == clock.now()
    papers = db.session.query(Document).filter_by(revision_id=draft.id).all()
    assert {paper.language for paper in papers} == {"zh", "en"}
    assert [one["user_id"] for one in papers[0].signers] == [home.owner.id], "who may only look does not sign"
    assert db.session.query(Job).filter_by(kind="document.prepare").count() == 2
    assert {m.user_id for m in db.session.query(Message).filter_by(kind="estimate.presented")} == {home.owner.id, spouse.id}
    assert db.session.query(AuditEntry).filter_by(act="estimate.presented").one().facts["total_fen"] == draft.total_fen


def test_a_signed_or_paper_revision_is_not_withdrawn(db, home):
    paper = estimates.presented(home, agreed_on_paper_on=clock.today())
    assert presenting.withdraw(paper, reason="x", by=home.estimator, at=clock.now()) is False
    standing = estimates.presented(home)
    assert presenting.withdraw(standing, reason="价格有误", by=home.estimator, at=clock.now()) is True
    assert db.session.query(Message).filter_by(kind="estimate.withdrawn", user_id=home.owner.id).count() >= 1
    assert presenting.withdraw(standing, reason="again", by=home.estimator, at=clock.now()) is False
