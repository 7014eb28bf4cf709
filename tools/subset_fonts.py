"""Cuts the web fonts out of the two full faces in portal/static/fonts and writes fonts.css. Run it when words were added.

`python tools/subset_fonts.py`: Latin and signs; the characters of our own words and demo data; the rest of GB 2312
in two parts. A browser fetches a part only where a page needs it and no Chinese face is installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PORTAL = Path("portal")
FONTS = PORTAL / "static" / "fonts"
SOURCES = ("**/*.html", "**/*.py", "**/*.po", "demo/*.csv", "demo/*.json")
HAN = "U+4E00-9FFF"
SIGNS = "U+0-2FFF, U+3000-303F, U+3300-33FF, U+FF00-FFEF"
SYMBOLS = "ΦφΩ‐‑–—‘’“”•…‰′″‹›€℃™−×÷≈≠≤≥←↑→↓·²³№①②③④⑤⑥⑦⑧⑨⑩㎡㎥㎜㎝㎞㎏"
INSTALLED = {
    400: ("Noto Sans SC", "Noto Sans SC Regular", "NotoSansSC-Regular", "Noto Sans CJK SC", "NotoSansCJKsc-Regular", "Source Han Sans SC",
          "HarmonyOS Sans SC", "MiSans"),
    700: ("Noto Sans SC Bold", "NotoSansSC-Bold", "Noto Sans CJK SC Bold", "NotoSansCJKsc-Bold", "Source Han Sans SC Bold",
          "HarmonyOS Sans SC Bold", "MiSans Bold"),
}
FACES = {400: "NotoSansSC-Regular.ttf", 700: "NotoSansSC-Bold.ttf"}
HEAD = """/* Made by tools/subset_fonts.py. Only for screens without a Chinese face of their own: an installed one is taken first.
   Of the rest, a browser asks the last rule first and goes up only for a character it did not find there:
   `common` holds the characters of our own words, `more` the rest of GB 2312 level 1, `rare` level 2.
   Names with characters beyond that fall through to whatever the system has. */
"""


def main() -> None:
    parts = _parts()
    rules = [_rule(weight, part, characters) for weight in FACES for part, characters in reversed(parts.items())]
    (FONTS.parent / "fonts.css").write_text(HEAD + "\n".join(rules) + "\n")


def _parts() -> dict[str, set[str]]:
    """Characters by part, in the order in which a browser asks for them."""
    words = {sign for pattern in SOURCES for path in PORTAL.glob(pattern) for sign in path.read_text(errors="ignore")}
    common = {sign for sign in words if "\u4e00" <= sign <= "\u9fff"}
    level_1, level_2 = _gb2312(0xB0, 0xD8), _gb2312(0xD8, 0xF8)
    signs = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x3000, 0x3020), *range(0xFF01, 0xFF5F), 0xFFE5)}
    return {"latin": signs | set(SYMBOLS), "common": common, "more": level_1 - common, "rare": level_2 - common}


def _gb2312(first: int, last: int) -> set[str]:
    codes = (bytes([high, low]) for high in range(first, last) for low in range(0xA1, 0xFF))
    return set("".join(code.decode("gb2312", "ignore") for code in codes))


def _rule(weight: int, part: str, characters: set[str]) -> str:
    """Write the subset, answer its @font-face rule."""
    target = FONTS / f"noto-sans-sc-{weight}-{part}.woff2"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as text:
        text.write("".join(sorted(characters)))
        text.flush()
        subprocess.run(
            [sys.executable, "-m", "fontTools.subset", FONTS / FACES[weight], f"--text-file={text.name}", f"--output-file={target}",
             "--flavor=woff2", "--layout-features=kern,locl,ccmp,tnum,palt,halt,chws", "--no-hinting", "--desubroutinize"],
            check=True,
        )
    local = ", ".join(f'local("{name}")' for name in INSTALLED[weight])
    return (
        f'@font-face {{ font-family: "Noto Sans SC"; font-weight: {weight}; font-display: swap; src: {local}, '
        f'url("fonts/{target.name}") format("woff2"); unicode-range: {SIGNS if part == "latin" else HAN}; }}'
    )


main()
