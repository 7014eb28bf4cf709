"""`portal serve`: web server and background worker under one parent."""

from __future__ import annotations

import sys

import click

from portal import serve as supervisor
from portal.config import from_environment


@click.command("serve")
def command() -> None:
    """Start the web server and the background worker, and stop both on TERM or Ctrl-C."""
    sys.exit(supervisor.serve(from_environment()))
