"""`portal …`: Flask's own commands (db upgrade …) and ours, one module per noun in portal/commands/."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import click
from flask.cli import FlaskGroup, with_appcontext

from portal import commands, create_app


@click.group(cls=FlaskGroup, create_app=create_app, add_version_option=False, load_dotenv=False)
def cli() -> None:
    """The customer portal of a home-renovation company."""


def _inside_app(command: click.Command) -> click.Command:
    """Give the command and everything below it the application, unless its module says `needs_app = False`."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _inside_app(below)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


for _found in iter_modules(commands.__path__):
    _module = import_module(f"{commands.__name__}.{_found.name}")
    cli.add_command(_inside_app(_module.command) if getattr(_module, "needs_app", True) else _module.command)


def main() -> None:
    """Entry of the console script."""
    sys.exit(cli.main(prog_name="portal"))
