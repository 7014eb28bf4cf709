"""DXF previews: Chinese letters, sheets and model, and bombs that end with a sentence."""

import os

import ezdxf
import pytest
from PIL import Image, ImageChops, ImageOps

from portal.drawings.limits import Limits
from portal.drawings.preview import make_previews
from portal.storage import Kind, Refused
from tests.drawings import material


def previews(path, tmp_path, **limits):
    return make_previews(path, Kind.DXF, tmp_path / "out", Limits(**limits))


def refusal(path, tmp_path, **limits):
    with pytest.raises(Refused) as refused:
        previews(path, tmp_path, **limits)
    return refused.value


def drawn(page):
    with Image.open(page.image_path) as picture:
        return picture.convert("L").point(lambda value: 255 * (value < 128))


@pytest.mark.parametrize("fmt", ["asc", "bin"])
def test_a_plan_becomes_a_picture_with_its_walls_on_white(tmp_path, fmt):
    (page,) = previews(material.plan(tmp_path / "plan.dxf", fmt=fmt), tmp_path)
    assert page.width == 2400
    assert 1750 < page.height < 1850
    with Image.open(page.image_path) as picture:
        assert picture.getpixel((1800, 1600)) == (255, 255, 255)
        assert picture.convert("L").crop((0, 900, 60, 901)).getextrema()[0] < 100  # the left wall


def test_chinese_is_drawn_with_a_font_that_has_it(tmp_path):
    """Two different words give two different pictures: boxes for missing glyphs would be equal."""
    words = [
        previews(material.plan(tmp_path / f"{word}.dxf", text=word), tmp_path / word)[0] for word in ("平面", "水位")
    ]
    first, second = (drawn(page).crop((60, 60, 1000, 900)) for page in words)
    assert ImageChops.difference(first, second).histogram()[255] > 2000


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """One plan with a glyph of crossing strokes, a hatch with a hole, and a surface in screen yellow."""
    folder = tmp_path_factory.mktemp("plan")

    def more(document, model):
        solid = model.add_hatch(color=1)
        for inset in (0, 1000):
            near, far = 6000 + inset, 10000 - inset
            solid.paths.add_polyline_path(
                [(near, near - 5000), (far, near - 5000), (far, far - 5000), (near, far - 5000)]
            )
        model.add_solid([(1000, 1000), (4000, 1000), (1000, 3000), (4000, 3000)], dxfattribs={"color": 2})

    return previews(material.plan(folder / "plan.dxf", text="王", more=more), folder)[0]


def colour_at(page, x_mm, y_mm):
    """The colour at a place of the plan, which is 11,400 mm wide and has a margin of 4 mm on a sheet of 420 mm."""
    scale = page.width * (412 / 420) / 11400
    margin = page.width * 4 / 420
    with Image.open(page.image_path) as picture:
        return picture.getpixel((round(margin + x_mm * scale), round(page.height - margin - y_mm * scale)))


def test_the_strokes_of_a_glyph_are_filled_where_they_cross(page):
    """With the even-odd rule the crossings of 王 would be white and cut it apart."""
    glyph = drawn(page).crop((100, 400, 700, 900))
    glyph = glyph.crop(glyph.getbbox())
    middle = glyph.width // 2
    stem = glyph.crop((middle - 1, 4, middle + 1, glyph.height - 4))
    assert glyph.width > 100
    assert stem.getextrema() == (255, 255)


def test_a_hatch_keeps_its_hole(page):
    assert colour_at(page, 8000, 3000) == (255, 255, 255)
    red, green, blue = colour_at(page, 6400, 3000)
    assert red > 200 > green == blue


def test_colours_meant_for_a_black_screen_are_darkened_for_paper(page):
    red, green, blue = colour_at(page, 2500, 2000)
    assert 100 < red == green < 190
    assert blue == 0


def test_sheets_come_before_the_model_and_carry_their_names(tmp_path):
    def sheets(document, model):
        for name in ("P-04 平面布置图", "空白"):
            document.layouts.new(name)
        sheet = document.layout("P-04 平面布置图")
        sheet.page_setup(size=(420, 297), margins=(0, 0, 0, 0))
        sheet.add_viewport(center=(200, 150), size=(380, 260), view_center_point=(5700, 4300), view_height=9000)
        sheet.add_lwpolyline([(5, 5), (415, 5), (415, 292), (5, 292)], close=True)

    pages = previews(material.plan(tmp_path / "plan.dxf", more=sheets), tmp_path)
    assert [page.title for page in pages] == ["P-04 平面布置图", ""]
    upper_left = drawn(pages[0]).crop((300, 300, 1500, 1000))
    assert upper_left.getbbox(), "the viewport shows the model's lettering"


def test_a_bomb_of_nested_blocks_is_ended_by_processor_time(tmp_path):
    path = material.nested_blocks(tmp_path / "bomb.dxf")
    assert path.stat().st_size < 100_000
    refused = refusal(path, tmp_path, cpu_seconds=2, wall_seconds=50)
    assert refused.code == "too_slow"
    assert refused.facts["seconds"] == 2
    assert "太复杂" in str(refused)


def test_a_drawing_beyond_the_size_is_told_to_come_as_pdf(tmp_path):
    path = material.plan(tmp_path / "plan.dxf")
    refused = refusal(path, tmp_path, dxf_bytes=path.stat().st_size - 1)
    assert refused.code == "dxf_too_large"
    assert "PDF" in str(refused)


@pytest.mark.parametrize("fmt", ["asc", "bin"])
def test_a_drawing_without_its_end_is_not_shown_half(tmp_path, fmt):
    path = material.plan(tmp_path / "plan.dxf", fmt=fmt)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 3 // 4])
    assert refusal(path, tmp_path).code == "dxf_endless"


def test_a_drawing_that_never_ends_is_not_even_read(tmp_path):
    path = tmp_path / "endless.dxf"
    path.write_bytes(b"0\nSECTION\n2\nENTITIES\n" + b"0\nLINE\n8\n0\n" * 400_000)
    assert refusal(path, tmp_path).code == "dxf_endless"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"2\nENTITIES\n0\nLINE\n10\nnan\n20\nx\n",
        b"2\nENTITIES\n0\nINSERT\n2\nNONE\n0\nENDSEC\n",
        b"9\n\xff\xfe\n" * 9,
    ],
)
def test_nonsense_ends_with_a_sentence(tmp_path, body):
    path = tmp_path / "odd.dxf"
    path.write_bytes(b"0\nSECTION\n" + body + b"0\nEOF\n")
    assert refusal(path, tmp_path).code in ("broken", "dxf_nothing_to_show")


def test_a_block_that_contains_itself_ends_with_a_sentence(tmp_path):
    def mirror(document, model):
        block = document.blocks.new("B")
        block.add_blockref("B", (1, 1))
        model.add_blockref("B", (0, 0))

    path = material.plan(tmp_path / "mirror.dxf", more=mirror)
    endings = ("shown", "broken", "too_heavy", "too_slow")
    assert material.ending(lambda: previews(path, tmp_path, cpu_seconds=5)) in endings


def test_an_empty_drawing_says_there_is_nothing(tmp_path):
    ezdxf.new().saveas(tmp_path / "empty.dxf")
    assert refusal(tmp_path / "empty.dxf", tmp_path).code == "dxf_nothing_to_show"


def test_no_file_of_this_machine_is_opened_for_a_drawing(tmp_path):
    """Opening the pipe would wait for ever; only its frame is drawn, without the path."""
    os.mkfifo(tmp_path / "pipe.png")

    def reference(document, model):
        definition = document.add_image_def(str(tmp_path / "pipe.png"), size_in_pixel=(100, 100))
        model.add_image(definition, insert=(5000, 500), size_in_units=(4000, 4000))

    path = material.plan(tmp_path / "plan.dxf", text="", more=reference)
    (page,) = previews(path, tmp_path, wall_seconds=15)
    inside = drawn(page).crop((1100, 1000, 1800, 1600))
    assert not inside.getbbox()


def test_a_turned_plan_is_not_stretched(tmp_path):
    (page,) = previews(material.plan(tmp_path / "tall.dxf", text="", size=(3000, 9000)), tmp_path)
    assert page.height == 2400
    assert page.height / page.width == pytest.approx(3, rel=0.06)
    assert ImageOps.invert(drawn(page)).getextrema() == (0, 255)
