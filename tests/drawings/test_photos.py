"""Photos come out upright, small and without a trace of place or telephone."""

import pytest
from PIL import Image, PngImagePlugin

from portal.drawings.limits import MEGABYTE, Limits
from portal.drawings.photos import clean_photo
from portal.drawings.preview import make_previews
from portal.storage import Kind, Refused
from tests.drawings import material

EDGES = {1: "top", 3: "bottom", 6: "right", 8: "left"}


def refusal(path, tmp_path, **limits):
    with pytest.raises(Refused) as refused:
        clean_photo(path, tmp_path / "out", Limits(**limits))
    return refused.value


def red_edges(path):
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    width, height = picture.size
    places = {
        "top": (width // 2, 10),
        "bottom": (width // 2, height - 10),
        "left": (10, height // 2),
        "right": (width - 10, height // 2),
    }
    return {edge for edge, place in places.items() if picture.getpixel(place)[0] > 150 > picture.getpixel(place)[2]}


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP"])
@pytest.mark.parametrize("orientation", EDGES)
def test_the_photo_is_turned_as_it_was_taken(tmp_path, form, orientation):
    photo = clean_photo(material.photo(tmp_path / "p", form, orientation), tmp_path / "out")
    assert (photo.width, photo.height) == ((400, 300) if orientation < 5 else (300, 400))
    assert red_edges(photo.full_path) == red_edges(photo.thumb_path) == {EDGES[orientation]}


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "PNG"])
def test_place_and_telephone_are_gone(tmp_path, form):
    source = material.photo(tmp_path / "p", form)
    assert b"TELEPHONE-7" in source.read_bytes()
    photo = clean_photo(source, tmp_path / "out")
    for path in (photo.full_path, photo.thumb_path):
        assert b"TELEPHONE-7" not in path.read_bytes()
        assert b"Exif" not in path.read_bytes()
        with Image.open(path) as picture:
            assert not picture.getexif()
            assert not set(picture.info) & {"exif", "xmp", "icc_profile", "comment", "photoshop"}


def test_words_hidden_in_a_png_are_gone(tmp_path):
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "Lane 5, House 3")
    Image.new("RGB", (50, 50)).save(tmp_path / "p.png", pnginfo=hidden, dpi=(300, 300))
    photo = clean_photo(tmp_path / "p.png", tmp_path / "out")
    assert b"Lane 5" not in photo.full_path.read_bytes()


def test_words_hidden_in_a_jpeg_are_gone(tmp_path):
    Image.new("RGB", (50, 50)).save(tmp_path / "p.jpg", comment=b"Lane 5, House 3", xmp=b"<x>Lane 5</x>")
    assert b"Lane 5, House 3" in (tmp_path / "p.jpg").read_bytes()
    photo = clean_photo(tmp_path / "p.jpg", tmp_path / "out")
    assert b"Lane 5" not in photo.full_path.read_bytes() + photo.thumb_path.read_bytes()


def test_a_large_photo_is_made_small(tmp_path):
    photo = clean_photo(material.photo(tmp_path / "p", "JPEG", 1, (4032, 3024)), tmp_path / "out")
    assert (photo.width, photo.height) == (1600, 1200)
    with Image.open(photo.full_path) as full, Image.open(photo.thumb_path) as thumb:
        assert (full.format, full.size) == ("JPEG", (1600, 1200))
        assert (thumb.format, thumb.size) == ("WEBP", (320, 240))


def test_a_pixel_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = material.pixel_bomb(tmp_path / "bomb.png")
    assert bomb.stat().st_size < MEGABYTE
    refused = refusal(bomb, tmp_path)
    assert refused.code == "too_many_pixels"
    assert "50" in str(refused)


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "PNG"])
def test_the_pixel_limit_holds_for_every_kind(tmp_path, form):
    path = material.photo(tmp_path / "p", form, 1, (400, 300))
    assert refusal(path, tmp_path, pixels=400 * 300 - 1).code == "too_many_pixels"
    assert clean_photo(path, tmp_path / "out", Limits(pixels=400 * 300))


def test_memory_is_limited(tmp_path):
    path = tmp_path / "p.png"
    Image.new("RGBA", (7000, 7000)).save(path, compress_level=1)
    assert refusal(path, tmp_path, memory_bytes=300 * MEGABYTE).code == "too_heavy"
    assert clean_photo(path, tmp_path / "out")


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "WEBP", "PNG"])
@pytest.mark.parametrize("share", [0.02, 0.9])
def test_a_photo_cut_short_is_refused(tmp_path, form, share):
    whole = material.photo(tmp_path / "p", form, 1, (1200, 900)).read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * share)])
    assert refusal(tmp_path / "cut", tmp_path).code == "broken"


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(50)])
def test_only_four_decoders_are_there(tmp_path, content):
    (tmp_path / "p").write_bytes(content)
    assert refusal(tmp_path / "p", tmp_path).code == "broken"


def test_a_whole_gif_is_not_opened_either(tmp_path):
    Image.new("RGB", (20, 20)).save(tmp_path / "p", "GIF")
    assert refusal(tmp_path / "p", tmp_path).code == "broken"


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(tmp_path, form):
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "lime")]
    frames[0].save(tmp_path / "p", form, save_all=True, append_images=frames[1:], duration=100)
    photo = clean_photo(tmp_path / "p", tmp_path / "out")
    with Image.open(photo.full_path) as picture:
        red, green, blue = picture.getpixel((30, 20))
        assert red > 240 > 20 > max(green, blue)
        assert getattr(picture, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("I;16", 65535 // 2, (127, 127, 127)),
        ("1", 1, (255, 255, 255)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_unusual_pictures_look_right_on_white(tmp_path, mode, colour, seen):
    Image.new(mode, (90, 60), colour).save(tmp_path / "p.png")
    photo = clean_photo(tmp_path / "p.png", tmp_path / "out")
    with Image.open(photo.full_path) as picture:
        assert all(abs(one - other) <= 3 for one, other in zip(picture.getpixel((45, 30)), seen, strict=True))


def test_printers_colours_become_screen_colours(tmp_path):
    Image.new("CMYK", (80, 80), (0, 255, 255, 0)).save(tmp_path / "p.jpg")
    photo = clean_photo(tmp_path / "p.jpg", tmp_path / "out")
    with Image.open(photo.full_path) as picture:
        red, green, blue = picture.getpixel((40, 40))
    assert red > 200 > 60 > max(green, blue)


def test_a_rendering_uploaded_as_a_drawing_is_one_upright_page(tmp_path):
    (page,) = make_previews(material.photo(tmp_path / "p", "HEIF", 6), Kind.HEIC, tmp_path / "out")
    assert (page.number, page.width, page.height) == (1, 300, 400)
    assert red_edges(page.image_path) == {"right"}


def test_a_large_rendering_keeps_the_size_of_a_page(tmp_path):
    path = material.photo(tmp_path / "p", "JPEG", 1, (3840, 2160))
    (page,) = make_previews(path, Kind.JPEG, tmp_path / "out")
    assert (page.width, page.height) == (2400, 1350)
