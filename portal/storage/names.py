"""The name a person gave to a file, made safe to show and to hand back at a download."""

from __future__ import annotations

import unicodedata

NAME_LIMIT_BYTES = 255
EXTENSION_LIMIT_BYTES = 16


def safe_name(name: str | None, fallback: str = "file") -> str:
    """The readable name: no folder, no control, invisible or direction-changing character, at most 255 bytes of UTF-8.

    It is for people only: the file itself lies under its hash, so this is never used as a path.
    """
    last_part = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(_shown(character) for character in unicodedata.normalize("NFC", last_part))
    tidy = " ".join(visible.split()).strip(". ")
    return _shortened(tidy) or fallback


def extension_of(name: str) -> str:
    """The extension in lower case without its dot; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return unicodedata.normalize("NFKC", extension).strip().lower() if dot and stem else ""


def _shown(character: str) -> str:
    """Format characters (bidi overrides, zero width) and lone surrogates go; line breaks and tabs become a blank."""
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Cn"):
        return ""
    if category in ("Cc", "Zl", "Zp"):
        return " " if character.isspace() else ""
    return character


def _shortened(name: str) -> str:
    """Cuts the stem, between characters, and keeps the extension."""
    if len(name.encode()) <= NAME_LIMIT_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension
    if not stem or len(tail.encode()) > EXTENSION_LIMIT_BYTES:
        stem, tail = name, ""
    room = NAME_LIMIT_BYTES - len(tail.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + tail
