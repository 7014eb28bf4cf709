"""The estimate on paper."""

from __future__ import annotations

import dataclasses
import unicodedata
from decimal import Decimal

import pypdfium2
import pytest

from portal.documents import estimate, signature_page
from portal.documents.estimate import Line, Room, estimate_html, estimate_pdf
from portal.documents.render import ForbiddenAddress, render_pdf
from tests.documents import papers


def pages(pdf: bytes) -> list[str]:
    """The text of each page, compatibility characters unified, without line breaks inside."""
    return [unicodedata.normalize("NFKC", page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def flat():
    return {language: pages(estimate_pdf(papers.sample(), language)) for language in ("zh", "en")}


def test_the_same_facts_give_the_same_bytes():
    assert estimate_pdf(papers.small(), "zh") == estimate_pdf(papers.small(), "zh")


def test_another_fact_gives_another_fingerprint_on_every_page():
    one, other = papers.small(), papers.small(valid_until=papers.small().valid_until.replace(day=20))
    assert one.fingerprint != other.fingerprint
    stands = f"{other.fingerprint[:4]} {other.fingerprint[4:8]}"
    assert all(stands in page for page in pages(estimate_pdf(other, "zh")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_of_the_sample_stands_there_with_its_amount(flat, language):
    text = squeezed("".join(flat[language]))
    lines = [line for room in papers.sample().rooms for line in room.lines]
    assert len(lines) == 117
    for line in lines:
        assert squeezed(f"{line.no}{line.code}{unicodedata.normalize('NFKC', line.name)}") in text
        assert f"{line.amount_fen // 100:,}.{line.amount_fen % 100:02d}" in text


def test_the_total_stands_in_figures_and_in_capitals(flat):
    assert "¥79,085.68" in flat["zh"][0]
    assert "柒万玖仟零捌拾伍元陆角捌分" in flat["zh"][0]
    assert "Total including tax" in flat["en"][0]
    assert "¥79,085.68" in flat["en"][0]


def test_trades_and_rooms_of_the_samples_speak_english():
    for place in (0, 1):
        html = estimate_html(papers.sample(place), "en")
        document = papers.sample(place)
        assert "Water and electricity" in html
        for name in {room.name for room in document.rooms} | {share.name for share in document.groups}:
            assert f"<td>{name}</td>" not in html
            assert f'<th colspan="5">{name}<' not in html


def test_pages_are_counted_and_heads_repeated(flat):
    count = len(flat["zh"])
    assert f"第1页，共{count}页" in squeezed(flat["zh"][0]).replace(",", "，")
    assert f"Page {count} of {count}" in flat["en"][-1]
    assert (
        sum("61项" in page and "小计" in page for page in flat["zh"]) >= 2
    )  # the 61 lines of 全屋 need more than one page


def test_the_paper_names_no_cost_and_no_split():
    """A field for costs would be seen here first (R072)."""
    fields = {
        f"{kind.__name__}.{one.name}"
        for kind in vars(estimate).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == estimate.__name__
        for one in dataclasses.fields(kind)
    }
    suspicious = {
        name
        for name in fields
        if any(word in name for word in ("cost", "split", "profit", "margin", "labor", "main", "loss"))
    }
    assert not suspicious
    assert {one.name for one in dataclasses.fields(Line)} == {
        "no",
        "code",
        "name",
        "unit",
        "quantity",
        "unit_price_fen",
        "amount_fen",
        "note",
    }


def test_a_signer_finds_her_name_over_her_own_box():
    document = papers.sample()
    pdf = pypdfium2.PdfDocument(estimate_pdf(document, "zh"))
    page = pdf[len(pdf) - 1]
    assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.1)
    for signer, box in zip(document.signers, signature_page.boxes(5)[1:], strict=True):
        left, bottom, right, top = box.rectangle
        over = page.get_textpage().get_text_bounded(left, top, right, top + 9 * 72 / 25.4)
        assert signer.name in over
        assert "在此签名" in page.get_textpage().get_text_bounded(left, bottom, right, top)


def test_boxes_lie_on_the_page_and_apart():
    boxes = [box.rectangle for box in signature_page.boxes(signature_page.MOST_BOXES)]
    for left, bottom, right, top in boxes:
        assert 0 < left < right < 595
        assert signature_page.MARGIN_BOTTOM_MM * 72 / 25.4 < bottom < top < 842
    for one in boxes:
        for other in boxes:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert one == other or apart


@pytest.mark.parametrize("count", [0, 9])
def test_no_more_boxes_than_the_page_holds(count):
    with pytest.raises(ValueError, match="1 to 8"):
        signature_page.boxes(count)


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '"; } @import url(http://example.org/x)', "‮倒着", "😀" * 20, "100% 全屋", "长" * 80],
)
def test_hostile_names_are_words_and_nothing_else(hostile):
    line = Line(1, "CC-001", hostile, "㎡", Decimal("1.00"), 100, 100, note=hostile)
    document = papers.small(
        project_title=hostile,
        customer_name=hostile,
        rooms=(Room(hostile, (line,), 100),),
        terms=(hostile,),
        issuer=dataclasses.replace(papers.small().issuer, name=hostile),
    )
    assert "<script>alert" not in estimate_html(document, "en")
    assert len(pages(estimate_pdf(document, "en"))) >= 2


def test_long_notes_run_over_the_page_instead_of_vanishing():
    note = "\n".join(f"第{number}道工序：清理、找平、养护并拍照留存。" for number in range(1, 120))
    line = Line(1, "CC-001", "很长的说明", "㎡", Decimal("1.00"), 100, 100, note=note)
    text = pages(estimate_pdf(papers.small(rooms=(Room("全屋", (line,), 100),)), "zh"))
    assert len(text) >= 4
    assert "第119道工序" in squeezed("".join(text))


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.org/x.png", "ftp://example.org/x"]
)
def test_a_document_opens_nothing_but_our_fonts(address):
    with pytest.raises(ForbiddenAddress):
        render_pdf(f'<!doctype html><title>x</title><img src="{address}">')


def test_the_title_names_project_and_revision():
    facts = pypdfium2.PdfDocument(estimate_pdf(papers.sample(), "en")).get_metadata_dict()
    assert facts["Title"] == "Renovation budget · 云栖样板苑 3栋2单元1201 · Revision 2"
    assert facts["CreationDate"] == ""
