"""Money is whole fen, rounded half up and away from zero in one place, and can be written out in words (W1)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.money import fen_from_yuan, half_up, in_words, ratio_bp, round_to, share_bp, times, yuan


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("166.5", 167),
        ("-166.5", -167),
        ("166.4999999999", 166),
        ("0.5", 1),
        ("-0.5", -1),
        ("0", 0),
        ("-0.49", 0),
        ("2.5", 3),
    ],
)
def test_halves_go_away_from_zero(exact, rounded):
    assert half_up(Decimal(exact)) == rounded


@pytest.mark.parametrize(
    ("exact", "places", "rounded"),
    [
        ("0.035", 2, "0.04"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("2.675", 2, "2.68"),
        ("7", 2, "7.00"),
        ("0.5", 0, "1"),
    ],
)
def test_decimals_are_rounded_exactly_and_not_through_binary_fractions(exact, places, rounded):
    assert str(round_to(Decimal(exact), places)) == rounded


@given(st.fractions(min_value=-(10**15), max_value=10**15))
def test_rounding_is_never_off_by_more_than_half_and_mirrors_the_sign(exact):
    assert abs(half_up(exact) - exact) <= Fraction(1, 2)
    assert half_up(-exact) == -half_up(exact)
    if (exact * 2) % 2 == 1:
        assert abs(half_up(exact)) > abs(exact)


@pytest.mark.parametrize(
    ("quantity", "price_fen", "amount_fen"),
    [
        ("4.16", 25000, 104000),
        ("5.88", 5500, 32340),
        ("0.05", 10, 1),
        ("0.04", 10, 0),
        ("-38.40", 2800, -107520),
        ("-0.05", 10, -1),
    ],
)
def test_an_amount_is_quantity_times_price(quantity, price_fen, amount_fen):
    assert times(Decimal(quantity), price_fen) == amount_fen


def test_shares_and_ratios_are_in_hundredths_of_a_percent():
    assert share_bp(7220575, 800) == 577646
    assert share_bp(-107520, 800) == -8602  # −8601.6
    assert share_bp(5, 1000) == 1  # 0.5
    assert ratio_bp(304799, 7603769) == 401
    assert ratio_bp(-318361, 35225542) == -90


@pytest.mark.parametrize(
    ("amount", "fen"),
    [("85.60", 8560), ("85.6", 8560), ("85", 8500), ("0.01", 1), ("-3.20", -320), ("123456789012.34", 12345678901234)],
)
def test_yuan_become_fen(amount, fen):
    assert fen_from_yuan(amount) == fen


@pytest.mark.parametrize(
    "amount",
    ["", "-", ".", "1.", ".5", "1.005", "1e2", "1,000.00", "８５", "NaN", "Infinity", " 1", "1 ", "+1", "--1", "0x1"],
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError):
        fen_from_yuan(amount)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (7908568, "79,085.68"),
        (0, "0.00"),
        (5, "0.05"),
        (-107520, "-1,075.20"),
        (-5, "-0.05"),
        (100000000, "1,000,000.00"),
    ],
)
def test_yuan_are_shown_with_separators(fen, shown):
    assert yuan(fen) == shown


@given(st.integers(-(10**14), 10**14))
def test_what_is_shown_reads_back(fen):
    assert fen_from_yuan(yuan(fen).replace(",", "")) == fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (7908568, "柒万玖仟零捌拾伍元陆角捌分"),
        (1000500, "壹万零伍元整"),
        (2000005, "贰万元零伍分"),
        (34196730, "叁拾肆万壹仟玖佰陆拾柒元叁角"),
        (10000000, "壹拾万元整"),
        (10050000, "壹拾万零伍佰元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (0, "零元整"),
        (100, "壹元整"),
        (1000, "壹拾元整"),
        (1100, "壹拾壹元整"),
        (10100, "壹佰零壹元整"),
        (110000, "壹仟壹佰元整"),
        (100100, "壹仟零壹元整"),
        (1010000, "壹万零壹佰元整"),
        (11000000, "壹拾壹万元整"),
        (10000000000, "壹亿元整"),
        (10000000100, "壹亿零壹元整"),
        (10001000000, "壹亿零壹万元整"),
        (100000000005, "壹拾亿元零伍分"),
        (999999999999, "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_in_words(fen, words):
    assert in_words(fen) == words


def test_no_amount_in_words_is_negative():
    with pytest.raises(ValueError):
        in_words(-1)


@given(st.integers(0, 999_999_999_999))
def test_words_read_back_to_the_amount(fen):
    """Reading the words by their own rules gives the number again: no two amounts share their words."""
    assert _read(in_words(fen)) == fen


def _read(words: str) -> int:
    digits = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    cents = False
    for character in words.removesuffix("整"):
        if character in digits:
            digit = digits[character]
        elif character in units:
            section, digit = section + digit * units[character], 0
        elif character in ("万", "亿", "元"):
            section, digit = section + digit, 0
            total = (
                (total + section) * (10**8 if character == "亿" else 1)
                if character != "万"
                else total + section * 10**4
            )
            section = 0
            if character == "元":
                total, cents = total * 100, True
        elif character in ("角", "分"):
            total, digit = total + digit * (10 if character == "角" else 1), 0
    assert cents or total < 100
    return total
