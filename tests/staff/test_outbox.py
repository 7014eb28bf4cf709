"""The outbox and the inboxes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask_babel import lazy_gettext as _l

from portal import clock, notify
from portal.models import Message
from tests import factories, outbox


@pytest.fixture
def secret(db, sally):
    """A code on its way to Sally."""
    notify.tell(
        sally,
        "account.code",
        secret=True,
        subject=_l("重新设置密码的验证码"),
        body=lambda: "代码 654321",
        link="/invitations/abcdef",
    )
    db.session.commit()


def test_in_a_demo_the_code_is_read_in_the_outbox(browser, app, ada, secret):
    outbox.deliver(app)
    page = browser.as_(ada).get("staff.outbox.index")
    assert "654321" in page.words and "/invitations/abcdef" in page.text and "仅演示显示，没有真的发出" in page.words


def test_in_production_code_and_link_stay_hidden(browser, app, ada, secret, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mode="production"))
    page = browser.as_(ada).get("staff.outbox.index")
    assert "••••••" in page.words and "654321" not in page.text and "abcdef" not in page.text


def test_somebody_elses_page_is_named_but_no_link(browser, ada, sally, db):
    for person in (ada, sally):
        notify.tell(person, "k", subject=_l("重新设置密码的验证码"), body=lambda: "x", link=f"/staff/leads/{person.id}")
    db.session.commit()
    page = browser.as_(ada).get("staff.outbox.index", channel="portal")
    assert f"/staff/leads/{sally.id}" in page.words
    assert {link["href"] for link in page.all(".outbox a")} == {f"/staff/leads/{ada.id}"}


def test_only_who_may_see_it_finds_it(browser, sally, dora, secret):
    for person in (sally, dora):
        assert browser.as_(person).get("staff.outbox.index").status == 404


def test_it_is_filtered_and_paged(browser, ada, sally, db):
    for n in range(120):
        notify.tell(sally, "test", subject=f"第{n}条", body="…", channel="sms")
    db.session.query(Message).filter_by(subject="第0条", channel="sms").one().failed_at = clock.now()
    db.session.commit()
    hers = browser.as_(ada)
    first = hers.get("staff.outbox.index")
    assert (
        len(first.all(".outbox-message")) == 50
        and "第119条" in first.words
        and "站内" not in [b.text for b in first.all(".badge")]
    )
    second = hers.get(first.one('a[rel="next"]')["href"])
    assert "第69条" in second.words and "第119条" not in second.words
    assert len(hers.get("staff.outbox.index", state="failed").all(".outbox-message")) == 1
    assert len(hers.get("staff.outbox.index", channel="email").all(".outbox-message")) == 0
    assert hers.get("/staff/outbox/?before=99999999999999999999999&state=odd&channel=odd").status == 200


def test_the_inbox_is_ones_own_and_reading_is_a_post(browser, sally, sam, db):
    notify.tell(sally, "test", subject="给莎莉的", body="正文", channel="portal", link="/staff/")
    db.session.commit()
    hers = browser.as_(sally)
    page = hers.get("staff.messages.index")
    assert "给莎莉的" in page.words and page.all(".list-row-unread")
    assert "给莎莉的" not in browser.as_(sam).get("staff.messages.index").words
    newest = page.one('input[name="up_to"]')["value"]
    notify.tell(sally, "test", subject="刚到的", body="正文", channel="portal")
    db.session.commit()
    assert hers.post("staff.messages.read", {"up_to": newest}).status == 303
    page = hers.get("staff.messages.index")
    assert len(page.all(".list-row-unread")) == 1 and "刚到的" in page.one(".list-row-unread").text


def test_a_homeowner_reads_hers_in_her_language(browser, db):
    owner = factories.make_homeowner(factories.make_project(), language="en")
    notify.tell(owner, "test", subject=_l("登录密码已修改"), body=_l("登录密码已修改"))
    db.session.commit()
    assert "Your password was changed" in browser.as_(owner, language="en").get("customer.messages.index").words
    assert browser.as_(owner).post("customer.messages.read", {"up_to": "x"}).status == 303


def test_a_failed_message_is_sent_again(browser, app, ada, sally, db, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mode="production"))
    notify.tell(sally, "test", subject="重要", body="…", channel="sms")
    db.session.commit()
    outbox.deliver(app)
    hers = browser.as_(ada)
    page = hers.get("staff.outbox.index", state="failed")
    assert "没有配置短信通道" in page.words
    message = outbox.texts()[0]
    assert hers.post("staff.outbox.again", message_id=message.id).status == 303
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mode="production", sms_command="cat"))
    outbox.deliver(app)
    message = outbox.texts()[0]
    assert message.sent_at and message.carrier == "command" and not message.failed_at
