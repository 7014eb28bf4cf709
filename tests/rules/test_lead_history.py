"""`portal leads replay` without its shell: the histories of lead_histories.py, and every way to be a bad one."""

from __future__ import annotations

import json
import random
import time
from datetime import datetime

import pytest

from portal.rules.lead_history import BadHistory, parse, replay
from tests.rules.lead_histories import CASES, FLAT, Case, deposit, look, many, measured, moment, registered, ruled, updated


def told(events, policy=None, ahead=None):
    data = json.dumps({"policy": policy or {}, "events": events}).encode()
    return replay(parse(data, None if ahead is None else json.dumps(ahead).encode()))


def faults(events, policy=None, ahead=None):
    with pytest.raises(BadHistory) as refused:
        told(events, policy, ahead)
    return refused.value.faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_history(case: Case):
    leads = told(case.events, case.policy)["looks"][-1]["leads"]
    for lead, (state, reason, credit_to, due) in case.expected.items():
        found = leads[lead]
        assert (found["state"], found["reason"], found["credit_to"]) == (state, reason, credit_to)
        assert found["due"] == (f"2026-{due}T00:00:00+08:00" if due else None)
        assert found["protected"] is (state in ("protected", "overdue"))
        assert case.rules.get(lead, found["trace"][-1]["rule"]) in [step["rule"] for step in found["trace"]]


def test_the_example_of_the_format():
    events = [
        registered("02 09:00"), updated("04 10:00"), measured("10 15:00"), deposit("12 15:00"), look("20 00:00"),
    ]  # fmt: skip
    answer = told(events, {"lead.own.update_days": 3})
    assert [seen["at"] for seen in answer["looks"]] == ["2026-03-20T00:00:00+08:00"]
    lead = answer["looks"][0]["leads"]["L1"]
    assert set(lead) == {"state", "reason", "protected", "credit_to", "due", "trace"}
    assert (lead["state"], lead["credit_to"]) == ("deal", "A")  # silent for 8 days: since the update of the 4th
    kept = lead["trace"][-1]
    assert kept["rule"] == "R005"
    assert (kept["facts"]["silent_days"], kept["facts"]["allowed"]) == (8, 10)
    assert "{" not in kept["says"]


def test_every_look_shows_the_leads_registered_by_then():
    later = registered("04 09:00", "L2", phone="19900000009", flat=FLAT | {"room": "9"})
    looks = told([look("01 09:00"), registered("02 09:00"), look("02 09:00"), later, look("06 00:00")])["looks"]
    assert [sorted(seen["leads"]) for seen in looks] == [[], ["L1"], ["L1", "L2"]]
    assert [seen["leads"].get("L1", {}).get("state") for seen in looks] == [None, "protected", "overdue"]


def test_without_a_look_there_is_one_at_the_last_event():
    assert [seen["at"] for seen in told([registered("02 09:00")])["looks"]] == ["2026-03-02T09:00:00+08:00"]
    assert told([]) == {"looks": []}


def test_the_answer_is_json_with_local_moments():
    other_zone = registered("02 09:00") | {"at": "2026-03-01T20:00:00-05:00"}
    seen = json.loads(json.dumps(told([other_zone])))["looks"][0]
    assert seen["at"] == "2026-03-02T09:00:00+08:00"
    assert seen["leads"]["L1"]["due"] == "2026-03-06T00:00:00+08:00"


def test_a_policy_file_wins_key_by_key():
    events = [registered("02 09:00"), look("07 00:00")]
    own = {"lead.own.update_days": 3, "lead.own.lapse_days": 4}
    seen = told(events, own, {"lead.own.update_days": 5})["looks"][0]["leads"]["L1"]
    assert (seen["state"], seen["due"]) == ("lapsed", None)  # the history's own 4 days still hold
    seen = told(events, own, {"lead.own.update_days": 5, "lead.own.lapse_days": 15})["looks"][0]["leads"]["L1"]
    assert (seen["state"], seen["due"]) == ("protected", "2026-03-08T00:00:00+08:00")


@pytest.mark.parametrize("event, what", [
    ({"at": moment("02 09:00"), "type": "called"}, "unknown"),
    ({"at": moment("02 09:00")}, "`type` is missing"),
    ({"at": moment("02 09:00"), "type": ["look"]}, "unknown"),
    (registered("02 09:00", role="designer"), "`role` is unknown"),
    (registered("02 09:00", role=None), "`role` is missing"),
    (registered("02 09:00", by=" "), "`by` is missing"),
    (registered("02 09:00") | {"phone": 19900000001}, "`phone` is no text"),
    (registered("02 09:00") | {"name": "\ud800"}, "`name` is no text"),
    ({"type": "look"}, "`at` is missing"),
    ({"type": "look", "at": "2026-03-02T09:00:00"}, "no offset"),
    ({"type": "look", "at": "2026-03-02"}, "no offset"),
    ({"type": "look", "at": "yesterday"}, "no moment"),
    ({"type": "look", "at": "2026-02-30T09:00:00+08:00"}, "no moment"),
    ({"type": "look", "at": "0001-01-01T00:00:00+08:00"}, "years"),
    ({"type": "look", "at": "9999-12-31T23:59:59-12:00"}, "years"),
    ({"type": "look", "at": 20260302}, "no text"),
    (updated("02 09:00", lead="L9"), "not registered"),
    (measured("02 09:00", lead="L9"), "not registered"),
    (ruled("02 09:00", "A", lead="L9"), "not registered"),
    (deposit("02 09:00", lead="L9"), "not registered"),
    (deposit("02 09:00", by=""), "`by` is missing"),
    ({"at": moment("02 09:00"), "type": "deposit", "by": "B"}, "names nobody"),
    ({"at": moment("02 09:00"), "type": "contract", "by": "B", "phone": " - ", "lead": " "}, "names nobody"),
    (deposit("02 09:00", community="云杉里", building="3", unit="2"), "names nobody"),
    (updated("02 09:00", lead="L0") | {"next_step": " "}, "`next_step` is missing"),
    (ruled("02 09:00", "A", lead="L0") | {"reason": ""}, "`reason` is missing"),
    (ruled("02 09:00", "", lead="L0"), "`credit_to` is missing"),
    ({"at": moment("02 09:00"), "type": "extended", "lead": "L0", "until": "2026-03-31"}, "`reason` is missing"),
    ({"at": moment("02 09:00"), "type": "extended", "lead": "L0", "until": "31.3.", "reason": "x"}, "`until` is no day"),
    ({"at": moment("02 09:00"), "type": "extended", "lead": "L0", "reason": "x"}, "`until` is missing"),
    ({"at": moment("02 09:00"), "type": "measured"}, "`lead` is missing"),
    (registered("02 09:00", "L0"), "registered twice"),
    (look("01 08:59:59"), "back in time"),
    ([], "not an object"),
])  # fmt: skip
def test_a_bad_event_is_named_with_its_number(event, what):
    first = registered("01 09:00", "L0", phone="19900000008", flat=FLAT | {"room": "8"})
    found = faults([first, event])
    assert [(fault["event"], fault["where"]) for fault in found] == [(2, "events[1]")] * len(found)
    assert any(what in fault["what"] for fault in found), found


def test_all_faults_are_listed_not_only_the_first():
    found = faults([{"type": "look"}, registered("02 09:00", role="x"), updated("01 09:00"), measured("03 09:00", "L9")],
                   {"lead.own.colour": 1, "lead.own.update_days": -1})  # fmt: skip
    assert [fault.get("event") for fault in found] == [None, None, 1, 2, 3, 4]
    assert "back in time" in found[4]["what"]
    assert "not registered" in found[5]["what"]  # L1 of the second event is not reported: its registration was seen


@pytest.mark.parametrize("settings", [
    {"lead.own.update_days": 3.0}, {"lead.own.update_days": True}, {"lead.own.update_days": None},
    {"lead.own.update_days": "3"}, {"lead.own.takeover_days": -1}, {"lead.own.lapse_days": 10**9},
    {"lead.own.monthly_quota.salesperson": 2.5}, {"lead.own.quota_refill_on_deal": 1},
    {"lead.own.lapse_applies_to": "salesperson"}, {"lead.own.lapse_applies_to": ["designer"]},
    {"update_days": 3}, {"lead.partner.advance_days": 1},
])  # fmt: skip
def test_a_bad_policy_is_refused(settings):
    assert len(faults([], settings)) == 1
    assert len(faults([], {}, ahead=settings)) == 1


@pytest.mark.parametrize("data", [
    b"", b"{", b"[]", b"null", b"7", b'{"events": [}', b'{"events": {}}', b"{}", b'{"events": NaN}', b"\xff\xfe",
    b'{"events": [], "events": []}', b'{"policy": [], "events": []}', b'{"events":' + b"[" * 100_000,
    b'{"events": [{"at": ' + b"9" * 5000 + b"}]}",
])  # fmt: skip
def test_what_is_no_history_is_refused(data):
    with pytest.raises(BadHistory) as refused:
        parse(data)
    assert refused.value.faults
    with pytest.raises(BadHistory):
        parse(b'{"events": []}', data if data != b"{}" else b"")


def test_random_histories_keep_their_promises():
    """Whatever happens: one live lead per customer, credit and due only where they may be."""
    chance = random.Random(20260302)
    for _ in range(150):
        for seen in told(_random_events(chance))["looks"]:
            _check(seen["leads"])


def _random_events(chance):
    events, leads = [], []
    for minute in sorted(chance.sample(range(31 * 1440), 60)):
        at = f"{minute // 1440 + 1:02d} {minute // 60 % 24:02d}:{minute % 60:02d}"
        who, lead = chance.choice("ABC"), chance.choice(leads or [""])
        kind = chance.choice(["register"] * 4 + (["update", "measure", "deal", "rule", "phone", "look"] if leads else []))
        if kind == "register":
            leads.append(f"L{len(leads)}")
            flat = FLAT | {"room": chance.choice("12")}
            events.append(registered(at, leads[-1], who, phone=chance.choice(["1", "2", "3"]), flat=flat))
        else:
            events.append({
                "update": updated(at, lead, who), "measure": measured(at, lead), "deal": deposit(at, who, lead),
                "rule": ruled(at, who, lead), "phone": deposit(at, who, phone=chance.choice("123")), "look": look(at),
            }[kind])  # fmt: skip
    return [*events, look("04-01 00:00")]


def _check(leads):
    for lead in leads.values():
        assert lead["protected"] is (lead["state"] in ("protected", "overdue"))
        assert (lead["due"] is None) is not lead["protected"]
        assert (lead["reason"] == "ok") is (lead["state"] != "invalid")
        if lead["due"]:
            assert datetime.fromisoformat(lead["due"]).hour == 0
        assert lead["trace"]


def test_a_long_history_is_told_quickly():
    events = many(6000, role="showroom_guide")
    events += [updated("03 09:00", f"M{number}") for number in range(6000)]
    events += [registered("04 09:00", f"D{number}", "B", phone="19900010000") for number in range(3000)]
    started = time.perf_counter()
    answer = told(events)
    assert time.perf_counter() - started < 5
    assert len(answer["looks"][0]["leads"]) == 9000
