"""`portal verify FILE.pdf`: who signed what and when, or why the file is not to be believed. Needs no database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from portal.documents.command import verify_command

needs_app = False


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--root", "roots", multiple=True, type=click.Path(path_type=Path), help="A root certificate (PEM) to believe, besides the portal's own."
)
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def command(file: Path, roots: tuple[Path, ...], language: str) -> None:
    """Exit 0 when FILE is whole and everybody has signed; else exit 1 and say why."""
    keys = Path(os.environ.get("PORTAL_HOME", "instance")) / "keys"
    code, said = verify_command(file, keys, roots, language)
    click.echo(said)
    sys.exit(code)
