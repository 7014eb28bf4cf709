"""Telling people, with a real mail server and a real command."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from flask_babel import lazy_gettext as _l

from portal import clock, filters, notify
from portal.models import Job, Message
from portal.rules.access import Role
from tests import factories, outbox


class Post:
    """A mail server that keeps what it gets, and refuses what it is told to."""

    def __init__(self):
        self.letters, self.refusal = [], None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def post():
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def set_to(app, monkeypatch):
    def change(**settings):
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **settings))

    return change


def test_a_mail_arrives_once_with_words_and_link_in_her_language(app, db, post, set_to):
    set_to(smtp_url=f"smtp://127.0.0.1:{post.port}?from=portal@example.cn", public_url="https://portal.example.cn")
    person = factories.make_user(Role.DESIGNER, name="Dora", email="dora@example.cn", language="en")
    notify.tell(
        person, "test", subject=_l("登录密码已修改"), body=_l("%(name)s加入了家庭", name="林知秋"), link="/staff/"
    )
    db.session.commit()
    outbox.deliver(app)
    db.session.query(Job).update({"done_at": None})  # as after a crash between sending and recording
    db.session.commit()
    outbox.deliver(app)
    [(to, letter)] = post.letters
    assert to == ["dora@example.cn"] and letter["Subject"] == "Your password was changed"
    assert letter.get_content().strip().splitlines() == [
        "林知秋 joined the household",
        "https://portal.example.cn/staff/",
    ]
    assert "示例装饰工程有限公司" in letter["From"] and "portal@example.cn" in letter["From"]
    sent = outbox.texts("email")[0]
    assert sent.sent_at and sent.carrier == "smtp" and sent.attempts == 1


def test_nothing_leaves_when_the_act_is_not_committed(app, db, post, set_to):
    set_to(smtp_url=f"smtp://127.0.0.1:{post.port}")
    person = factories.make_user(Role.DESIGNER, email="dora@example.cn")
    db.session.commit()
    notify.tell(person, "test", subject="s", body="b")
    db.session.rollback()
    outbox.deliver(app)
    assert post.letters == [] and db.session.query(Message).count() == 0


def test_a_server_that_is_away_is_tried_again_and_the_failure_is_seen(app, db, post, set_to):
    set_to(smtp_url="smtp://127.0.0.1:9")
    person = factories.make_user(Role.DESIGNER, email="dora@example.cn")
    notify.tell(person, "test", subject="s", body="b")
    db.session.commit()
    clock.stand_still(clock.now())
    outbox.deliver(app)
    failed = outbox.texts("email")[0]
    assert "ConnectionRefusedError" in failed.failure and (failed.attempts, failed.sent_at, failed.failed_at) == (
        1,
        None,
        None,
    )
    set_to(smtp_url=f"smtp://127.0.0.1:{post.port}")
    clock.stand_still(clock.now() + timedelta(minutes=5))
    outbox.deliver(app)
    assert len(post.letters) == 1
    healed = outbox.texts("email")[0]
    assert healed.sent_at and healed.failure == "" and healed.attempts == 2


def test_after_eight_tries_it_is_given_up_and_stays_visible(app, db, set_to):
    set_to(smtp_url="smtp://127.0.0.1:9")
    person = factories.make_user(Role.DESIGNER, email="dora@example.cn")
    notify.tell(person, "test", subject="s", body="b")
    db.session.commit()
    start = clock.now()
    for hour in range(12):
        clock.stand_still(start + timedelta(hours=2 * hour))
        outbox.deliver(app)
    given_up = outbox.texts("email")[0]
    assert given_up.failed_at and given_up.attempts == 8 and given_up.sent_at is None


def test_an_address_that_does_not_exist_is_not_tried_again(app, db, post, set_to):
    set_to(smtp_url=f"smtp://127.0.0.1:{post.port}")
    post.refusal = "550 no such mailbox"
    person = factories.make_user(Role.DESIGNER, email="nobody@example.cn")
    notify.tell(person, "test", subject="s", body="b")
    db.session.commit()
    outbox.deliver(app)
    refused = outbox.texts("email")[0]
    assert refused.failed_at and "550" in refused.failure and "no such mailbox" in refused.failure


def test_a_subject_cannot_smuggle_a_header(app, db, post, set_to):
    set_to(smtp_url=f"smtp://127.0.0.1:{post.port}")
    person = factories.make_user(Role.DESIGNER, email="dora@example.cn")
    notify.tell(person, "test", subject="hello\r\nBcc: thief@example.com", body="b")
    db.session.commit()
    outbox.deliver(app)
    [(to, letter)] = post.letters
    assert to == ["dora@example.cn"] and letter["Bcc"] is None


def test_the_sms_command_gets_one_json_line(app, db, set_to, tmp_path):
    taken = tmp_path / "taken.json"
    script = f"import sys; open({str(taken)!r}, 'w').write(sys.stdin.read())"
    set_to(sms_command=shlex.join([sys.executable, "-c", script]), public_url="https://portal.example.cn")
    notify.tell_number(
        "+8613800138000", "household.invited", subject="s", body="您好", link="/invitations/x", secret=True
    )
    db.session.commit()
    outbox.deliver(app)
    given = json.loads(taken.read_text())
    assert given["to"] == "+8613800138000" and given["text"] == "您好\nhttps://portal.example.cn/invitations/x"
    assert outbox.texts()[0].carrier == "command"


def test_a_command_that_fails_says_why(app, db, set_to):
    script = "import sys; sys.exit('balance used up')"
    set_to(sms_command=shlex.join([sys.executable, "-c", script]))
    notify.tell_number("+8613800138000", "test", subject="s", body="b")
    db.session.commit()
    outbox.deliver(app)
    assert "balance used up" in outbox.texts()[0].failure


def test_production_without_a_way_out_is_a_visible_failure(app, db, set_to):
    set_to(mode="production")
    notify.tell_number("+8613800138000", "test", subject="s", body="b")
    db.session.commit()
    outbox.deliver(app)
    message = outbox.texts()[0]
    assert message.failed_at and "PORTAL_SMS_COMMAND" in message.failure


def ways(messages):
    return sorted(message.channel for message in messages)


def test_who_is_told_by_which_way(db):
    staff = factories.make_user(Role.DESIGNER, email="d@example.cn")
    plain = factories.make_user(Role.DESIGNER)
    owner = factories.make_homeowner()
    gone = factories.make_homeowner(disabled_at=clock.now())
    said = {"subject": "s", "body": "b"}
    assert ways(notify.tell(staff, "k", **said)) == ["email", "portal"]
    assert ways(notify.tell(plain, "k", **said)) == ["portal"]
    assert ways(notify.tell(owner, "k", **said)) == ["portal", "sms"]
    assert ways(notify.tell(plain, "k", channel="sms", **said)) == ["portal", "sms"]
    assert ways(notify.tell(owner, "k", secret=True, **said)) == ["sms"]
    assert ways(notify.tell(owner, "k", channel="portal", **said)) == ["portal"]
    assert notify.tell(gone, "k", **said) == []


def test_money_and_dates_in_the_words_follow_her_language(db, at_noon):
    owner = factories.make_homeowner(language="en")
    message = notify.tell(owner, "k", subject="s", body=lambda: filters.day(at_noon))[0]
    assert message.body == "24 Nov Tue"
    owner.language = "zh"
    assert notify.tell(owner, "k", subject="s", body=lambda: filters.day(at_noon))[0].body == "11月24日 周二"
