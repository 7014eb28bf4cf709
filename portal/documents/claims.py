"""What the signatures claim in their evidence, held against the file and against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.documents.certificates import common_name
from portal.documents.report import Problem, Required
from portal.documents.signatures import Examined

_CLOCKS_APART = timedelta(minutes=10)


def required_signers(certified: Mapping[str, Any]) -> tuple[Required, ...]:
    """Who has to sign, as the company certified it."""
    return tuple(
        Required(**{name: str(one[name]) for name in ("field", "name", "role", "number")})
        for one in certified.get("required", ())
    )


def states(pdf: bytes, certified: Mapping[str, Any], ends: Sequence[int]) -> list[str]:
    """SHA-256 of the file as rendered and after each signature: what somebody can have been shown."""
    return [hashlib.sha256(pdf[:end]).hexdigest() for end in (int(certified.get("document_bytes", 0)), *ends)]


def contradictions(
    pdf: bytes, examined: Sequence[Examined], required: Sequence[Required], hashes: Sequence[str]
) -> list[Problem]:
    """Every claim that the file itself refutes."""
    first, *others = examined
    people = {one.field: one for one in required}
    found = [] if first.evidence.get("document_sha256") == hashes[0] else [Problem("original_differs")]
    for place, one in enumerate(others, start=1):
        person = people.get(one.field)
        if person is None or common_name(person.name) != one.name or one.evidence.get("field") != one.field:
            found.append(Problem("wrong_signer", {"name": one.name}))
        if one.evidence.get("shown_sha256") not in hashes[: place + 1]:
            found.append(Problem("not_shown", {"name": one.name}))
    for one in examined:
        if not _times_agree(one) or one.at < first.at:
            found.append(Problem("times_differ", {"name": one.name}))
    return found


def _times_agree(one: Examined) -> bool:
    """The written time is the one in the evidence, and no time stamp is older; a stamp may come later, from a retry.

    Evidence that promises a time-stamp service goes with a time stamp: one that was cut out is missed.
    """
    try:
        said = datetime.fromisoformat(str(one.evidence.get("at"))).replace(microsecond=0)
        same = one.at is not None and said == one.at
    except (ValueError, TypeError):
        return False
    promised = one.evidence.get("clock") == "service"
    if not promised:
        return same
    return same and one.stamped_at is not None and one.stamped_at >= one.at - _CLOCKS_APART
