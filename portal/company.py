"""The company's own name and city: a row, never a constant in the program."""

from __future__ import annotations

import time

from portal.extensions import db
from portal.models import Company

FRESH_S = 60
_known: dict[str, tuple[float, str]] = {}


def name() -> str:
    """The company's name, at most a minute old; empty before it is set up."""
    key = str(db.engine.url)
    at, known = _known.get(key, (-FRESH_S, ""))
    if time.monotonic() - at > FRESH_S or not known:
        row = db.session.get(Company, 1)
        known = row.name if row else ""
        _known[key] = (time.monotonic(), known)
    return known


def phone() -> str:
    """The number that everybody may call, as it was entered; empty when there is none."""
    row = db.session.get(Company, 1)
    return row.phone if row else ""


def forget() -> None:
    """Read the name anew next time: after it was changed."""
    _known.clear()
