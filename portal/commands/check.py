"""`portal check`: rows, hashes and chains."""

from __future__ import annotations

import sys

import click

from portal import maintenance


@click.command("check")
def command() -> None:
    """Exit 0 when everything is whole; else exit 1 with every fault on a line."""
    found = list(maintenance.faults())
    for fault in found:
        click.echo(fault, err=True)
    if found:
        sys.exit(1)
    click.echo("Whole: every act is in the chain, every file is the one that was stored, every document has its file.")
