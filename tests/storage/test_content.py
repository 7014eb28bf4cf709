"""The content decides, the name only promises."""

import io

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from portal.storage import PHOTOS, Kind, Refused, dwg_version, recognise

register_heif_opener()
DXF = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n"
DWG = b"AC1032\x00\x00\x00\x00\x00\x00" + bytes(100)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html>\n<html><script>alert(1)</script></html>"


def picture(form, **options):
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "navy").save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (PDF, "平面布置图.pdf", Kind.PDF, "application/pdf"),
        (b"\xef\xbb\xbf\r\n" + PDF, "scan.PDF", Kind.PDF, "application/pdf"),
        (DXF, "p.dxf", Kind.DXF, "image/vnd.dxf"),
        (b"999\nmade by AutoCAD\n0\nSECTION\n2\nENTITIES\n", "p.dxf", Kind.DXF, "image/vnd.dxf"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00\x00SECTION\x00", "p.dxf", Kind.DXF, "image/vnd.dxf"),
        (DWG, "p.dwg", Kind.DWG, "image/vnd.dwg"),
        (picture("PNG"), "a.png", Kind.PNG, "image/png"),
        (picture("JPEG"), "a.jpeg", Kind.JPEG, "image/jpeg"),
        (picture("WEBP"), "a.webp", Kind.WEBP, "image/webp"),
        (picture("HEIF"), "IMG_0001.HEIC", Kind.HEIC, "image/heic"),
        (picture("HEIF"), "IMG_0001.heif", Kind.HEIC, "image/heic"),
        (picture("PNG"), "wechat_image", Kind.PNG, "image/png"),
        (picture("HEIF"), "sent_by_wechat.jpg", Kind.HEIC, "image/heic"),
    ],
)
def test_accepted_contents(tmp_path, content, name, kind, media_type):
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert recognise(content, name) is kind
    assert recognise(path, name) is kind
    assert kind.media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (SVG, "plan.png", "SVG"),
        (b"<svg onload=alert(1)>", "plan.jpg", "SVG"),
        (HTML, "plan.pdf", "网页"),
        (b"\n\n  <script>alert(1)</script>", "photo.jpg", "网页"),
        (b"<!-- %PDF-1.7 --><html>", "plan.pdf", "网页"),
        (b'<?xml version="1.0"?><Workbook>', "plan.dxf", "XML"),
        (b"#!/bin/sh\nrm -rf /\n", "plan.dxf", "脚本"),
        (b"<?php system($_GET[0]); ?>", "photo.jpg", "脚本"),
        (b"MZ\x90\x00\x03", "plan.dwg", "程序"),
        (b"\x7fELF\x02", "plan.dwg", "程序"),
        (b"PK\x03\x04\x14\x00\x00\x00", "plan.dwg", "压缩包"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "plan.pdf", "Office"),
        (b"Rar!\x1a\x07\x00", "set.pdf", "压缩包"),
        (b"GIF89a\x01\x00", "photo.png", "GIF"),
        (b"II*\x00\x08\x00", "photo.png", "TIFF"),
        (b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00mif1avif", "photo.heic", "AVIF"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", "photo.heic", "视频"),
        ("尺寸见附件".encode(), "plan.dxf", "纯文本"),
    ],
)
def test_a_disguise_is_named_and_the_accepted_are_listed(content, name, says):
    with pytest.raises(Refused) as refused:
        recognise(content, name)
    assert refused.value.code == "not_accepted"
    assert says in str(refused.value)
    assert "PDF / DXF / DWG / PNG / JPG / HEIC / WebP" in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [b"\x00" * 5000, b"AC1032", b"AC10 plain words", b"\x89PNG\r\n\x1a\n", b"\x93\x12\xff\x00", b"RIFF....AVI "],
)
def test_what_nobody_knows_is_refused_too(content):
    with pytest.raises(Refused) as refused:
        recognise(content, "plan.dwg")
    assert refused.value.code == "not_accepted"


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "x").touch()
    for content in (b"", tmp_path / "x"):
        with pytest.raises(Refused) as refused:
            recognise(content, "plan.pdf")
        assert refused.value.code == "empty"


@pytest.mark.parametrize(
    ("content", "name", "extension", "what"),
    [
        (PDF, "plan.dwg", ".dwg", "PDF"),
        (DWG, "plan.pdf", ".pdf", "DWG"),
        (DXF, "plan.dwg", ".dwg", "DXF"),
        (picture("PNG"), "plan.pdf", ".pdf", "PNG"),
        (picture("JPEG"), "photo.exe", ".exe", "JPG"),
        (PDF, "plan.pdf.html", ".html", "PDF"),
    ],
)
def test_a_good_content_under_a_false_name_is_explained(content, name, extension, what):
    with pytest.raises(Refused) as refused:
        recognise(content, name)
    assert refused.value.code == "wrong_name"
    assert extension in str(refused.value)
    assert what in str(refused.value)


def test_where_photos_are_asked_for_a_drawing_is_refused():
    with pytest.raises(Refused) as refused:
        recognise(PDF, "plan.pdf", accept=PHOTOS)
    assert "PDF" in str(refused.value)
    assert "PNG / JPG / HEIC / WebP" in str(refused.value)
    assert "DWG" not in str(refused.value)
    assert recognise(picture("HEIF"), "x.heic", accept=PHOTOS) is Kind.HEIC


def test_the_release_of_a_dwg():
    assert dwg_version(DWG) == "2018 (AC1032)"
    assert dwg_version(b"AC1099\x00") == "AC1099"


def test_a_refusal_survives_being_written_down_and_is_translated():
    with pytest.raises(Refused) as refused:
        recognise(HTML, "plan.pdf")
    kept = Refused.from_record(refused.value.as_record())
    assert str(kept) == str(refused.value)
    english = {"网页（HTML）": "web page", refused.value.words: "It is a {what}: {accepted}"}
    assert kept.in_words(english.__getitem__).startswith("It is a web page: PDF")
