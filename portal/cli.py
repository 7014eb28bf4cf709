"""`portal …`: Flask's own commands (db upgrade …) and ours, one module per noun in portal/commands/."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import click
from flask.cli import FlaskGroup

from portal import commands, create_app


@click.group(cls=FlaskGroup, create_app=create_app, add_version_option=False, load_dotenv=False)
def cli() -> None:
    """The customer portal of a home-renovation company."""


for _found in iter_modules(commands.__path__):
    cli.add_command(import_module(f"{commands.__name__}.{_found.name}").command)


def main() -> None:
    """Entry of the console script."""
    sys.exit(cli.main(prog_name="portal"))
