"""The calendar feed: read by calendar programs without signing in, closed at once when she closes it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from portal import clock
from portal.models import CalendarKey, VisitMove
from portal.rules.access import Role
from tests import factories

pytestmark = pytest.mark.usefixtures("at_noon")

NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.fixture
def home(db, dora):
    project = factories.make_project(title="云栖样板苑 3栋2单元1201，带一个很长很长的名字，" + "很" * 40)
    factories.assign(project, dora, Role.DESIGNER)
    db.session.commit()
    return project


@pytest.fixture
def mother(db, home):
    person = factories.make_homeowner(home, name="林妈妈")
    db.session.commit()
    return person


@pytest.fixture
def feed(db, browser, mother):
    """The address of her feed."""
    browser.as_(mother).post("customer.schedule.make_key")
    page = browser.as_(mother).get("customer.schedule.index")
    address = page.one("#subscribe code").get_text(strip=True)
    assert page.one('#subscribe a[href^="webcal://"]')["href"].removeprefix("webcal") == address.partition("http")[2].removeprefix("s")
    return "/customer/" + address.partition("/customer/")[2]


def strictly(data: bytes) -> list[str]:
    """The unfolded lines of a file that obeys RFC 5545 to the letter: CRLF, 75 octets, whole characters, paired parts."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is cut in two
    lines = data.decode().replace("\r\n ", "").split("\r\n")[:-1]
    open_parts: list[str] = []
    for line in lines:
        assert re.fullmatch(r"[A-Z][A-Z0-9-]*(;[A-Z-]+=(\"[^\"]*\"|[^\":;,]*))*:.*", line), line
        name, _colon, value = line.partition(":")
        if name == "BEGIN":
            open_parts.append(value)
        elif name == "END":
            assert open_parts.pop() == value
    assert not open_parts
    return lines


def events(data: bytes) -> dict[str, icalendar.Event]:
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(data).walk("VEVENT")}


def test_a_calendar_program_reads_every_visit(db, browser, feed, home, dora):
    timed = factories.make_visit(home, dora, starts_at=NINE, kind="weekly", purpose="每周巡检；看水电，拍照\n第二行")
    whole = factories.make_visit(
        home,
        dora,
        starts_at=datetime(2026, 11, 29, 16, tzinfo=UTC),
        ends_at=datetime(2026, 11, 30, 16, tzinfo=UTC),
        all_day=True,
        kind="delivery",
    )
    ids = timed.id, whole.id
    page = browser.get(feed)
    assert page.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = strictly(page.data)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert any(line.startswith("DTSTART;TZID=Asia/Shanghai:20261126T090000") for line in lines)
    assert "DTSTART;VALUE=DATE:20261130" in lines
    assert "DTEND;VALUE=DATE:20261201" in lines
    assert "TZID:Asia/Shanghai" in lines
    found = events(page.data)
    visit, day = found[f"visit-{ids[0]}@127.0.0.1"], found[f"visit-{ids[1]}@127.0.0.1"]
    assert visit["DTSTART"].dt == NINE
    assert visit["DTEND"].dt == NINE + timedelta(hours=1)
    assert day["DTSTART"].dt == date(2026, 11, 30)
    assert visit["SUMMARY"].startswith("每周巡检 · 云栖")
    assert "看水电，拍照" in visit["DESCRIPTION"]
    assert dora.name in visit["DESCRIPTION"]
    assert visit["STATUS"] == "CONFIRMED"


def test_a_change_keeps_the_entry_and_raises_its_sequence(db, browser, feed, home, dora):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    uid = f"visit-{visit.id}@127.0.0.1"
    before = events(browser.get(feed).data)[uid]
    clock.stand_still(clock.now() + timedelta(hours=1))
    form = {"move-day": "2026-11-27", "move-time": "14:30", "move-reason": "材料晚到", "move-version": visit.version}
    assert browser.as_(dora).post("staff.visits.move", form, visit_id=visit.id).status == 303
    after = events(browser.get(feed).data)[uid]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert after["DTSTART"].dt == datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
    assert "因“材料晚到”改到" in after["DESCRIPTION"]
    cancel = {"cancel-reason": "业主出差", "cancel-version": visit.version}
    assert browser.as_(dora).post("staff.visits.cancel", cancel, visit_id=visit.id).status == 303
    last = events(browser.get(feed).data)[uid]
    assert last["STATUS"] == "CANCELLED"
    assert last["SEQUENCE"] > after["SEQUENCE"]


def test_an_unchanged_feed_is_not_sent_twice(db, browser, feed, home, dora):
    factories.make_visit(home, dora, starts_at=NINE)
    page = browser.get(feed)
    clock.stand_still(clock.now() + timedelta(hours=5))
    again = browser.client.get(feed, headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304


def test_the_feed_speaks_her_language(db, browser, feed, home, dora, mother):
    factories.make_visit(home, dora, starts_at=NINE, kind="weekly")
    mother.language = "en"
    page = browser.as_(None, language="zh").get(feed)
    event = next(iter(events(page.data).values()))
    assert not str(event["SUMMARY"]).startswith("每周巡检")


def test_a_closed_or_renewed_feed_opens_nothing(db, browser, feed, mother):
    as_mother = browser.as_(mother)
    assert as_mother.post("customer.schedule.make_key").status == 303
    assert browser.get(feed).status == 404
    newer = "/customer/" + as_mother.get("customer.schedule.index").one("#subscribe code").get_text(strip=True).partition("/customer/")[2]
    assert newer != feed
    assert browser.get(newer).status == 200
    assert as_mother.post("customer.schedule.revoke_key").status == 303
    assert browser.get(newer).status == 404
    assert db.session.query(CalendarKey).filter_by(revoked_at=None).count() == 0


@pytest.mark.parametrize("key", ["", "x", "%00", "a" * 5000, "' OR 1=1 --"])
def test_a_guessed_key_opens_nothing(browser, feed, key):
    assert browser.get("calendar_feed.show", key=key).status == 404


def test_a_disabled_account_and_another_home_show_nothing(db, browser, feed, mother, dora):
    factories.make_visit(factories.make_project(title="别人的家"), dora, starts_at=NINE)
    assert "别人的家" not in browser.get(feed).data.decode()
    mother.disabled_at = clock.now()
    assert browser.get(feed).status == 404


def test_reading_the_feed_writes_nothing(db, browser, feed, home, dora):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    db.session.add(VisitMove(visit_id=visit.id, from_at=NINE, to_at=NINE, reason="雨", by_id=dora.id, at=clock.now()))
    db.session.commit()
    browser.get(feed)
    assert db.session.query(CalendarKey).one().used_at is None
    assert Path("portal/front/calendar_feed.py").read_text().count("commit") == 0
