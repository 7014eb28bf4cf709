"""`portal leads replay FILE`: what the rules of the own channel say about a history of leads. Touches no database."""

from __future__ import annotations

import json
import sys

import click

from portal.rules import lead_history

LARGEST_BYTES = 64 * 1024 * 1024


@click.group("leads")
def command() -> None:
    """Leads from files."""


@command.command("replay")
@click.argument("file", type=click.File("rb"))
@click.option("--policy", type=click.File("rb"), help="Settings that win over those of the history.")
def replay(file, policy) -> None:
    """Print the state, the credit and the reasons of every lead in FILE, at every look."""
    try:
        history = lead_history.parse(file.read(LARGEST_BYTES + 1), policy.read(LARGEST_BYTES + 1) if policy else None)
    except lead_history.BadHistory as bad:
        click.echo(json.dumps({"faults": bad.faults}, ensure_ascii=False), err=True)
        sys.exit(2)
    click.echo(json.dumps(lead_history.replay(history), ensure_ascii=False))
