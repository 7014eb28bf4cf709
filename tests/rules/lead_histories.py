"""Lead histories in short, and what must come out, derived by hand from the rules and never by running them.

`"02 09:00"` is a moment of March 2026 in local time; other months are written `"04-01 00:00"`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FLAT = {"community": "云杉里", "building": "3", "unit": "2", "room": "1201"}
OTHER_FLAT = FLAT | {"building": "5"}
PHONE, OTHER_PHONE = "19900000001", "19900000002"


@dataclass(frozen=True)
class Case:
    """Expected: lead → (state, reason, credit_to, due); `rules`: lead → rules that its trace must name."""

    name: str
    events: list[dict[str, Any]]
    expected: dict[str, tuple[str, str, str | None, str | None]]
    rules: dict[str, str] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)


def moment(short: str) -> str:
    day, _, hour = short.partition(" ")
    day = day if "-" in day else f"03-{day}"
    return f"2026-{day}T{hour + ':00' if hour.count(':') == 1 else hour}+08:00"


def registered(at, lead="L1", by="A", role="salesperson", phone=PHONE, flat=None, name="王女士", **more):
    customer = {"name": name, "phone": phone} | (FLAT if flat is None else flat)
    return {"at": moment(at), "type": "registered", "lead": lead, "by": by, "role": role} | customer | more


def updated(at, lead="L1", by="A"):
    return {"at": moment(at), "type": "updated", "lead": lead, "by": by, "next_step": "周五量房"}


def measured(at, lead="L1"):
    return {"at": moment(at), "type": "measured", "lead": lead}


def deposit(at, by="B", lead="L1", kind="deposit", **customer):
    return {"at": moment(at), "type": kind, "by": by} | (customer or {"lead": lead})


def contract(at, by="B", lead="L1", **customer):
    return deposit(at, by, lead, "contract", **customer)


def extended(at, until, lead="L1"):
    return {"at": moment(at), "type": "extended", "lead": lead, "until": until, "by": "H", "reason": "客户出差"}


def ruled(at, credit_to, lead="L1"):
    return {"at": moment(at), "type": "ruled", "lead": lead, "credit_to": credit_to, "by": "H", "reason": "客户由其介绍"}


def look(at):
    return {"at": moment(at), "type": "look"}


def many(count, first="02 09:00", by="A", role="salesperson", start=0):
    """`count` registrations of as many customers, leads M0, M1 …"""
    return [
        registered(first, f"M{number}", by, role, phone=f"1990001{number:04d}", flat=FLAT | {"room": f"x{number}"})
        for number in range(start, start + count)
    ]


def protected(due, credit="A"):
    return "protected", "ok", credit, due


def overdue(due, credit="A"):
    return "overdue", "ok", credit, due


LAPSED = ("lapsed", "ok", None, None)
AFTER_DEAL = ("invalid", "after_deal", None, None)
DUPLICATE = ("invalid", "duplicate", None, None)
OVER_QUOTA = ("invalid", "over_quota", None, None)
MISSING = ("invalid", "missing_field", None, None)


def deal(credit="A"):
    return "deal", "ok", credit, None


def overtaken(credit="B"):
    return "overtaken", "ok", credit, None


NO_LAPSE = {"lead.own.lapse_applies_to": []}

CASES = [
    # ── R001: before the deal ──
    Case("R001 registered a second after the deposit: after deal",
         [deposit("05 10:00:00", by="S", phone=PHONE), registered("05 10:00:01")],
         {"L1": AFTER_DEAL}, {"L1": "R001"}),
    Case("R001 registered a second before the deposit: valid, and the deal is his",
         [registered("05 09:59:59"), deposit("05 10:00:00", by="A", phone=PHONE)],
         {"L1": deal()}),
    Case("R001 same moment: the order of the file decides, deal first",
         [deposit("05 10:00", by="S", phone=PHONE), registered("05 10:00")],
         {"L1": AFTER_DEAL}),
    Case("R001 same moment: the order of the file decides, registration first",
         [registered("05 10:00"), deposit("05 10:00", by="A", phone=PHONE), look("05 10:00")],
         {"L1": deal()}),
    Case("R001 a contract is a deal as much as a deposit",
         [contract("05 10:00", by="S", phone=PHONE), registered("06 10:00")],
         {"L1": AFTER_DEAL}),
    Case("R001 a deal named by address alone closes the flat, whatever the phone",
         [deposit("05 10:00", by="S", **FLAT), registered("06 10:00")],
         {"L1": AFTER_DEAL}),
    Case("R001 a deal named by address leaves another flat open",
         [deposit("05 10:00", by="S", **FLAT), registered("06 10:00", flat=OTHER_FLAT)],
         {"L1": protected("03-10")}),
    # ── R002: three elements, the address in four parts ──
    Case("R002 no room number: missing field",
         [registered("02 09:00", room="")], {"L1": MISSING}, {"L1": "R002"}),
    Case("R002 spaces only, also wide ones, are missing",
         [registered("02 09:00", name=" \u3000 ")], {"L1": MISSING}),
    Case("R002 only a district name is no detailed address",
         [registered("02 09:00", flat={"community": "城东"})], {"L1": MISSING}),
    Case("R002 no phone: missing field, before anything else",
         [deposit("01 09:00", by="S", **FLAT), registered("02 09:00", phone="")], {"L1": MISSING}),
    Case("R002 an invalid registration keeps nobody else away",
         [registered("02 09:00", "L1", room=""), registered("02 10:00", "L2", by="B")],
         {"L1": MISSING, "L2": protected("03-06", "B")}),
    # ── R003: first wins ──
    Case("R003 the same phone five minutes later: duplicate",
         [registered("02 09:00"), registered("02 09:05", "L2", "B", flat=OTHER_FLAT)],
         {"L1": protected("03-06"), "L2": DUPLICATE}, {"L2": "R003"}),
    Case("R003 the same flat under another phone: duplicate",
         [registered("02 09:00"), registered("02 09:05", "L2", "B", phone=OTHER_PHONE)],
         {"L1": protected("03-06"), "L2": DUPLICATE}),
    Case("R003 another phone and another flat: both valid",
         [registered("02 09:00"), registered("02 09:05", "L2", "B", phone=OTHER_PHONE, flat=OTHER_FLAT)],
         {"L1": protected("03-06"), "L2": protected("03-06", "B")}),
    Case("R003 his own second registration is a duplicate too",
         [registered("02 09:00"), registered("02 09:05", "L2")],
         {"L1": protected("03-06"), "L2": DUPLICATE}),
    Case("R003 the same phone written with +86, wide digits, spaces and dashes",
         [registered("02 09:00"), registered("02 09:05", "L2", "B", phone="+86 １９９-0000 0001", flat=OTHER_FLAT)],
         {"L1": protected("03-06"), "L2": DUPLICATE}),
    Case("R003 the same flat written 3号楼 2 单元 1201室",
         [registered("02 09:00"),
          registered("02 09:05", "L2", "B", phone=OTHER_PHONE,
                     flat={"community": "云 杉里", "building": "３号楼", "unit": "2 单元", "room": "１２０１室"})],
         {"L1": protected("03-06"), "L2": DUPLICATE}),
    Case("R003 3栋 and 3幢 are one building, 3座 is another spelling",
         [registered("02 09:00", flat=FLAT | {"building": "3栋"}),
          registered("02 09:05", "L2", "B", phone=OTHER_PHONE, flat=FLAT | {"building": "3幢"}),
          registered("02 09:06", "L3", "B", phone="19900000003", flat=FLAT | {"building": "3座"})],
         {"L1": protected("03-06"), "L2": DUPLICATE, "L3": protected("03-06", "B")}),
    Case("R003 parts are compared one by one: 1-11-1 is not 11-1-1",
         [registered("02 09:00", flat=FLAT | {"building": "1", "unit": "11", "room": "1"}),
          registered("02 09:05", "L2", "B", phone=OTHER_PHONE, flat=FLAT | {"building": "11", "unit": "1", "room": "1"})],
         {"L1": protected("03-06"), "L2": protected("03-06", "B")}),
    Case("R003 after the lapse another becomes the protected registrant",
         [registered("02 09:00"), registered("18 00:00", "L2", "B")],
         {"L1": LAPSED, "L2": protected("03-22", "B")}),
    Case("R003 a second before the lapse it is still a duplicate, and stays one",
         [registered("02 09:00"), registered("17 23:59:59", "L2", "B"), look("19 00:00")],
         {"L1": LAPSED, "L2": DUPLICATE}),
    Case("R003 after a lapse the former registrant may register anew",
         [registered("02 09:00"), registered("18 08:00", "L2", "A")],
         {"L1": LAPSED, "L2": protected("03-22")}),
    Case("R003 a duplicate of a duplicate: only the live one counts",
         [registered("02 09:00"), registered("02 10:00", "L2", "B", flat=OTHER_FLAT),
          registered("02 11:00", "L3", "C", phone=OTHER_PHONE, flat=OTHER_FLAT)],
         {"L1": protected("03-06"), "L2": DUPLICATE, "L3": protected("03-06", "C")}),
    # ── R004: an update every three days ──
    Case("R004 on the last second of day 3: protected",
         [registered("02 09:00"), look("05 23:59:59")], {"L1": protected("03-06")}, {"L1": "R004"}),
    Case("R004 from day 4, 00:00: overdue, yet still protected",
         [registered("02 09:00"), look("06 00:00")], {"L1": overdue("03-06")}, {"L1": "R004"}),
    Case("R004 updated on day 3: the next is due three days later",
         [registered("02 09:00"), updated("05 18:00"), look("06 00:00")], {"L1": protected("03-09")}),
    Case("R004 a late update makes it protected again",
         [registered("02 09:00"), updated("07 18:00"), look("08 00:00")], {"L1": protected("03-11")}),
    Case("R004 a colleague's update counts for nothing",
         [registered("02 09:00"), updated("05 18:00", by="B"), look("06 00:00")], {"L1": overdue("03-06")}),
    Case("R004 measuring is no follow-up",
         [registered("02 09:00"), measured("05 18:00"), look("06 00:00")], {"L1": overdue("03-06")}),
    Case("R004 an extension is no follow-up",
         [registered("02 09:00"), extended("05 18:00", "2026-03-31"), look("06 00:00")], {"L1": overdue("03-06")}),
    Case("R004 five days by the company's own number",
         [registered("02 09:00"), look("07 23:59:59")], {"L1": protected("03-08")},
         policy={"lead.own.update_days": 5}),
    Case("R004 days are those of Shanghai: 16:30Z on the 2nd is already the 3rd",
         [registered("02 09:00") | {"at": "2026-03-02T16:30:00+00:00"}, look("06 12:00")], {"L1": protected("03-07")}),
    # ── R005: ten silent days ──
    Case("R005 ten silent days are forgiven: the credit stays",
         [registered("02 09:00"), deposit("12 23:59:59")], {"L1": deal()}, {"L1": "R005"}),
    Case("R005 eleven are not: the colleague has it",
         [registered("02 09:00"), deposit("13 00:00")], {"L1": overtaken()}, {"L1": "R005"}),
    Case("R005 counted from the last follow-up, not from the registration",
         [registered("02 09:00"), updated("05 09:00"), deposit("15 20:00")], {"L1": deal()}),
    Case("R005 a colleague's update does not break the silence",
         [registered("02 09:00"), updated("05 09:00", by="B"), deposit("13 20:00")], {"L1": overtaken()}),
    Case("R005 measuring does not break the silence",
         [registered("02 09:00"), measured("10 15:00"), deposit("13 09:00")], {"L1": overtaken()}),
    Case("R005 his own deposit is his deal after any silence",
         [registered("02 09:00"), deposit("17 09:00", by="A")], {"L1": deal()}),
    Case("R005 a contract is judged like a deposit",
         [registered("02 09:00"), contract("13 09:00")], {"L1": overtaken()}),
    Case("R005 the first deposit is the deal, the later contract changes nothing",
         [registered("02 09:00"), deposit("12 09:00", by="B"), contract("16 09:00", by="B")], {"L1": deal()}),
    Case("R005 the first deposit is the deal, though his own contract follows",
         [registered("02 09:00"), deposit("13 09:00", by="B"), contract("14 09:00", by="A")], {"L1": overtaken()}),
    Case("R005 the head rules otherwise: the credit moves, the state stays",
         [registered("02 09:00"), deposit("13 09:00"), ruled("14 09:00", "A")],
         {"L1": ("overtaken", "ok", "A", None)}),
    Case("R005 a ruling before the deal stands through it",
         [registered("02 09:00"), ruled("03 09:00", "C"), deposit("13 09:00")],
         {"L1": ("overtaken", "ok", "C", None)}),
    Case("R005 the next ruling replaces the one before",
         [registered("02 09:00"), deposit("13 09:00"), ruled("14 09:00", "A"), ruled("15 09:00", "C")],
         {"L1": ("overtaken", "ok", "C", None)}),
    Case("R005 a ruling on a live lead moves the credit and no clock",
         [registered("02 09:00"), ruled("05 09:00", "C"), look("06 00:00")], {"L1": overdue("03-06", "C")}),
    Case("R005 a ruling on a lapsed lead gives the credit and revives nothing",
         [registered("02 09:00"), ruled("19 09:00", "A")], {"L1": ("lapsed", "ok", "A", None)}),
    Case("R005 a ruling on an invalid lead",
         [registered("02 09:00", room=""), ruled("19 09:00", "A")], {"L1": ("invalid", "missing_field", "A", None)}),
    Case("R005 the deal named by the customer's phone reaches the live lead",
         [registered("02 09:00"), deposit("13 09:00", phone="86 199 0000 0001")], {"L1": overtaken()}),
    Case("R005 the deal named by the flat reaches the live lead",
         [registered("02 09:00"), deposit("13 09:00", **FLAT)], {"L1": overtaken()}),
    Case("R005 a deal that names the duplicate is judged on the live registration",
         [registered("02 09:00"), registered("03 09:00", "L2", "B"), deposit("13 09:00", by="B", lead="L2")],
         {"L1": overtaken(), "L2": DUPLICATE}),
    Case("R005 a deal that names the lapsed lead is judged on the new registration",
         [registered("02 09:00"), registered("18 09:00", "L2", "B"), deposit("20 09:00", by="B", lead="L1")],
         {"L1": LAPSED, "L2": deal("B")}),
    Case("R005 a duplicate's registrant gets the deal credited to the first",
         [registered("02 09:00"), registered("03 09:00", "L2", "B"), deposit("04 09:00", by="B", lead="L2")],
         {"L1": deal(), "L2": DUPLICATE}),
    # ── R006: fifteen days without measuring or deposit ──
    Case("R006 measured on day 15: protected on",
         [registered("02 09:00"), measured("17 23:59:59"), look("18 00:00")], {"L1": overdue("03-06")}),
    Case("R006 nothing by the end of day 15: lapsed, though updated every three days",
         [registered("02 09:00"), *[updated(f"{day:02d} 09:00") for day in (5, 8, 11, 14, 17)], look("18 00:00")],
         {"L1": LAPSED}, {"L1": "R006"}),
    Case("R006 a second before: protected, and due is the lapse, earlier than the follow-up",
         [registered("02 09:00"), *[updated(f"{day:02d} 09:00") for day in (5, 8, 11, 14, 17)], look("17 23:59:59")],
         {"L1": protected("03-18")}),
    Case("R006 a showroom guide's lead does not lapse",
         [registered("02 09:00", role="showroom_guide"), updated("17 09:00"), look("18 00:00")],
         {"L1": protected("03-21")}),
    Case("R006 measured once, only the follow-up is left to be due",
         [registered("02 09:00"), measured("03 09:00"), updated("16 09:00"), look("17 12:00")], {"L1": protected("03-20")}),
    Case("R006 a measurement after the lapse revives nothing",
         [registered("02 09:00"), measured("18 00:00"), updated("18 01:00"), look("18 02:00")], {"L1": LAPSED}),
    Case("R006 a deposit on the first moment too late is no deal of this lead",
         [registered("02 09:00"), deposit("18 00:00", by="A"), look("18 01:00")], {"L1": LAPSED}),
    Case("R006 a lapsed lead's deal only bars later registrations",
         [registered("02 09:00"), deposit("19 09:00", by="A"), registered("20 09:00", "L2", "B")],
         {"L1": LAPSED, "L2": AFTER_DEAL}),
    Case("R006 extended: protected until the end of the new day",
         [registered("02 09:00"), extended("10 09:00", "2026-03-25"), updated("24 09:00"), look("25 23:59:59")],
         {"L1": protected("03-26")}),
    Case("R006 extended: lapsed at the midnight that ends it",
         [registered("02 09:00"), extended("10 09:00", "2026-03-25"), updated("24 09:00"), look("26 00:00")],
         {"L1": LAPSED}, {"L1": "R006"}),
    Case("R006 one extension only",
         [registered("02 09:00"), extended("10 09:00", "2026-03-20"), extended("11 09:00", "2026-03-31"),
          updated("19 09:00"), look("21 00:00")],
         {"L1": LAPSED}),
    Case("R006 an extension to day 15 or earlier changes nothing",
         [registered("02 09:00"), extended("10 09:00", "2026-03-17"), look("18 00:00")], {"L1": LAPSED}),
    Case("R006 an extension that changes nothing does not use up the one that counts",
         [registered("02 09:00"), extended("10 09:00", "2026-03-17"), extended("11 09:00", "2026-03-25"),
          updated("24 09:00"), look("24 12:00")],
         {"L1": protected("03-26")}),
    Case("R006 an extension after the lapse changes nothing",
         [registered("02 09:00"), extended("18 00:00", "2026-03-31"), look("18 00:00")], {"L1": LAPSED}),
    Case("R006 twenty days by the company's own number",
         [registered("02 09:00"), updated("20 09:00"), look("22 23:59:59")], {"L1": protected("03-23")},
         policy={"lead.own.lapse_days": 20}),
    Case("R006 applies to guides when the company says so",
         [registered("02 09:00", role="showroom_guide"), look("18 00:00")], {"L1": LAPSED},
         policy={"lead.own.lapse_applies_to": ["salesperson", "showroom_guide"]}),
    # ── R007, R008, R009: slots ──
    Case("R007 the 57th of a guide in a month is valid",
         [*many(56, role="showroom_guide"), registered("10 09:00", role="showroom_guide")],
         {"L1": protected("03-14")}, {"L1": "R007"}),
    Case("R008 the 20th is valid",
         [*many(19), registered("19 09:00")], {"L1": protected("03-23")}, {"L1": "R008"}),
    Case("R008 the 21st is over quota",
         [*many(20), registered("19 09:00")], {"L1": OVER_QUOTA}, {"L1": "R008"}),
    Case("R008 the first of the next month is valid again",
         [*many(20), registered("04-01 00:00")], {"L1": protected("04-05")}),
    Case("R008 the month is the local one: 16:00Z on the 31st is April",
         [*many(20), registered("04-01 00:00") | {"at": "2026-03-31T16:00:00Z"}], {"L1": protected("04-05")}),
    Case("R008 a colleague has slots of his own",
         [*many(20), registered("19 09:00", by="B")], {"L1": protected("03-23", "B")}),
    Case("R008 a lapsed registration keeps its slot",
         [*many(20), registered("18 09:00")], {"M0": LAPSED, "L1": OVER_QUOTA}),
    Case("R008 what was invalid at birth uses no slot",
         [*many(19), registered("03 09:00", "L0", room=""), registered("19 09:00")], {"L1": protected("03-23")}),
    Case("R008 over quota is said before duplicate",
         [*many(20), registered("19 09:00", phone="19900010000")], {"L1": OVER_QUOTA}, policy=NO_LAPSE),
    Case("R008 after deal is said before over quota",
         [*many(20), deposit("18 09:00", by="S", phone=PHONE), registered("19 09:00")], {"L1": AFTER_DEAL}),
    Case("R008 no limit when the company sets none",
         [*many(25), registered("19 09:00")], {"L1": protected("03-23")},
         policy={"lead.own.monthly_quota.salesperson": None}),
    Case("R008 a limit for the showroom when the company sets one",
         [*many(2, role="showroom_guide"), registered("03 09:00", role="showroom_guide")], {"L1": OVER_QUOTA},
         policy={"lead.own.monthly_quota.showroom": 2}),
    Case("R009 a deal frees a slot at once",
         [*many(20), deposit("16 15:00:00", by="A", lead="M7"), registered("16 15:00:01")],
         {"M7": deal(), "L1": protected("03-20")}),
    Case("R009 the 21st is not revived by it and must be registered anew",
         [*many(20), registered("10 09:00"), deposit("16 15:00", by="A", lead="M7"), registered("16 15:01", "L2")],
         {"L1": OVER_QUOTA, "L2": protected("03-20")}),
    Case("R009 someone else may now be first",
         [*many(20), registered("10 09:00"), registered("11 09:00", "L2", "B"), deposit("12 15:00", by="A", lead="M7"),
          registered("12 16:00", "L3")],
         {"L1": OVER_QUOTA, "L2": protected("03-15", "B"), "L3": DUPLICATE}),
    Case("R009 one that a colleague overtook keeps its slot",
         [*many(20), deposit("13 15:00", by="B", lead="M7"), registered("13 16:00")],
         {"M7": overtaken(), "L1": OVER_QUOTA}),
    Case("R009 no refill when the company says so",
         [*many(20), deposit("16 15:00", by="A", lead="M7"), registered("16 15:01")], {"L1": OVER_QUOTA},
         policy={"lead.own.quota_refill_on_deal": False}),
    Case("R009 a deal on last month's lead frees none of this month's",
         [registered("02-27 09:00", "L0"), *many(20), deposit("05 15:00", by="A", lead="L0"),
          registered("05 15:01", "L2", phone=OTHER_PHONE, flat=OTHER_FLAT)],
         {"L0": deal(), "L2": OVER_QUOTA}),
    # ── R015: a new project of a known customer ──
    Case("R015 the same phone with another flat after the deal: a new project",
         [registered("02 09:00"), deposit("03 09:00", by="A"), registered("10 09:00", "L2", "B", flat=OTHER_FLAT)],
         {"L1": deal(), "L2": protected("03-14", "B")}, {"L2": "R015"}),
    Case("R015 the same phone and the same flat after the deal: after deal",
         [registered("02 09:00"), deposit("03 09:00", by="A"), registered("10 09:00", "L2", "B")],
         {"L1": deal(), "L2": AFTER_DEAL}),
    Case("R015 a deal with a phone only: its flat is not known, so after deal",
         [deposit("03 09:00", by="S", phone=PHONE), registered("10 09:00", flat=OTHER_FLAT)], {"L1": AFTER_DEAL}),
    Case("R015 no matter who got the credit",
         [registered("02 09:00"), deposit("13 09:00", by="B"), registered("14 09:00", "L2", "A", flat=OTHER_FLAT)],
         {"L1": overtaken(), "L2": protected("03-18")}),
    Case("R015 while the earlier registration is live it is a duplicate",
         [registered("02 09:00"), registered("03 09:00", "L2", "B", flat=OTHER_FLAT)],
         {"L1": protected("03-06"), "L2": DUPLICATE}),
    Case("R015 a new project has a protection of its own, and a third flat is its duplicate",
         [registered("02 09:00"), deposit("03 09:00", by="A"), registered("10 09:00", "L2", "B", flat=OTHER_FLAT),
          registered("11 09:00", "L3", "C", flat=FLAT | {"building": "8"})],
         {"L2": protected("03-14", "B"), "L3": DUPLICATE}),
    Case("R015 the deal of a lapsed lead has that lead's flat",
         [registered("02 09:00"), deposit("19 09:00", by="A"), registered("20 09:00", "L2", "B", flat=OTHER_FLAT)],
         {"L1": LAPSED, "L2": protected("03-24", "B")}),
    Case("R015 a deal by phone that reached a live lead knows the flat from it",
         [registered("02 09:00"), deposit("03 09:00", by="A", phone=PHONE), registered("10 09:00", "L2", flat=OTHER_FLAT)],
         {"L1": deal(), "L2": protected("03-14")}),
]  # fmt: skip
