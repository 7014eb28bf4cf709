"""Pictures in and out: only four decoders, no bombs, upright, in ordinary colours, without a trace of the camera."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from portal.drawings.limits import Limits
from portal.drawings.refusals import broken
from portal.storage.refusal import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF")
WHITE = (255, 255, 255)
FLAT_SHARE = 0.5
register_heif_opener(thumbnails=False)
warnings.simplefilter("error", Image.DecompressionBombWarning)


def upright(source: Path, limits: Limits, side_px: int) -> Image.Image:
    """The first frame in RGB, turned as it was photographed, at most `side_px` long.

    Raises Refused `too_many_pixels` before anything is decoded, `broken` for a file cut short.
    """
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        with Image.open(source, formats=FORMATS) as opened:
            opened.seek(0)
            opened.draft("RGB", (side_px, side_px))  # lets the JPEG decoder leave out what is thrown away later
            turned = ImageOps.exif_transpose(opened)
            profile = opened.info.get("icc_profile")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        millions = limits.pixels // 1_000_000
        raise Refused(
            "too_many_pixels", "图片的像素太多：最多 {millions} 百万像素，请缩小后再上传", {"millions": millions}
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise broken() from None
    turned.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return _in_srgb(_on_white(turned), profile)


def save_page(image: Image.Image, out_dir: Path, number: int, limits: Limits, *, drawn: bool) -> dict:
    """Line art as PNG, sharp (always, if `drawn` by us); a photograph as JPEG, small. A WebP thumbnail beside it."""
    path = _save_sharp(image, out_dir / f"page-{number:04}.png", drawn)
    thumb = _save_thumb(image, out_dir / f"thumb-{number:04}.webp", limits)
    size = path.stat().st_size + thumb.stat().st_size
    return {"image": path.name, "thumb": thumb.name, "width": image.width, "height": image.height, "bytes": size}


def save_photo(image: Image.Image, out_dir: Path, limits: Limits) -> dict:
    full = out_dir / "full.jpg"
    _save_jpeg(image, full)
    thumb = _save_thumb(image, out_dir / "thumb.webp", limits)
    return {"full": full.name, "thumb": thumb.name, "width": image.width, "height": image.height}


def _save_sharp(image: Image.Image, path: Path, drawn: bool) -> Path:
    if drawn or _is_line_art(image):
        image.save(path, "PNG", compress_level=4)
        return path
    path = path.with_suffix(".jpg")
    _save_jpeg(image, path)
    return path


def _is_line_art(image: Image.Image) -> bool:
    """Drawings are mostly flat: a pixel equals its neighbour. In photographs and scans hardly any does."""
    grey = image.convert("L")
    same = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0)).histogram()[0]
    return same >= FLAT_SHARE * image.width * image.height


def _save_jpeg(image: Image.Image, path: Path) -> None:
    image.save(path, "JPEG", quality=86, progressive=True, optimize=True, exif=b"")


def _save_thumb(image: Image.Image, path: Path, limits: Limits) -> Path:
    small = image.copy()
    small.thumbnail((limits.thumb_px, limits.thumb_px), Image.Resampling.LANCZOS)
    small.save(path, "WEBP", quality=80, exif=b"")
    return path


def _on_white(image: Image.Image) -> Image.Image:
    """RGB without transparency and without any information but the pixels."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, (*WHITE, 255)), image.convert("RGBA"))
    plain = Image.new("RGB", image.size, WHITE)
    plain.paste(image.convert("RGB"))
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones write in wider colours; without their profile these would look dull, so they are converted first."""
    if not profile:
        return image
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    converted.info.clear()
    return converted
