"""`portal restore DIR`: the way back from `portal backup`."""

from __future__ import annotations

from pathlib import Path

import click

from portal import maintenance


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def command(folder: Path) -> None:
    """Bring the backup in FOLDER back into an empty portal."""
    try:
        maintenance.restore(folder)
    except maintenance.Impossible as why:
        raise click.ClickException(str(why)) from why
    click.echo("Restored. `portal check` proves that it is whole.")
