"""`portal catalogue import FILE`: the price book from CSV or XLSX."""

from __future__ import annotations

import json
from pathlib import Path

import click

from portal import clock, spreadsheets
from portal.actions import catalogue
from portal.commands.project import refuse
from portal.extensions import db
from portal.rules.project_file import Fault


@click.group("catalogue")
def command() -> None:
    """The price book."""


@command.command("import")
@click.argument("file", type=click.File("rb"))
def import_(file) -> None:
    """Import FILE as the new edition of the price book, or refuse it whole with every fault and its place."""
    data = file.read()
    try:
        reading = catalogue.read(data)
    except spreadsheets.NotReadable as fault:
        refuse([Fault("$", str(fault))])
    if reading.faults:
        refuse([Fault(fault.where, fault.reason.in_words()) for fault in reading.faults])
    edition = catalogue.adopt(reading.items, name=Path(file.name).name, data=data, by=None, at=clock.now())
    db.session.commit()
    click.echo(json.dumps({"catalogue": edition.id, "items": len(reading.items), "warnings": []}, ensure_ascii=False))
