"""`portal user …`"""

from __future__ import annotations

import re

from portal.models import User
from portal.rules.access import Role
from tests import factories

ASK = ["user", "create", "--name", "第一位", "--phone", "138 0013 8000", "--staff-no", "a1"]


def run(app, *args, **more):
    from portal.cli import cli

    runner = app.test_cli_runner()
    return runner.invoke(cli.commands["user"], args[1:], **more)


def test_the_first_administrator_gets_a_single_use_link(app, browser, db):
    db.session.rollback()
    result = run(app, *ASK)
    assert result.exit_code == 0, result.output
    path = re.search(r"/invitations/\S+", result.output)[0]
    user = db.session.query(User).one()
    assert user.roles == {Role.ADMINISTRATOR} and user.staff_no == "A1" and user.phone == "+8613800138000"
    assert browser.post(path, {"new": "purple staple lantern"}).location == "/staff/"
    assert browser.get("staff.people.index").status == 200


def test_the_password_can_come_from_a_pipe(app, browser, db):
    db.session.rollback()
    result = run(app, *ASK, "--password-stdin", input="purple staple lantern\n")
    assert result.exit_code == 0 and "purple" not in result.output and "/invitations/" not in result.output
    assert browser.post("account.enter", {"identifier": "A1", "password": "purple staple lantern"}).status == 303


def test_mistakes_are_said_and_nothing_is_made(app, db):
    factories.make_user(Role.DESIGNER, phone="+8613800138000", name="已有")
    db.session.commit()
    for extra in ([], ["--phone", "12"], ["--role", "homeowner"], ["--password-stdin"]):
        result = run(app, *ASK, *extra, input="short\n")
        assert result.exit_code != 0 and "Traceback" not in result.output
    db.session.rollback()
    assert db.session.query(User).count() == 1


def test_a_locked_out_person_gets_a_new_link(app, db):
    factories.make_user(Role.DESIGNER, phone="+8613800138000", name="已有")
    db.session.commit()
    assert "/invitations/" in run(app, "user", "link", "13800138000").output
    assert run(app, "user", "link", "13900139000").exit_code == 1
