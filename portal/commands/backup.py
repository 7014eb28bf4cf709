"""`portal backup DIR`: a consistent copy of database and files while the portal runs."""

from __future__ import annotations

from pathlib import Path

import click

from portal import clock, maintenance


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Copy database, files and keys into the empty folder FOLDER."""
    try:
        copied = maintenance.backup(folder, at=clock.now().isoformat())
    except maintenance.Impossible as why:
        raise click.ClickException(str(why)) from why
    click.echo(f"{folder}: {copied} files. Keep it as secret as the portal itself: it holds the keys.")
