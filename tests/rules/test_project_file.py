"""The reader of project files: what it accepts, what it warns of, what it never chokes on."""

import json
import re
import time
import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.project_file import (
    Fault,
    answer_accepted,
    answer_project,
    answer_refused,
    answer_revision,
    read,
    totals,
)
from portal.rules.project_file.keys import rows
from portal.rules.project_file.source import MAX_BYTES
from tests.rules.project_files import GONE, SAMPLES, faults_after, flat_alone, places, put, samples, written

FLAT, VILLA = samples()["projects"]


def test_the_samples_are_accepted_as_they_are():
    reading = read(SAMPLES)
    assert reading.accepted
    assert (reading.faults, reading.warnings) == ([], [])
    assert reading.document == samples()


@pytest.mark.parametrize(
    ("project", "name", "total", "lines"),
    [
        (FLAT, "estimate", 7603769, 115),
        (FLAT, "budget", 7908568, 117),
        (VILLA, "estimate", 34921811, 222),
        (VILLA, "budget", 35225542, 224),
    ],
)
def test_totals_are_computed_from_the_lines_and_agree_to_the_fen(project, name, total, lines):
    stated = project[name]["totals"]
    revision = {
        **project[name],
        "totals": {k: stated[k] for k in ("management_rate_bp", "discount_fen", "tax_rate_bp")},
    }
    found = totals(revision, building_area_m2=project["building_area_m2"])
    assert (found.total, found.lines) == (total, lines)
    assert (found.direct, found.management, found.taxable, found.tax, found.per_m2) == tuple(
        stated[key] for key in ("direct_fen", "management_fen", "taxable_fen", "tax_fen", "per_m2_fen")
    )
    assert found.by_group == {group: part["amount_fen"] for group, part in stated["by_group_fen"].items()}
    assert found.by_space == stated["by_space_fen"]


def test_a_total_is_not_a_copy_of_what_the_lines_say():
    revision = {
        "lines": [{"quantity": "0.35", "unit_price_fen": 10, "group": "CC", "space": "厅", "amount_fen": 999}],
        "totals": {"management_rate_bp": 1250, "discount_fen": 1, "tax_rate_bp": 5000},
    }
    found = totals(revision, building_area_m2=Decimal("2.00"))
    # 3.5 → 4; 12.5 % of 4 is 0.5 → 1; 4 + 1 − 1 = 4; half of it is 2; 6 ÷ 2 = 3
    assert (found.direct, found.management, found.taxable, found.tax, found.total, found.per_m2) == (4, 1, 4, 2, 6, 3)


def test_order_indentation_and_escapes_mean_nothing():
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(element) for element in value] if isinstance(value, list) else value

    assert read(json.dumps(turned(samples()), indent=7, ensure_ascii=True).encode()).accepted
    assert read(b" \r\n\t" + written(samples()) + b"\n ").accepted


# ── one mistake, one fault ──


def test_every_fault_is_listed_with_its_words():
    document = samples()
    put(document, "projects[0].budget.lines[0].amount_fen", 32341)
    put(document, "projects[1].customer.phone", "1")
    reading = read(written(document))
    assert reading.document is None
    assert Fault("projects[0].budget.lines[0].amount_fen", "is 32341, but 5.88 × 5500 is 32340") in reading.faults
    assert {fault.where for fault in reading.faults} >= {"projects[1].customer.phone"}


def test_a_wrong_amount_that_all_sums_include_is_one_fault():
    """Only the line is wrong; everything that is built on it is right."""
    document = samples()
    budget = document["projects"][0]["budget"]
    line, sums = budget["lines"][0], budget["totals"]
    line["amount_fen"] += 1
    sums["by_group_fen"]["CC"]["amount_fen"] += 1
    sums["by_space_fen"]["全屋"] += 1
    sums["direct_fen"] += 1
    sums["taxable_fen"] += 1
    budget["totals"]["discount_fen"] += 1
    sums["taxable_fen"] -= 1
    assert places(read(written(document))) == ["projects[0].budget.lines[0].amount_fen"]


def test_two_rooms_of_one_code():
    document = samples()
    rooms = document["projects"][0]["rooms"]
    rooms[1]["code"] = rooms[0]["code"]
    found = places(read(written(document)))
    assert "projects[0].rooms[1].code" in found
    assert all(
        re.fullmatch(r"projects\[0\]\.((estimate|budget)\.lines\[\d+\]\.terms\[\d+\]\.room|rooms\[1\]\.code)", p)
        for p in found
    )


def test_one_phone_per_name():
    document = samples()
    team = document["projects"][0]["team"]
    team.append({"role": "主任设计师", "name": team[2]["name"], "phone": "199 0000 0999"})
    assert places(read(written(document))) == ["projects[0].team[9].phone"]
    team[-1]["phone"] = team[2]["phone"]
    assert read(written(document)).accepted


def test_an_unreadable_team_is_one_fault_and_not_hundreds():
    assert faults_after(("F.team", None)) == ["projects[0].team"]
    assert faults_after(("F.team[2].name", 7)) == ["projects[0].team[2].name"]
    assert faults_after(("F.rooms", "none")) == ["projects[0].rooms"]
    assert faults_after(("F.schedule", [])) == ["projects[0].schedule"]
    assert faults_after(("F.payment_stages", [])) == ["projects[0].payment_stages"]


def test_what_the_portal_already_holds_is_a_fault():
    reading = read(SAMPLES, known_ids={"SAMPLE-FLAT-98"}, known_contract_nos=["示例合-2026-V001"])
    assert places(reading) == ["projects[0].id", "projects[1].contract.no"]


# ── unknown keys and the price book ──


def test_unknown_keys_are_warnings_with_their_places():
    document = samples()
    document["colour"] = {"deep": [1, 2.5]}
    document["projects"][1]["budget"]["lines"][3]["discount"] = None
    document["holidays_<year>"] = []
    reading = read(written(document))
    assert reading.accepted
    assert reading.warnings == [
        Fault("colour", "unknown key"),
        Fault("holidays_<year>", "unknown key"),
        Fault("projects[1].budget.lines[3].discount", "unknown key"),
    ]
    assert reading.document["colour"] == {"deep": [1, 2.5]}


def test_other_codes_and_prices_than_the_price_books_are_warnings():
    lines = [line for project in (FLAT, VILLA) for name in ("estimate", "budget") for line in project[name]["lines"]]
    lines += [line for project in (FLAT, VILLA) for order in project["change_orders"] for line in order["lines"]]
    book = {line["code"]: line["unit_price_fen"] for line in lines}
    assert read(SAMPLES, book).warnings == []
    first = FLAT["estimate"]["lines"][0]["code"]
    alone = read(SAMPLES, {**book, first: 1})
    assert alone.accepted
    assert alone.warnings[0] == Fault(
        "projects[0].estimate.lines[0].unit_price_fen", "is 5500, but the price book says 1"
    )
    assert read(SAMPLES, {**book, first: None}).warnings == []
    missing = read(SAMPLES, {code: price for code, price in book.items() if code != "MZ-011"}).warnings
    assert "projects[0].change_orders[1].lines[0].code" in [warning.where for warning in missing]


# ── the file as a whole ──

WHOLE = {
    "byte order mark": b"\xef\xbb\xbf" + SAMPLES,
    "UTF-16": SAMPLES.decode().encode("utf-16"),
    "GB 18030": SAMPLES.decode().encode("gb18030"),
    "overlong": b'{"a": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "nothing": b"",
    "white space": b"  \n",
    "array": b"[]",
    "string": b'"meta"',
    "two values": SAMPLES + b"{}",
    "cut off": SAMPLES[:-2],
    "comment": b'{"a": 1 /* one */}',
    "trailing comma": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "leading zero": b'{"a": 01}',
    "plus sign": b'{"a": +1}',
    "raw line feed": b'{"a": "x\ny"}',
    "form feed": b'{"a":\x0c1}',
    "no-break space": '{"a":\u00a01}'.encode(),
    "key twice": SAMPLES.replace(b'"meta"', b'"meta": {}, "meta"', 1),
    "key twice, once escaped": b'{"meta": 1, "\\u006deta": 2}',
    "deep key twice": b'{"a": [{"b": {"c": 1, "d": {"c": 1}, "c": 1}}]}',
    "33 levels": b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
    "16 digits": b'{"a": 1234567890123456}',
    "16 digits with a point": b'{"a": 1.234567890123456}',
    "too large": b" " * MAX_BYTES + b"{}",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_at_fault_as_a_whole(name):
    reading = read(WHOLE[name])
    assert places(reading) == ["$"]
    assert reading.document is None


def test_the_whole_files_fault_says_where_it_is():
    assert read(b'{\n  "a": 1,\n  "a": 2}').faults == [
        Fault("$", 'has the key "a" twice in one object (line 3, column 3)')
    ]
    assert read(b'{"a": \xff}').faults == [Fault("$", "is not UTF-8 (byte 6)")]
    assert "(line 2, column 7)" in read(b'{\n"abc" 1}').faults[0].what


def test_what_is_still_json_is_judged_key_by_key():
    """32 levels, 15 digits, braces and doubles inside strings: nothing is wrong with the file as a whole."""
    deep = b'{"a":' + b"[" * 31 + b"]" * 31 + b"}"
    for data in (
        deep,
        b'{"a": 123456789012345}',
        b'{"a": "{[\\"a\\":1,\\"a\\":1234567890123456789"}',
        b'{"a": {"a": 1}, "b": 1e999}',
    ):
        reading = read(data)
        assert places(reading) == ["companies", "meta", "projects"]
        assert {warning.where for warning in reading.warnings} <= {"a", "b"}


HOSTILE = {
    "open brackets": b"[" * MAX_BYTES,
    "closing brackets": b"]" * MAX_BYTES,
    "a long number": b'{"a":' + b"9" * (MAX_BYTES - 6) + b"}",
    "many empty objects": b'{"a":[' + b"{}," * 5_000_000 + b"{}]}",
    "many zeros": b'{"meta":{"holidays_2026":[' + b"0," * 8_000_000 + b"0]}}",
    "an open string": b'{"a":"' + b"x" * (MAX_BYTES - 6),
    "backslashes": b'{"a":"' + b"\\\\" * 8_000_000 + b'"}',
    "many short strings": b'{"meta":{"holidays_2026":[' + b'"2",' * 4_000_000 + b'"2"]}}',
    "faulty lines": b'{"projects":[' + b",".join([b'{"budget":{"lines":[' + b"{}," * 1999 + b"{}]}}"] * 200) + b"]}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_and_with_little_memory(name):
    data = HOSTILE[name]
    tracemalloc.start(1)
    began = time.process_time()
    reading = read(data)
    seconds, memory = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.faults
    assert len(reading.faults) <= 100_001
    assert seconds < 20  # tracing alone makes it several times slower
    assert memory < 300 * 1024 * 1024


@pytest.mark.slow
def test_a_file_of_the_largest_size_is_accepted_in_seconds():
    document = samples()
    flat = json.dumps(document["projects"][0], ensure_ascii=False, separators=(",", ":"))
    document["projects"] = []
    while len(document["projects"]) < 120:
        project = json.loads(flat)
        project["id"] = f"FLAT-{len(document['projects'])}"
        project["contract"]["no"] = project["id"]
        document["projects"].append(project)
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert 14 * 1024 * 1024 < len(data) <= MAX_BYTES
    began = time.process_time()
    assert read(data).accepted
    assert time.process_time() - began < 15


# ── nothing makes it raise ──

ODD = [None, True, 0, -1, 10**14, 0.5, "", " ", "x" * 5000, "\ud800", "0000-00-00", "9" * 15, [], {}, [[]], {"": 0}]


def _paths(value, path=""):
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
        yield here
        yield from _paths(inner, here)


PATHS = sorted(_paths(flat_alone()))


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(PATHS), value=st.sampled_from(ODD))
def test_any_value_anywhere_is_judged_and_never_chokes(path, value):
    document = flat_alone()
    put(document, path, value)
    reading = read(written(document))
    assert reading.accepted == (reading.document is not None)
    # an odd value of the right type (an empty note, a null) may pass; what is listed stands somewhere in the file
    for fault in reading.faults:
        assert fault.where.split(".")[0].split("[")[0] in ("meta", "companies", "projects")
    answer = json.dumps(answer_refused(reading.faults), ensure_ascii=False)
    assert answer.encode()


KEYS = [path for path in PATHS if not path.endswith("]") and ".quantity_params." not in path]
OPTIONAL = {row[0].replace("[]", "") for row in rows() if row[2] == "no"}


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(KEYS))
def test_a_key_taken_away_is_missed_unless_it_may_be_left_out(path):
    document = flat_alone()
    put(document, path, GONE)
    found = places(read(written(document)))
    assert found == [] if re.sub(r"\[\d+\]", "", path) in OPTIONAL else path in found


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise(data):
    assert read(data).faults


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(SAMPLES) - 3), junk=st.binary(min_size=1, max_size=4))
def test_truncations_and_garbage_never_raise(cut, junk):
    assert read(SAMPLES[:cut]).faults
    changed = bytearray(SAMPLES)
    changed[cut : cut + len(junk)] = junk
    reading = read(bytes(changed))
    assert reading.accepted == (not reading.faults)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["meta", "projects", "rooms", "status", "x"]), inner)
        ),
        max_leaves=30,
    )
)
def test_random_json_never_raises(value):
    assert read(json.dumps(value).encode()).faults


# ── answers ──


def test_the_answers_have_the_shapes_of_the_format():
    revision = answer_revision(kind="estimate", version="E1", number=1, total_fen=7603769, lines=115)
    accepted = answer_accepted([answer_project("SAMPLE-FLAT-98", [revision])], [Fault("colour", "unknown key")])
    assert json.loads(json.dumps(accepted)) == {
        "projects": [
            {
                "id": "SAMPLE-FLAT-98",
                "revisions": [{"kind": "estimate", "version": "E1", "number": 1, "total_fen": 7603769, "lines": 115}],
            }
        ],
        "warnings": [{"where": "colour", "what": "unknown key"}],
    }
    assert answer_refused([Fault("$", "is empty")]) == {"faults": [{"where": "$", "what": "is empty"}]}
