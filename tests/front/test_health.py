"""For supervisors and monitoring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal import clock, notify
from portal.jobs.beat import show_alive
from portal.models import WorkerBeat
from tests import factories


def test_alive(browser, db):
    answer = browser.get("health.alive")
    assert (answer.status, answer.text) == (200, "ok\n")


def test_ready_needs_a_living_worker(browser, db):
    lonely = browser.get("health.ready")
    assert lonely.status == 503 and "worker" in lonely.text and "database" not in lonely.text
    show_alive(db.session.connection(), "w1")
    db.session.commit()
    assert browser.get("health.ready").status == 200
    db.session.query(WorkerBeat).update({"seen_at": clock.true_now() - timedelta(minutes=2)})
    db.session.commit()
    assert browser.get("health.ready").status == 503


def test_ready_needs_the_storage(browser, app, db, monkeypatch, tmp_path):
    show_alive(db.session.connection(), "w1")
    db.session.commit()
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], home=tmp_path / "gone"))
    answer = browser.get("health.ready")
    assert answer.status == 503 and answer.text == "not ready: storage\n"


def test_metrics_are_for_who_has_the_token(browser, app, db, monkeypatch):
    assert browser.get("health.metrics").status == 404  # no token set: no such page
    assert browser.client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], metrics_token="a long secret"))
    assert browser.get("health.metrics").status == 404
    assert browser.client.get("/metrics", headers={"Authorization": "Bearer a long secrét"}).status_code == 404
    notify.tell(factories.make_user("designer"), "test", subject="s", body="b", channel="sms")
    db.session.commit()
    browser.get("front.home")
    text = browser.client.get("/metrics", headers={"Authorization": "Bearer a long secret"}).text
    assert "portal_messages_waiting 1\n" in text and "portal_jobs_waiting 1\n" in text
    assert 'portal_request_seconds_count{endpoint="front.home",method="GET",status="2xx"}' in text
