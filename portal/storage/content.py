"""What a file is, decided by its first bytes and never by what its name claims."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from portal.storage.foreign import foreign
from portal.storage.names import extension_of
from portal.storage.refusal import Refused

HEAD_BYTES = 4096


class Kind(StrEnum):
    """The contents that are taken. The value is the short name that is stored."""

    PDF = "pdf"
    DXF = "dxf"
    DWG = "dwg"
    PNG = "png"
    JPEG = "jpeg"
    HEIC = "heic"
    WEBP = "webp"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]

    @property
    def label(self) -> str:
        """How people write it; the same in every language."""
        return {Kind.JPEG: "JPG", Kind.WEBP: "WebP"}.get(self, self.value.upper())

    @property
    def is_image(self) -> bool:
        return self in PHOTOS

    @property
    def extensions(self) -> frozenset[str]:
        """Extensions that may announce this content; phones often call one image by another's name."""
        return IMAGE_EXTENSIONS if self.is_image else frozenset({self.value})


MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DXF: "image/vnd.dxf",
    Kind.DWG: "image/vnd.dwg",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.HEIC: "image/heic",
    Kind.WEBP: "image/webp",
}
PHOTOS = frozenset({Kind.JPEG, Kind.PNG, Kind.HEIC, Kind.WEBP})
DRAWINGS = frozenset(Kind)
IMAGE_EXTENSIONS = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "heic", "heif", "hif", "webp"})
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
DWG_RELEASES = {
    "AC1012": "R13",
    "AC1014": "R14",
    "AC1015": "2000",
    "AC1018": "2004",
    "AC1021": "2007",
    "AC1024": "2010",
    "AC1027": "2013",
    "AC1032": "2018",
}
DWG_VERSION = re.compile(rb"AC10\d\d")
DXF_BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
DXF_START = re.compile(rb"(?:\s*999\r?\n[^\r\n]*\r?\n)*\s*0[ \t]*\r?\n\s*SECTION[ \t]*\r?\n", re.IGNORECASE)


def recognise(content: Path | bytes, name: str, accept: frozenset[Kind] = DRAWINGS) -> Kind:
    """The kind of `content` (a path, or at least the first 4096 bytes) among those of `accept`.

    Raises Refused: `empty`, `not_accepted` (says what it is and what is taken), `wrong_name` when the extension of
    `name` promises something else. A name without an extension promises nothing.
    """
    head = _head(content)
    if not head:
        raise Refused("empty", "文件是空的（0 字节），请重新导出或拍摄后再上传")
    kind = _kind_of(head)
    if kind is None or kind not in accept:
        raise _not_accepted(head, kind, accept)
    extension = extension_of(name)
    if extension and extension not in kind.extensions:
        raise _wrong_name(extension, kind, accept)
    return kind


def dwg_version(head: bytes) -> str:
    """The AutoCAD release whose format a DWG has, e.g. "2018 (AC1032)"; `head` is at least its first 6 bytes."""
    code = head[:6].decode("ascii", "replace")
    return f"{DWG_RELEASES[code]} ({code})" if code in DWG_RELEASES else code


def _head(content: Path | bytes) -> bytes:
    if isinstance(content, bytes):
        return content[:HEAD_BYTES]
    with content.open("rb") as file:
        return file.read(HEAD_BYTES)


def _kind_of(head: bytes) -> Kind | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return Kind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and _heif_brand(head):
        return Kind.HEIC
    if text.lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    if DWG_VERSION.match(head) and b"\x00" in head[6:16]:
        return Kind.DWG
    if head.startswith(DXF_BINARY) or DXF_START.match(text):
        return Kind.DXF
    return None


def _heif_brand(head: bytes) -> bool:
    """The major brand decides; the general `mif1` only when an HEVC brand stands among the compatible ones."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in (8, *range(16, size - 3, 4))}
    return head[8:12] in HEIF_BRANDS and bool(brands & (HEIF_BRANDS - {b"mif1", b"msf1"})) and b"avif" not in brands


def _not_accepted(head: bytes, kind: Kind | None, accept: frozenset[Kind]) -> Refused:
    facts = {"accepted": _listed(accept)}
    what = kind.label if kind else foreign(head)
    if what is None:
        return Refused("not_accepted", "认不出这是什么文件。可以上传：{accepted}", facts)
    return Refused("not_accepted", "这个文件的内容是“{what}”，不能上传。可以上传：{accepted}", {"what": what, **facts})


def _wrong_name(extension: str, kind: Kind, accept: frozenset[Kind]) -> Refused:
    facts = {"extension": extension[:12], "what": kind.label, "accepted": _listed(accept)}
    return Refused(
        "wrong_name",
        "文件名的后缀是 .{extension}，内容却是 {what}。请确认选对了文件，改正后缀再上传。可以上传：{accepted}",
        facts,
    )


def _listed(accept: frozenset[Kind]) -> str:
    return " / ".join(kind.label for kind in Kind if kind in accept)
