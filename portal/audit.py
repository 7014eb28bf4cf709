"""One hash-chained line per act, written in the transaction of the act itself."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.models.audit import AuditEntry, AuditHead

GENESIS = "0" * 64


def record(
    act: str, subject: Any, *, by: Any = None, project_id: int | None = None, at: datetime | None = None, **facts: Any
) -> AuditEntry:
    """Append one line about `subject` (a row, or None). `facts` are JSON-ready and hold no secrets.

    The head row is locked until the commit, so two acts never share a number.
    """
    db.session.flush()
    head = db.session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one_or_none()
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        db.session.add(head)
    entry = AuditEntry(
        seq=head.seq + 1,
        at=at or clock.now(),
        by_id=by.id if by is not None else None,
        act=act,
        subject=type(subject).__name__ if subject is not None else "",
        subject_id=_whole(getattr(subject, "id", None)),
        project_id=project_id if project_id is not None else _project_of(subject),
        facts=json.loads(json.dumps(facts, ensure_ascii=False, default=str)),
        previous_hash=head.hash,
    )
    entry.hash = fingerprint(entry)
    head.seq, head.hash = entry.seq, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry


def fingerprint(entry: AuditEntry) -> str:
    """SHA-256 over everything the line says and over the line before it."""
    said = [entry.seq, entry.at.timestamp(), entry.by_id, entry.act, entry.subject, entry.subject_id, entry.project_id]
    text = json.dumps([*said, entry.facts, entry.previous_hash], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break() -> str | None:
    """None when the chain is whole, else a sentence naming the first line that does not fit."""
    previous, seq = GENESIS, 0
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)):
        if entry.seq != seq + 1:
            return f"line {seq + 1} is missing"
        if entry.previous_hash != previous or entry.hash != fingerprint(entry):
            return f"line {entry.seq} was changed"
        previous, seq = entry.hash, entry.seq
    head = db.session.get(AuditHead, 1)
    if (head.seq, head.hash) != (seq, previous) if head else seq:
        return f"the last line is {head.seq if head else 0}, but the chain ends at {seq}"
    return None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _project_of(subject: Any) -> int | None:
    return subject.id if type(subject).__name__ == "Project" else getattr(subject, "project_id", None)
