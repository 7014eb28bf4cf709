"""Contents that are not taken, recognised all the same: a person is told what she picked by mistake."""

from __future__ import annotations

import re

from portal.storage.refusal import Term

STARTS: tuple[tuple[bytes, Term], ...] = (
    (b"GIF8", Term("GIF 动图")),
    (b"BM", Term("BMP 图片")),
    (b"II*\x00", Term("TIFF 图片")),
    (b"MM\x00*", Term("TIFF 图片")),
    (b"8BPS", Term("Photoshop 文件")),
    (b"\xff\xfe\xff\x0eS\x00k\x00e\x00t\x00c\x00h\x00U\x00p", Term("SketchUp 模型")),
    (b"Rar!", Term("压缩包")),
    (b"7z\xbc\xaf", Term("压缩包")),
    (b"\x1f\x8b", Term("压缩包")),
    (b"BZh", Term("压缩包")),
    (b"\xfd7zXZ", Term("压缩包")),
    (b"\xd0\xcf\x11\xe0", Term("Office 文档")),
    (b"{\\rtf", Term("Office 文档")),
    (b"MZ", Term("程序")),
    (b"\x7fELF", Term("程序")),
    (b"#!", Term("脚本程序")),
    (b"<?php", Term("脚本程序")),
    (b"ID3", Term("音频")),
    (b"\x1aE\xdf\xa3", Term("视频")),
)
OFFICE_PART = re.compile(rb"\[Content_Types\]\.xml|word/|xl/|ppt/|mimetypeapplication/vnd")
MARKUP = re.compile(rb"<(?:!doctype\s+)?(?P<tag>html|head|body|script|svg|iframe|img|\?xml|!--)[\s>/:]", re.IGNORECASE)
TEXT_LIKE = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]+")


def foreign(head: bytes) -> Term | None:
    """What else it is, as a phrase that goes into a sentence; None when nobody knows."""
    for start, phrase in STARTS:
        if head.startswith(start):
            return phrase
    return _container(head) or _markup(head) or _text(head)


def _container(head: bytes) -> Term | None:
    if head.startswith(b"PK\x03\x04"):
        return Term("Office 文档") if OFFICE_PART.search(head) else Term("压缩包")
    if head[4:8] == b"ftyp":
        return Term("AVIF 图片") if b"avif" in head[8:64] else Term("视频")
    return Term("音频") if head.startswith(b"RIFF") and head[8:12] == b"WAVE" else None


def _markup(head: bytes) -> Term | None:
    found = MARKUP.search(head)
    if not found:
        return None
    if b"<svg" in head.lower():
        return Term("SVG 矢量图")
    return Term("XML 文档") if found["tag"].lower() == b"?xml" else Term("网页（HTML）")


def _text(head: bytes) -> Term | None:
    """Plain text in UTF-8; the head may end inside a character."""
    if not TEXT_LIKE.fullmatch(head):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return None
    return Term("纯文本")
