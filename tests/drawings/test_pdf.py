"""Pages of a PDF, within limits, with a clear reason when there are none."""

import pytest
from PIL import Image
from pyhanko.pdf_utils import writer
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.drawings.limits import MEGABYTE, Limits
from portal.drawings.preview import make_previews
from portal.storage import Kind, Refused
from tests.drawings import material


def previews(path, tmp_path, **limits):
    return make_previews(path, Kind.PDF, tmp_path / "out", Limits(**limits))


def refusal(path, tmp_path, **limits):
    with pytest.raises(Refused) as refused:
        previews(path, tmp_path, **limits)
    return refused.value


def test_every_page_becomes_a_picture_and_a_thumbnail(tmp_path):
    pages = previews(material.pdf(tmp_path / "set.pdf", pages=3), tmp_path)
    assert [page.number for page in pages] == [1, 2, 3]
    assert pages.total == 3
    assert pages.notes == []
    with Image.open(pages[2].image_path) as picture, Image.open(pages[2].thumb_path) as thumb:
        assert picture.format == "PNG"
        assert picture.size == (pages[2].width, pages[2].height) == (2400, 1697)
        assert picture.getpixel((200, 1500)) == (204, 26, 26)
        assert picture.getpixel((2300, 100)) == (255, 255, 255)
        assert thumb.format == "WEBP"
        assert max(thumb.size) == 320


def test_a_huge_sheet_is_drawn_smaller(tmp_path):
    (page,) = previews(material.pdf(tmp_path / "huge.pdf", size=(14400, 14400)), tmp_path)
    assert (page.width, page.height) == (2400, 2400)


def test_a_tiny_sheet_is_not_blown_up(tmp_path):
    (page,) = previews(material.pdf(tmp_path / "tiny.pdf", size=(50, 40)), tmp_path)
    assert (page.width, page.height) == (200, 160)


def test_only_so_many_pages_are_shown_and_the_rest_is_told(tmp_path):
    pages = previews(material.pdf(tmp_path / "set.pdf", pages=5), tmp_path, pages=3)
    assert [page.number for page in pages] == [1, 2, 3]
    assert pages.total == 5
    assert [note.code for note in pages.notes] == ["too_many_pages"]
    assert "5 页" in str(pages.notes[0])
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_a_photograph_is_kept_small(tmp_path):
    (page,) = previews(material.photographs(tmp_path / "scan.pdf", 1), tmp_path)
    assert page.media_type == "image/jpeg"
    with Image.open(page.image_path) as picture:
        assert picture.format == "JPEG"


@pytest.mark.slow
def test_a_long_set_is_shared_out_among_several_children(tmp_path):
    """All pages together need more processor time than one child may use."""
    pages = previews(material.photographs(tmp_path / "scan.pdf", 20), tmp_path, cpu_seconds=2)
    assert [page.number for page in pages] == list(range(1, 21))
    assert pages.notes == []


@pytest.mark.parametrize("limits", [{"total_seconds": 0, "cpu_seconds": 2}, {"total_written_bytes": 1}])
def test_a_set_that_costs_too_much_in_all_ends_early_and_says_so(tmp_path, limits):
    pages = previews(material.photographs(tmp_path / "scan.pdf", 20), tmp_path, **limits)
    assert 1 <= len(pages) < 20
    assert [note.code for note in pages.notes] == ["enough"]


def test_a_password_is_named(tmp_path):
    plain = material.pdf(tmp_path / "plain.pdf")
    with plain.open("rb") as file:
        locked = writer.copy_into_new_writer(PdfFileReader(file))
        locked.encrypt(owner_pass="owner", user_pass="secret")
        with (tmp_path / "locked.pdf").open("wb") as out:
            locked.write(out)
    refused = refusal(tmp_path / "locked.pdf", tmp_path)
    assert refused.code == "encrypted"
    assert "密码" in str(refused)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 5000, b"%PDF-1.7\n1 0 obj << >> endobj"])
def test_a_broken_file_is_called_broken(tmp_path, content):
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    assert refusal(path, tmp_path).code == "broken"


def test_a_file_cut_in_half_never_takes_the_portal_down(tmp_path):
    whole = material.photographs(tmp_path / "scan.pdf", 2).read_bytes()
    for share in (0.1, 0.5, 0.99):
        (tmp_path / "cut.pdf").write_bytes(whole[: int(len(whole) * share)])
        assert material.ending(lambda: previews(tmp_path / "cut.pdf", tmp_path)) in ("shown", "broken")


def test_a_picture_that_unfolds_beyond_memory_ends_with_a_sentence(tmp_path):
    path = material.pdf_with_image(tmp_path / "bomb.pdf", side=20000, filler=b"\x55")
    assert path.stat().st_size < 2 * MEGABYTE
    endings = ("shown", "too_heavy", "broken")
    assert material.ending(lambda: previews(path, tmp_path, memory_bytes=300 * MEGABYTE, cpu_seconds=8)) in endings
