"""`portal project import FILE` (format and answers: the project file's own description)."""

from __future__ import annotations

import json
import sys

import click
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.actions import project_import
from portal.extensions import db
from portal.rules import project_file


@click.group("project")
def command() -> None:
    """Projects from files."""


@command.command("import")
@click.argument("file", type=click.File("rb"))
def import_(file) -> None:
    """Import FILE, or refuse it whole with every fault and its place."""
    ids, contract_nos = project_import.known_ids()
    data = file.read(project_file.MAX_BYTES + 1)
    reading = project_file.read(data, project_import.price_book(), known_ids=ids, known_contract_nos=contract_nos)
    if reading.document is None:
        refuse(reading.faults)
    try:
        projects = project_import.store(reading.document, by=None, at=clock.now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        refuse([project_file.Fault("$", "was imported by somebody else in the same moment")])
    click.echo(json.dumps(project_file.answer_accepted(projects, reading.warnings), ensure_ascii=False))


def refuse(faults) -> None:
    """Nothing on standard output, every fault on standard error, exit 2."""
    click.echo(json.dumps(project_file.answer_refused(faults), ensure_ascii=False), err=True)
    sys.exit(2)
