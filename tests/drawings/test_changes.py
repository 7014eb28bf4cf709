"""What changed from one revision to the next, as regions and as a picture."""

import pytest
from PIL import Image, ImageDraw

from portal.drawings.changes import describe_change, overlay

SIZE = (2400, 1697)
RED, GREEN_BLUE, GREY = (200, 30, 30), (0, 128, 128), (150, 150, 150)


@pytest.fixture
def sheet(tmp_path):
    """Writes a page with walls and whatever `more` draws; `shift` moves everything by so many pixels."""

    def make(name, more=lambda draw: None, size=SIZE, shift=0, form="PNG"):
        picture = Image.new("RGB", size, "white")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((200 + shift, 200 + shift, 2000 + shift, 1500 + shift), outline="black", width=4)
        more(draw)
        picture.save(tmp_path / name, form)
        return tmp_path / name

    return make


def table(draw):
    draw.rectangle((600, 400, 900, 600), outline=(40, 90, 160), width=3)


def lamp(draw):
    draw.ellipse((1500, 1100, 1600, 1200), outline=(170, 150, 0), width=3)


def test_the_same_page_has_not_changed(sheet):
    change = describe_change(sheet("a.png", table), sheet("b.png", table))
    assert not change
    assert change.share == 0


def test_what_is_new_is_found_where_it_is(sheet):
    change = describe_change(sheet("a.png", table), sheet("b.png", lambda draw: (table(draw), lamp(draw))))
    (box,) = change.regions
    assert box.left == pytest.approx(1500 / 2400, abs=0.005)
    assert box.top == pytest.approx(1100 / 1697, abs=0.005)
    assert box.width == pytest.approx(100 / 2400, abs=0.005)
    assert box.height == pytest.approx(100 / 1697, abs=0.005)
    assert 0 < change.share < 0.01


def test_what_went_away_is_found_too_and_regions_run_from_top_to_bottom(sheet):
    change = describe_change(sheet("a.png", table), sheet("b.png", lamp))
    assert [round(box.left, 2) for box in change.regions] == [0.25, 0.62]


def test_a_line_drawn_anew_within_a_pixel_is_no_change(sheet):
    assert not describe_change(sheet("a.png"), sheet("b.png", shift=1))
    assert describe_change(sheet("a.png"), sheet("b.png", shift=12))


def test_another_way_of_packing_is_no_change(sheet):
    assert not describe_change(sheet("a.png", table), sheet("b.jpg", table, form="JPEG"))


def test_another_colour_is_a_change(sheet):
    old = sheet("a.png", lambda draw: draw.rectangle((600, 400, 900, 600), fill="red"))
    new = sheet("b.png", lambda draw: draw.rectangle((600, 400, 900, 600), fill="green"))
    (box,) = describe_change(old, new).regions
    assert box.width == pytest.approx(300 / 2400, abs=0.005)


def test_a_page_of_another_size_is_fitted(sheet):
    old = sheet("a.png", table)
    with Image.open(old) as picture:
        picture.resize((1200, 849), Image.Resampling.LANCZOS).save(old)
    assert describe_change(old, sheet("b.png", table)).share < 0.002


def test_a_page_of_another_shape_is_not_stretched(sheet):
    change = describe_change(sheet("a.png", size=(1697, 2400)), sheet("b.png"))
    assert change.regions


def test_a_page_changed_all_over_is_one_region(sheet):
    (box,) = describe_change(
        sheet("a.png"), sheet("b.png", lambda draw: draw.rectangle((0, 0, *SIZE), fill="navy"))
    ).regions
    assert (box.left, box.top) == (0, 0)
    assert box.width == box.height == 1


def test_the_overlay_shows_removed_added_and_kept_in_three_colours(sheet, tmp_path):
    out = overlay(sheet("a.png", table), sheet("b.png", lamp), tmp_path / "overlay.png")
    with Image.open(out) as picture:
        assert picture.size == SIZE
        assert picture.getpixel((601, 500))[0] > 180 > 90 > picture.getpixel((601, 500))[1]
        added = picture.getpixel((1501, 1150))
        assert added[0] < 120 < added[1]
        assert abs(added[1] - added[2]) < 40
        kept = picture.getpixel((202, 800))
        assert kept == GREY
        assert picture.getpixel((1000, 1000)) == (255, 255, 255)
