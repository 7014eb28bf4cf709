"""The price book: seen, searched, imported whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter

from portal.models import AuditEntry, Catalogue, CatalogueItem, CatalogueSplit
from portal.rules.access import Role
from tests import estimates, factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")
BOOK = (Path(__file__).parents[2] / "portal" / "demo" / "catalogue.csv").read_bytes()


@pytest.fixture
def his(browser, esther):
    return browser.as_(esther)


def send(his, content: bytes, name: str = "价目表.csv"):
    return his.post("staff.catalogue.create", {"file": (io.BytesIO(content), name)})


def as_workbook(data: bytes) -> bytes:
    import csv

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, cells in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig")))):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("content, name", [(BOOK, "价目表.csv"), (as_workbook(BOOK), "价目表.xlsx"), (as_workbook(BOOK), "wrong.csv")])
def test_a_book_is_imported_and_in_force(db, his, content, name):
    answer = send(his, content, name)
    assert answer.status == 303
    assert db.session.query(CatalogueItem).count() == 149
    assert db.session.query(CatalogueSplit).count() == 146
    assert db.session.query(AuditEntry).filter_by(act="catalogue.imported").one().facts["items"] == 149
    page = his.get("staff.catalogue.index")
    assert "在用" in page.words and name in page.words
    assert "拆除非承重砖墙" in page.words


def test_one_fault_refuses_all_and_says_where(db, his):
    estimates.make_book()
    broken = BOOK.replace(b",55.00,", b",55.01,", 1).replace(b"CC-002", b"CC-001", 1)
    page = send(his, broken)
    assert page.status == 422
    assert "第2行" in page.words and "第3行" in page.words
    assert "原来的价目表没有变" in page.words
    assert db.session.query(Catalogue).count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x89PNG\r\n",
        b"PK\x03\x04broken",
        b"code,name\n",
        b'"open',
        "你好".encode("gbk"),
        b"\x00" * 1000,
        b"a" * 200_000,
    ],
)
def test_what_is_no_price_book_is_told_so(db, his, content):
    page = send(his, content)
    assert page.status == 422
    assert page.faults() or "没有导入" in page.words
    assert db.session.query(Catalogue).count() == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(db, his):
    assert send(his, b"x" * (12 * 1024 * 1024)).status == 413
    page = send(his, b"x" * (10 * 1024 * 1024 + 5))
    assert page.status == 422
    assert db.session.query(Catalogue).count() == 0


def test_many_faults_are_counted_and_not_all_listed(his):
    rows = BOOK.split(b"\n")
    many = b"\n".join([rows[0], *(rows[1].replace(b"CC-001", b"%d" % n) for n in range(700))])
    page = send(his, many)
    assert page.status == 422
    assert len(page.all("tbody tr")) == 200
    assert "还有" in page.words


def test_costs_are_for_those_who_may_see_them(db, browser, his):
    """R072: an administrator imports price books and sees no cost."""
    estimates.make_book()
    boss = browser.as_(factories.make_user(Role.ADMINISTRATOR))
    assert "¥42.11" in his.get("staff.catalogue.index").words
    page = boss.get("staff.catalogue.index")
    assert "地砖铺贴" in page.words and "¥64.00" in page.words
    assert "42.11" not in page.text and "主材" not in page.words


def test_it_is_searched_and_paged(db, his):
    send(his, BOOK)
    page = his.get("staff.catalogue.index")
    assert len(page.all("tbody tr")) == 50
    second = his.get(page.one("a[rel=next]")["href"])
    assert {row.get_text() for row in page.all("tbody th")}.isdisjoint({row.get_text() for row in second.all("tbody th")})
    assert len(his.get("staff.catalogue.index", q="乳胶漆", group="YQ").all("tbody tr")) == 3
    for words in ("100%", "_", "'", "\\", "x" * 500):
        assert his.get("staff.catalogue.index", q=words).status == 200
    assert "没有找到" in his.get("staff.catalogue.index", q="_").words, "a wildcard is a letter"


def test_strangers_to_prices_find_nothing(browser, db):
    for role in (Role.DESIGNER, Role.SALESPERSON, Role.HOMEOWNER):
        theirs = browser.as_(factories.make_user(role))
        assert theirs.get("staff.catalogue.index").status == 404
        assert send(theirs, BOOK).status == 404
    looker = browser.as_(factories.make_user(Role.GENERAL_MANAGER))
    assert looker.get("staff.catalogue.index").status == 200
    assert looker.get("staff.catalogue.new").status == 404
    assert db.session.query(Catalogue).count() == 0


def test_the_page_costs_the_same_for_many_editions(app, db, his):
    estimates.make_book()
    assert_same_cost(app, lambda: his.get("staff.catalogue.index"), lambda: [estimates.make_book() for _ in range(5)])
