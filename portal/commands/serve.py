"""`portal serve`: web server and background worker under one parent."""

from __future__ import annotations

import os
import sys

import click

from portal.config import from_environment

needs_app = False
_PARENT = "import sys; from portal import config, serve; sys.exit(serve.serve(config.from_environment()))"


@click.command("serve")
@click.option("--prepare", is_flag=True, help="First migrate the database and, in demo mode, load the demo company.")
def command(prepare: bool) -> None:
    """Start the web server and the background worker, and stop both on TERM or Ctrl-C."""
    settings = from_environment()
    if prepare:
        _run("Bringing the database up to date", "db", "upgrade")
    if prepare and settings.demo:
        _run("Looking after the demo company", "demo", "load")
        _run("", "demo", "accounts")
    click.echo("Starting the web server and the background worker")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-c", _PARENT])  # noqa: S606, a small parent: without the application


def _run(sentence: str, *words: str) -> None:
    """Another command, in this process: loading the application once is enough."""
    from portal.cli import cli

    if sentence:
        click.echo(sentence)
    cli.main(args=list(words), prog_name="portal", standalone_mode=False)
