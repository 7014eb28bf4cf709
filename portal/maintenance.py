"""A consistent copy of everything while the portal runs, the way back, and the proof that all is whole."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import URL, make_url

from portal import audit
from portal.extensions import db, settings, storage
from portal.models import Blob, Document, DocumentFile

_FOLDERS = ("files", "keys")
_DATABASE = {"sqlite": "portal.db", "postgresql": "portal.dump"}
_MANIFEST = "backup.json"


class Impossible(Exception):
    """The command can't be done; the message says why."""


def backup(folder: Path, *, at: str) -> int:
    """Copy database, files and keys into the empty `folder`; answers how many files. The database goes first:
    every file it names is already there, since files are stored before the row that points at them."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Impossible(f"{folder} is not empty: name a new folder.")
    url = make_url(settings.database_url)
    kind = url.get_backend_name()
    _dump(url, folder / _DATABASE[kind])
    for name in _FOLDERS:
        if (settings.home / name).exists():
            shutil.copytree(settings.home / name, folder / name, ignore=shutil.ignore_patterns("unfinished"))
    if (settings.home / "secret_key").exists():
        shutil.copy2(settings.home / "secret_key", folder / "secret_key")
    copied = sum(1 for path in folder.rglob("*") if path.is_file())
    (folder / _MANIFEST).write_text(json.dumps({"at": at, "database": kind, "files": copied}))
    return copied


def restore(folder: Path) -> None:
    """Bring a backup back into an empty portal: nothing that is there is overwritten."""
    manifest = folder / _MANIFEST
    if not manifest.exists():
        raise Impossible(f"{folder} holds no backup ({_MANIFEST} is missing).")
    url = make_url(settings.database_url)
    kind = json.loads(manifest.read_text())["database"]
    if kind != url.get_backend_name():
        raise Impossible(f"The backup was made from {kind}; DATABASE_URL names {url.get_backend_name()}.")
    if _holds_rows() or any((settings.home / name).exists() and any((settings.home / name).rglob("*.*")) for name in ("keys",)):
        raise Impossible("This portal already holds data: restore into an empty PORTAL_HOME and an empty database.")
    db.engine.dispose()
    _load(url, folder / _DATABASE[kind])
    for name in _FOLDERS:
        if (folder / name).exists():
            shutil.copytree(folder / name, settings.home / name, dirs_exist_ok=True)
    if (folder / "secret_key").exists():
        shutil.copy2(folder / "secret_key", settings.home / "secret_key")


def faults() -> Iterator[str]:
    """Everything that is not whole: the chain of acts, missing or changed contents, documents, dangling rows."""
    broken = audit.first_break()
    if broken:
        yield f"audit: {broken}"
    for sha256 in db.session.scalars(select(Blob.sha256).order_by(Blob.sha256)):
        if not storage.exists(sha256):
            yield f"file {sha256}: is missing"
        elif not storage.verify(sha256):
            yield f"file {sha256}: was changed"
    yield from _documents()
    if db.engine.dialect.name == "sqlite":
        for row in db.session.execute(text("PRAGMA foreign_key_check")):
            yield f"table {row[0]}, row {row[1]}: points at a row of {row[2]} that does not exist"
        answer = db.session.scalar(text("PRAGMA integrity_check"))
        if answer != "ok":
            yield f"database: {answer}"


def _documents() -> Iterator[str]:
    """A document that people were shown must have its file."""
    shown = select(Document.id, Document.shown_sha256).where(Document.shown_sha256.is_not(None))
    for ident, sha256 in db.session.execute(shown):
        named = select(DocumentFile.id).where(DocumentFile.document_id == ident, DocumentFile.sha256 == sha256)
        if db.session.scalar(named) is None:
            yield f"document {ident}: the file that was shown is not among its files"


def _holds_rows() -> bool:
    """Whether the database has any table at all."""
    from sqlalchemy import inspect

    return bool(inspect(db.engine).get_table_names())


def _dump(url: URL, target: Path) -> None:
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={_plain(url)}"])


def _load(url: URL, source: Path) -> None:
    if url.get_backend_name() == "sqlite":
        shutil.copy2(source, url.database)
        return
    _run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_plain(url)}", str(source)])


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError as missing:
        raise Impossible(f"{command[0]} is not installed: install the PostgreSQL client programs.") from missing
    if done.returncode:
        raise Impossible(f"{command[0]}: {done.stderr.strip()[-500:]}")
