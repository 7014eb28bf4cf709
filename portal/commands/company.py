"""`portal company NAME CITY`: who runs this portal; makes the certificate authority for its documents."""

from __future__ import annotations

import click

from portal import clock
from portal.actions import companies
from portal.extensions import db


@click.command("company")
@click.argument("name")
@click.argument("city")
@click.option("--phone", default="", help="The number on documents.")
def command(name: str, city: str, phone: str) -> None:
    """Name the company; again to rename it."""
    row = companies.describe(name=name, city=city, phone=phone, at=clock.now())
    db.session.commit()
    click.echo(f"{row.name}, {row.city}. Its certificate authority stands; keep SECRET_KEY, it opens the keys.")
