"""A name stays readable and can do no harm."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.storage import safe_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("平面布置图 P-04.pdf", "平面布置图 P-04.pdf"),
        ("C:\\Users\\王\\桌面\\天花图.dwg", "天花图.dwg"),
        ("../../../etc/passwd", "passwd"),
        ("/绝对/路径.pdf", "路径.pdf"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (None, "file"),
        ("a/", "file"),
        ("图\x00纸.pdf", "图纸.pdf"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("隐\u200b藏\u2066名\ufeff.pdf", "隐藏名.pdf"),
        ("两行\r\nSet-Cookie: x.pdf", "两行 Set-Cookie: x.pdf"),
        ("  空格\t名 .pdf  ", "空格 名 .pdf"),
        ("表情🏠.jpg", "表情🏠.jpg"),
        (".htaccess", "htaccess"),
        ("坏\ud800字.pdf", "坏字.pdf"),
    ],
)
def test_names(given_name, shown):
    assert safe_name(given_name) == shown


def test_a_long_name_is_cut_between_characters_and_keeps_its_extension():
    shown = safe_name("图" * 300 + ".pdf")
    assert len(shown.encode()) <= 255
    assert shown.endswith("图.pdf")
    assert len(safe_name("x" * 300 + "." + "y" * 300).encode()) == 255


@given(st.text(max_size=400))
def test_no_name_is_dangerous(given_name):
    shown = safe_name(given_name)
    assert 0 < len(shown.encode()) <= 255
    assert not set(shown) & set("/\\")
    assert shown not in (".", "..")
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in shown)
    assert safe_name(shown) == shown
