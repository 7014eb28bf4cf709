"""When two spellings are one phone or one flat, and which text is taken (lead-history readings, R003)."""

import pytest

from portal.phones import phone_e164
from portal.rules.contact import address_key, clean_text, fold, phone_key
from portal.rules.words import Refused


@pytest.mark.parametrize("text", [
    "13800000001", "138 0000 0001", "138-0000-0001", "+86 13800000001", "+8613800000001", "008613800000001",
    "8613800000001", "１３８ ００００－０００１", "＋８６ 138００００0001", "138—0000—0001", "\u3000138\u00a00000 0001\n",
])  # fmt: skip
def test_one_phone(text):
    assert phone_key(text) == "13800000001"


@pytest.mark.parametrize("text, key", [
    ("8613800000001", "13800000001"),
    ("86138000000", "86138000000"),       # 86 leaves 9 digits: it belongs to the number
    ("862161234567", "862161234567"),     # 10 digits after 86
    ("+1 650 253 0000", "+16502530000"),
    ("0086 1380000000", "00861380000000"),
    ("", ""), (None, ""), (" - – ", ""),
])  # fmt: skip
def test_what_belongs_to_a_phone(text, key):
    assert phone_key(text) == key


HOME = address_key("云杉里", "3", "2", "1201")


@pytest.mark.parametrize("parts", [
    ("云杉里", "3栋", "2单元", "1201室"), ("云杉里", "3幢", "2", "1201"), ("云 杉里", "3号楼", "2 单元", " 1201 室"),
    ("云杉里", "３", "２", "１２０１"), ("云杉里\u3000", "3 栋", "2", "12 01"),
])  # fmt: skip
def test_one_flat(parts):
    assert address_key(*parts) == HOME


@pytest.mark.parametrize("parts", [
    ("云杉里", "3座", "2", "1201"), ("云杉里", "3栋栋", "2", "1201"), ("云杉里", "3号", "2", "1201"),
    ("云杉里小区", "3", "2", "1201"), ("云杉里", "三", "2", "1201"), ("云杉里", "3", "2门", "1201"),
    ("云杉里", "3", "2", "1201房"), ("云杉里", "32", "1", "201"), ("云杉里3", "2", "2", "1201"), ("云杉里", "3", "21", "201"),
])  # fmt: skip
def test_nothing_else_makes_two_spellings_equal(parts):
    assert address_key(*parts) != HOME


def test_letters_keep_their_case():
    assert address_key("云杉里", "A", "1", "1") != address_key("云杉里", "a", "1", "1")
    assert address_key("云杉里", "Ａ栋", "1", "1") == address_key("云杉里", "A", "1", "1")


@pytest.mark.parametrize("missing", range(4))
def test_an_incomplete_address_is_none(missing):
    parts = ["云杉里", "3", "2", "1201"]
    parts[missing] = " \u3000"
    assert address_key(*parts) == ""


def test_folding_touches_full_width_signs_only():
    assert fold("Ａｚ０９！～　㎡①王") == "Az09!~ ㎡①王"


@pytest.mark.parametrize("text", ["a\0b", "a\x07", "a\u202eb", "\u2066x", "a\x1b[0m", "\ud800", "a\nb", "x" * 11])
def test_text_that_is_not_taken(text):
    with pytest.raises(Refused) as refused:
        clean_text(text, 10)
    assert refused.value.reason.in_words()


def test_text_that_is_taken():
    assert clean_text("  王女士 😀 ", 10) == "王女士 😀"
    assert clean_text("一\r\n二\n", 10, lines=True) == "一\n二"
    assert clean_text("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("text, number", [
    ("138 0013 8000", "+8613800138000"), ("１９９０００００００", None), ("１９９ ００００ ０００１", "+8619900000001"),
    ("+86 19900000001", "+8619900000001"), ("0086-138-0013-8000", "+8613800138000"), ("8613800138000", "+8613800138000"),
    ("021-6123 4567", "+862161234567"), ("（021）61234567", "+862161234567"),
    ("+1 (650) 253-0000", "+16502530000"), ("00852 6123 4567", "+85261234567"), ("+44 20 7946 0958", "+442079460958"),
    ("12800138000", None), ("1380013800", None), ("138001380001", None), ("", None), ("   ", None), ("abc", None),
    ("１3800138000;", None), ("+999 123456", None), ("138 0013 8000 转 2", None), ("1" * 500, None), ("\0", None),
])  # fmt: skip
def test_a_phone_as_people_type_it(text, number):
    if number:
        assert phone_e164(text) == number
        return
    with pytest.raises(Refused) as refused:
        phone_e164(text)
    assert refused.value.field == "phone"
