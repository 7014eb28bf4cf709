"""Photos from phones, made fit to show: upright, small, without place or camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portal.drawings import sandbox
from portal.drawings.limits import Limits


@dataclass(frozen=True)
class Photo:
    """A cleaned photo: JPEG of at most 1600 px and WebP thumbnail of at most 320 px; width and height of the JPEG."""

    full_path: Path
    thumb_path: Path
    width: int
    height: int


def clean_photo(source: Path, out_dir: Path, limits: Limits | None = None) -> Photo:
    """Writes `full.jpg` and `thumb.webp` into `out_dir`, with no EXIF, no GPS, no colour profile; first frame only.

    Takes PNG, JPEG, HEIC and WebP. Raises Refused `broken`, `too_many_pixels`, `too_heavy`, `too_slow`.
    """
    answers, refused = sandbox.run("photo", source, out_dir, limits or Limits())
    if refused:
        raise refused
    photo = answers[0]["photo"]
    return Photo(out_dir / "full.jpg", out_dir / "thumb.webp", int(photo["width"]), int(photo["height"]))
