"""`portal demo …`: the demo company and who can sign in to it."""

from __future__ import annotations

import click

from portal import clock, demo, filters
from portal.demo import people
from portal.extensions import db, settings


@click.group("demo")
def command() -> None:
    """The demo company."""


@command.command("load")
def load() -> None:
    """Fill an empty portal with the demo company; a second time it changes nothing."""
    if not settings.demo:
        raise click.ClickException("The demo company is for demo mode only: PORTAL_MODE is production.")
    if demo.is_loaded():
        click.echo("The demo company is there.")
        return
    demo.load(at=clock.now(), say=lambda step: click.echo(f"  … {step}"))
    db.session.commit()
    click.echo("The demo company is ready.")


@command.command("accounts")
def accounts() -> None:
    """Print the address and who can be tried out."""
    click.echo(f"\n  {settings.public_url}\n\n  Password of everybody: {people.PASSWORD}\n")
    for user in people.listed():
        who = user.staff_no or filters.phone(user.phone)
        click.echo(f"  {who:<14} {user.name}  {filters.role_names(user.roles)}")
    click.echo()
