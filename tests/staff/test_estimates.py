"""The ledger: lines added and changed in place, terms, presenting; strange input; who may do what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.models import AuditEntry, EstimateLine, EstimateRevision, LineSplit
from portal.rules.access import Role
from tests import estimates, factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db):
    estimates.make_book()
    made = estimates.make_home()
    factories.make_room(made.project, code="LIV", name="客厅")
    db.session.commit()
    return made


@pytest.fixture
def his(browser, home):
    return browser.as_(home.estimator)


@pytest.fixture
def draft(db, home, his):
    assert his.post("staff.estimates.create", {"kind": "estimate"}, project_id=home.project.id).status == 303
    return db.session.query(EstimateRevision).one()


def lines_of(db, draft):
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(EstimateLine).filter_by(revision_id=draft.id).order_by(EstimateLine.no).all()


def add(his, draft, **form):
    return his.post("staff.estimates.add", {"code": "NW-001", "space": "客厅", "quantity": "10"} | form, revision_id=draft.id)


def terms(his, draft, **form):
    page = his.get("staff.estimates.show", revision_id=draft.id)
    whole = {
        "management_rate": "8",
        "tax_rate": "3",
        "discount_fen": "0",
        "valid_until": "2026-12-31",
        "materials_chosen_on": "2026-11-20",
        "change_summary": "",
        "was": page.one("[name=was]")["value"],
    }
    return his.post("staff.estimates.terms", whole | form, revision_id=draft.id)


def test_from_the_price_book_to_the_presentation(db, his, home, draft):
    assert "地砖铺贴" in his.get("staff.estimates.items", revision_id=draft.id, q="地砖").words
    assert "管理费" not in his.get("staff.estimates.items", revision_id=draft.id, q="QT").words, "percent items are no lines"
    assert add(his, draft).status == 303
    assert add(his, draft, code="FS-001", quantity="2.5×4+1").status == 303
    assert [(line.code, str(line.quantity), line.amount_fen) for line in lines_of(db, draft)] == [
        ("NW-001", "10.00", 64000),
        ("FS-001", "11.00", 60500),
    ]
    page = his.get("staff.estimates.show", revision_id=draft.id)
    assert "请填写报价有效期" in page.words and "业主还没有确认选材" in page.words
    assert his.post("staff.estimates.present", revision_id=draft.id).status == 422
    assert terms(his, draft, discount_fen="100").status == 303
    assert his.post("staff.estimates.present", revision_id=draft.id).status == 303
    db.session.refresh(draft)
    assert draft.presented_at == clock.now()
    assert draft.total_fen == 128_194  # (124500 + 9960 − 10000) × 1.03, the tax rounded by itself
    assert his.post("staff.estimates.present", revision_id=draft.id).status == 409
    assert add(his, draft, space="主卧").status == 409


def test_a_room_gives_the_quantity(db, his, draft):
    """R1: the size that goes with the item is offered first."""
    page = his.get("staff.estimates.item", revision_id=draft.id, code="NW-001", space="客厅")
    assert page.one("[name=measure] option[selected]")["value"] == "LIV:floor_area"
    assert add(his, draft, quantity="", measure="LIV:floor_area", factor="1.05", from_page="1").status == 303
    line = lines_of(db, draft)[0]
    assert line.quantity == Decimal("21.00")
    assert line.terms[0]["value"] == "20.00"
    page = his.get("staff.estimates.show", revision_id=draft.id)
    assert "客厅 地面面积 20.00㎡ × 1.05" in page.words
    his.post("staff.estimates.quantity", {"quantity": "22"}, revision_id=draft.id, line_id=line.id)
    assert lines_of(db, draft)[0].terms == []


BAD_QUANTITIES = [
    "",
    "NaN",
    "nan",
    "Infinity",
    "1e5",
    "-1",
    "0",
    "0.00",
    "0.001",
    "999999999999",
    "1000000",
    "１２a",
    "1..2",
    "½",
    "0x10",
    "十",
    "1×",
    "×2",
    "9×9999999",
    "1+1-3",
    "(1+1)",
    "1/2",
    "__import__('os')",
    "9" * 5000,
    "1×" * 3000 + "1",
]


@pytest.mark.parametrize("typed", BAD_QUANTITIES)
def test_no_quantity_that_is_none(db, his, draft, typed):
    page = add(his, draft, quantity=typed)
    assert page.status == 422
    assert page.faults()
    assert page.headers["HX-Retarget"] == "#items"
    assert lines_of(db, draft) == []
    add(his, draft)
    line = lines_of(db, draft)[0]
    page = his.post("staff.estimates.quantity", {"quantity": typed}, revision_id=draft.id, line_id=line.id)
    assert page.status == 422
    assert "“地砖铺贴”没有保存" in page.words
    assert page.one(f"#line-{line.id} [name=quantity]")["value"] in typed
    assert his.post("staff.estimates.quantity", {"quantity": typed}, revision_id=draft.id, line_id=line.id, htmx=True).status == 422
    assert lines_of(db, draft)[0].quantity == Decimal("10.00")


@pytest.mark.parametrize(
    "typed, quantity",
    [
        ("12.5", "12.5"),
        (" 12.5 ", "12.5"),
        ("１２．５", "12.5"),
        ("1,234.5", "1234.5"),
        ("3.5x2.8+1.2", "11.00"),
        ("3.5*2", "7.00"),
        ("0.80 × 2.10", "1.68"),
        ("999999", "999999"),
    ],
)
def test_quantities_as_people_type_them(db, his, draft, typed, quantity):
    assert add(his, draft, quantity=typed).status == 303
    assert lines_of(db, draft)[0].quantity == Decimal(quantity)


@pytest.mark.parametrize(
    "form, says",
    [
        ({"space": ""}, "请填写这一项。"),
        ({"space": "客\u202e厅"}, "看不见的控制字符"),
        ({"space": "x" * 41}, "最多40个字"),
        ({"note": "注" * 4001}, "最多4000个字"),
        ({"change_reason": "x" * 300}, "最多200个字"),
        ({"measure": "NOPE:floor_area"}, ""),
        ({"quantity": "", "measure": "LIV:floor_area", "factor": "-1"}, "之间的数"),
        ({"quantity": "", "measure": ""}, "请填写数量，或选一个房间的尺寸。"),
    ],
)
def test_what_is_wrong_with_a_line_stands_beside_its_field(db, his, draft, form, says):
    page = add(his, draft, **form)
    assert page.status == 422
    assert any(says in fault for fault in page.faults())
    assert lines_of(db, draft) == []


def test_a_megabyte_of_words_is_answered_and_not_kept(db, his, draft):
    page = add(his, draft, note="注" * 500_000)
    assert page.status in (413, 422)
    assert lines_of(db, draft) == []


def test_emoji_and_rare_characters_are_words(db, his, draft):
    assert add(his, draft, note="见样板🙂𬭎", space="书房").status == 303
    assert lines_of(db, draft)[0].note == "见样板🙂𬭎"


def test_the_same_item_twice_in_a_room_is_said_beside_the_room(db, his, draft):
    add(his, draft)
    page = add(his, draft, quantity="3")
    assert page.status == 422
    assert "“客厅”里已经有NW-001" in page.words
    assert page.one("[name=quantity]")["value"] == "3"


@pytest.mark.parametrize("code", ["QT-001", "XX-999", "", "' OR 1=1 --", "x" * 500])
def test_an_item_that_is_not_in_the_book_is_not_found(his, draft, code):
    assert add(his, draft, code=code).status == 404


def test_a_line_has_a_page_of_its_own_and_knows_when_it_is_old(db, his, draft):
    add(his, draft)
    line = lines_of(db, draft)[0]
    page = his.get("staff.estimates.line", revision_id=draft.id, line_id=line.id)
    was = page.one("[name=was]")["value"]
    form = {"space": "主卧", "quantity": "12", "note": "薄贴", "change_reason": "业主要求", "was": was}
    assert his.post("staff.estimates.change", form, revision_id=draft.id, line_id=line.id).status == 303
    line = lines_of(db, draft)[0]
    assert (line.space, str(line.quantity), line.note, line.change_reason, line.amount_fen) == ("主卧", "12.00", "薄贴", "业主要求", 76800)
    answer = his.post("staff.estimates.change", form | {"quantity": "99"}, revision_id=draft.id, line_id=line.id)
    assert answer.status == 409
    assert "刚被同事改过" in answer.words
    assert his.post("staff.estimates.change", form | {"space": ""}, revision_id=draft.id, line_id=line.id).status == 422
    ident = line.id
    assert his.post("staff.estimates.remove", revision_id=draft.id, line_id=ident).status == 303
    assert lines_of(db, draft) == []
    assert his.get("staff.estimates.line", revision_id=draft.id, line_id=ident).status == 404


def test_the_sums_answer_in_place_with_the_new_amount(db, his, draft):
    add(his, draft)
    line = lines_of(db, draft)[0]
    page = his.post("staff.estimates.quantity", {"quantity": "20"}, revision_id=draft.id, line_id=line.id, htmx=True)
    assert page.status == 200
    assert page.one("#sums") and "¥1,423.87" in page.words
    assert page.one(f"#amount-{line.id}").get_text(strip=True) == "¥1,280.00"
    assert page.one(f"#amount-{line.id}")["hx-swap-oob"]
    plain = his.post("staff.estimates.quantity", {"quantity": "21"}, revision_id=draft.id, line_id=line.id)
    assert plain.status == 303 and plain.location.endswith(f"#line-{line.id}")


@pytest.mark.parametrize(
    "form, says",
    [
        ({"discount_fen": "999999"}, "优惠不能超过"),
        ({"discount_fen": "-1"}, "之间"),
        ({"discount_fen": "NaN"}, "请填写一个数"),
        ({"discount_fen": "1e3"}, "请填写一个数"),
        ({"discount_fen": "1.234"}, "最多到分"),
        ({"management_rate": "101"}, "之间的数"),
        ({"tax_rate": "3.141"}, "最多2位小数"),
        ({"valid_until": "0000-01-01"}, "请填写日期"),
        ({"valid_until": "0001-01-01"}, "2000年到2099年"),
        ({"valid_until": "2026-02-30"}, "请填写日期"),
        ({"valid_until": "99999-01-01"}, "请填写日期"),
        ({"materials_chosen_on": "昨天"}, "请填写日期"),
        ({"change_summary": "x" * 501}, "最多500个字"),
    ],
)
def test_what_is_wrong_with_the_terms_stands_beside_its_field(db, his, draft, form, says):
    add(his, draft)
    page = terms(his, draft, **form)
    assert page.status == 422
    assert any(says in fault for fault in page.faults()), page.faults()
    name, typed = next(iter(form.items()))
    field = page.one(f"#terms [name={name}]")
    assert typed[:100] in (field.get("value") or field.get_text())
    db.session.expire_all()
    assert (draft.discount_fen, draft.valid_until) == (0, None)


def test_terms_that_somebody_else_changed_are_not_overwritten(db, browser, his, home, draft):
    was = his.get("staff.estimates.show", revision_id=draft.id).one("[name=was]")["value"]
    add(his, draft)
    assert terms(his, draft, was=was).status == 303, "a new line is no change of the terms"
    assert terms(his, draft, was=was, discount_fen="5").status == 409


def test_an_item_off_the_book(db, his, draft):
    """R071: its parts add up, or it is refused; afterwards its price can be changed, that of a book item not."""
    form = {
        "name": "定制花砖",
        "group": "NW",
        "space": "客厅",
        "quantity": "2",
        "unit": "㎡",
        "unit_price_fen": "200",
        "main_fen": "100",
        "aux_fen": "50",
        "labor_fen": "49.99",
        "loss_fen": "0",
    }
    page = his.post("staff.estimates.add_own", form, revision_id=draft.id)
    assert page.status == 422
    assert "拆分合计199.99元" in page.words
    assert his.post("staff.estimates.add_own", form | {"group": "??"}, revision_id=draft.id).status == 422
    assert his.post("staff.estimates.add_own", form | {"unit": "kilo"}, revision_id=draft.id).status == 422
    assert his.post("staff.estimates.add_own", form | {"labor_fen": "50"}, revision_id=draft.id).status == 303
    own = lines_of(db, draft)[0]
    assert (own.code, own.amount_fen) == ("NW-N01", 40000)
    price = {
        "name": "定制花砖",
        "unit": "㎡",
        "unit_price_fen": "300",
        "main_fen": "100",
        "aux_fen": "50",
        "labor_fen": "150",
        "loss_fen": "0",
    }
    assert his.post("staff.estimates.price", price | {"loss_fen": "1"}, revision_id=draft.id, line_id=own.id).status == 422
    assert his.post("staff.estimates.price", price, revision_id=draft.id, line_id=own.id).status == 303
    assert lines_of(db, draft)[0].amount_fen == 60000
    assert db.session.get(LineSplit, own.id).labor_fen == 15000
    add(his, draft)
    book = lines_of(db, draft)[1]
    assert his.post("staff.estimates.price", price, revision_id=draft.id, line_id=book.id).status == 409
    assert lines_of(db, draft)[1].unit_price_fen == 6400


def test_a_budget_is_explained_room_by_room(db, his, home):
    his.post("staff.estimates.create", {"kind": "budget"}, project_id=home.project.id)
    budget = db.session.query(EstimateRevision).one()
    for space in ("客厅", "主卧"):
        add(his, budget, space=space)
    terms(his, budget)
    assert his.post("staff.estimates.present", revision_id=budget.id).status == 422
    page = his.get("staff.estimates.explanation", revision_id=budget.id)
    assert not [text for text in ("42.11", "19.13") if text in page.text], "the homeowner looks on: no cost (R072)"
    first = lines_of(db, budget)[0]
    page = his.post("staff.estimates.explain", {"space": "客厅", "line": first.id}, revision_id=budget.id, htmx=True)
    assert "1/2" in page.words
    assert his.post("staff.estimates.present", revision_id=budget.id).status == 422
    assert his.post("staff.estimates.explain", {"space": "主卧", "all": "1", "line": "abc"}, revision_id=budget.id).status == 303
    assert his.post("staff.estimates.present", revision_id=budget.id).status == 303


def test_a_supervisor_lets_a_dear_budget_pass_and_an_estimator_does_not(db, browser, his, home, draft):
    """R069."""
    add(his, draft)
    terms(his, draft)
    his.post("staff.estimates.present", revision_id=draft.id)
    his.post("staff.estimates.create", {"kind": "budget"}, project_id=home.project.id)
    budget = db.session.query(EstimateRevision).filter_by(kind="budget").one()
    line = lines_of(db, budget)[0]
    his.post("staff.estimates.quantity", {"quantity": "20"}, revision_id=budget.id, line_id=line.id)
    his.post("staff.estimates.explain", {"space": "客厅", "all": "1"}, revision_id=budget.id)
    terms(his, budget)
    assert "高出10%以上" in his.get("staff.estimates.show", revision_id=budget.id).words
    assert his.post("staff.estimates.release", {"reason": "加做"}, revision_id=budget.id).status == 404
    boss = browser.as_(factories.make_user(Role.ENGINEERING_MANAGER))
    assert boss.post("staff.estimates.release", {"reason": " "}, revision_id=budget.id).status == 422
    assert boss.post("staff.estimates.release", {"reason": "业主要求加做"}, revision_id=budget.id).status == 303
    assert his.post("staff.estimates.present", revision_id=budget.id).status == 303
    assert db.session.query(AuditEntry).filter_by(act="estimate.released").one().facts["reason"] == "业主要求加做"


def test_withdrawing_needs_a_reason(db, his, home):
    revision = estimates.presented(home)
    assert his.post("staff.estimates.withdraw", {"reason": ""}, revision_id=revision.id).status == 422
    assert his.post("staff.estimates.withdraw", {"reason": "漏了防水"}, revision_id=revision.id).status == 303
    assert his.post("staff.estimates.withdraw", {"reason": "漏了防水"}, revision_id=revision.id).status == 409


@pytest.mark.parametrize(
    "role", [Role.DESIGNER, Role.SALESPERSON, Role.PROJECT_MANAGER, Role.ACCOUNT_MANAGER, Role.FINANCE, Role.CUSTOMER_SERVICE]
)
def test_nobody_else_touches_a_draft(db, browser, home, draft, role):
    person = factories.make_user(role)
    factories.assign(home.project, person, role)
    line = factories._kept(
        EstimateLine(
            revision_id=draft.id,
            line_key=factories.uuid4(),
            no=1,
            space="客厅",
            group_code="NW",
            code="NW-001",
            name="n",
            unit="㎡",
            quantity=Decimal(1),
            unit_price_fen=1,
            amount_fen=1,
            terms=[],
        )
    )
    db.session.commit()
    theirs = browser.as_(person)
    for endpoint, form, more in (
        ("create", {"kind": "budget"}, {"project_id": home.project.id}),
        ("terms", {}, {}),
        ("discard", {}, {}),
        ("add", {"code": "NW-001"}, {}),
        ("add_own", {}, {}),
        ("change", {}, {"line_id": line.id}),
        ("quantity", {"quantity": "9"}, {"line_id": line.id}),
        ("price", {}, {"line_id": line.id}),
        ("remove", {}, {"line_id": line.id}),
        ("prices", {}, {}),
        ("present", {}, {}),
        ("withdraw", {"reason": "x"}, {}),
        ("explain", {}, {}),
        ("release", {}, {}),
    ):
        values = more if "project_id" in more else {"revision_id": draft.id} | more
        assert theirs.post(f"staff.estimates.{endpoint}", form, **values).status == 404, endpoint
    db.session.expire_all()
    assert line.quantity == 1 and draft.withdrawn_at is None


def test_an_estimator_of_another_home_finds_nothing(browser, home, draft):
    other = browser.as_(factories.make_user(Role.ESTIMATOR))
    assert other.get("staff.estimates.show", revision_id=draft.id).status == 404
    assert other.get("staff.estimates.project", project_id=home.project.id).status == 404
    assert other.post("staff.estimates.create", {"kind": "estimate"}, project_id=home.project.id).status == 404


def test_a_line_of_another_revision_is_not_found_by_ours(db, his, home, draft):
    foreign = estimates.presented(home)
    assert his.post("staff.estimates.quantity", {"quantity": "9"}, revision_id=draft.id, line_id=foreign.lines[0].id).status == 404


def test_the_list_is_searched_and_paged(db, browser, his, home):
    for _ in range(53):
        estimates.presented(home)
    page = his.get("staff.estimates.index")
    assert len(page.all(".list-row")) == 50
    following = page.one("a[rel=next]")["href"]
    assert len(his.get(following).all(".list-row")) == 3
    assert "没有找到" in his.get("staff.estimates.index", q="不存在的楼盘").words
    assert len(his.get("staff.estimates.index", q=home.project.customer_name).all(".list-row")) == 50
    assert his.get("staff.estimates.index", before="abc").status == 200
    assert his.get("staff.estimates.index", q="100%_'\"").status == 200


def test_in_english_too(browser, home, draft):
    his = browser.as_(home.estimator, language="en")
    for endpoint in ("show", "items", "own_item", "explanation"):
        page = his.get(f"staff.estimates.{endpoint}", revision_id=draft.id)
        assert page.status == 200
        assert not [word for word in ("合计", "出示", "价目表", "返回") if word in page.words]


def test_the_pages_cost_the_same_for_many_lines_and_many_homes(app, db, his, home, draft):
    add(his, draft)

    def grow():
        for n in range(100):
            factories.make_line(draft, n + 9, space=f"房间{n % 9}")
        for _ in range(3):
            other = estimates.make_home()
            factories.assign(other.project, home.estimator, Role.ESTIMATOR)
            estimates.presented(other)
        db.session.commit()

    def ask_more():
        estimates.presented(estimates.make_home())

    assert_same_cost(app, lambda: his.get("staff.estimates.show", revision_id=draft.id), grow)
    assert_same_cost(app, lambda: his.get("staff.estimates.index"), ask_more)
    line = lines_of(db, draft)[0]
    typed = iter(range(1, 99))
    assert_same_cost(
        app,
        lambda: his.post("staff.estimates.quantity", {"quantity": str(next(typed))}, revision_id=draft.id, line_id=line.id, htmx=True),
        grow_elsewhere(db, home),
    )


def grow_elsewhere(db, home):
    def grow():
        for _ in range(3):
            estimates.presented(estimates.make_home(), valid_until=clock.today() + timedelta(days=3))

    return grow
