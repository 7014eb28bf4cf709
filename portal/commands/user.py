"""`portal user …`: the first administrator of a real company, and a way back in for one who is locked out."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from portal import clock, passwords, phones
from portal.actions import accounts, people
from portal.extensions import db, settings
from portal.rules.access import Role
from portal.rules.words import Refused

command = AppGroup("user", help="Accounts: the first administrator, a link for a new password.")


@command.command("create")
@click.option("--name", required=True, help="How colleagues call this person.")
@click.option("--phone", required=True, help="Mobile number in any spelling; she signs in with it.")
@click.option("--staff-no", default="", help="Staff number; she can sign in with it, too.")
@click.option("--email", default="", help="For messages.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role if role is not Role.HOMEOWNER]),
    default=[Role.ADMINISTRATOR.value],
    show_default=True,
    help="May be given several times.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making a link.")
def create(name: str, phone: str, staff_no: str, email: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Make a staff account and print a single-use link for setting its password."""
    password = _password() if password_stdin else ""
    try:
        user = people.create(
            name=name,
            phone=phones.phone_e164(phone),
            staff_no=staff_no,
            email=email or None,
            roles=list(roles),
            by=None,
            at=clock.now(),
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    if password:
        accounts.set_password(user, passwords.hashed(password), by=user, at=clock.now())
        db.session.commit()
        click.echo(f"{user.name} can sign in at {settings.public_url}/login with {user.staff_no or user.phone}.")
        return
    path = people.send_link(user, by=None, at=clock.now())
    db.session.commit()
    click.echo(f"{user.name} sets the password here (once, within 3 days):\n{settings.public_url}{path}")


@command.command("link")
@click.argument("identifier")
def link(identifier: str) -> None:
    """Print a single-use link with which the person with this phone or staff number sets a new password."""
    user = accounts.find(identifier)
    if user is None or not user.is_active:
        raise click.ClickException(f"no active account has {identifier}")
    path = people.send_link(user, by=None, at=clock.now())
    db.session.commit()
    click.echo(f"{user.name} sets the password here (once, within 3 days):\n{settings.public_url}{path}")


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not 8 <= len(password) <= 200:
        raise click.ClickException("the password needs 8 to 200 characters")
    return password
