"""Who signed a file, and whether a single byte changed since. Needs no database: the file and the roots one believes.

The order matters, because anybody may hand in a file: first each signature by itself (its container byte by byte, the
hash, the key, the authority), then, only when the last one covers the file to its end, what was changed between them.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import replace
from itertools import pairwise

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, enumerate_sig_fields

from portal.documents import claims
from portal.documents.report import Problem, Required, SignerReport, Verification
from portal.documents.signatures import Examined, examine
from portal.documents.trust import Trust

# A damaged file is a finding, not an event of the program: its libraries would print their inner workings.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

LARGEST_FILE_BYTES = 64 * 1024 * 1024
MOST_SIGNATURES = 20


def verify(pdf: bytes, trust: Trust) -> Verification:
    """The finding on `pdf`. Never raises: a file that cannot be read is a finding."""
    found = Verification(hashlib.sha256(pdf).hexdigest())
    if not trust:
        return replace(found, problems=(Problem("no_root"),))
    if len(pdf) > LARGEST_FILE_BYTES:
        return replace(found, problems=(Problem("too_large"),))
    if not pdf.startswith(b"%PDF-"):
        return replace(found, problems=(Problem("not_a_pdf"),))
    try:
        return _verified(pdf, trust, found)
    except Exception:  # whatever a damaged or hostile file makes the reader raise, it is not a valid file
        return replace(found, problems=(Problem("unreadable"),))


def _verified(pdf: bytes, trust: Trust, found: Verification) -> Verification:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = list(reader.embedded_signatures)
    if not signatures:
        return replace(found, problems=(Problem("unsigned"),))
    if len(signatures) > MOST_SIGNATURES:
        return replace(found, problems=(Problem("too_many_signatures"),))
    examined = [examine(pdf, one, trust, first=place == 0) for place, one in enumerate(signatures)]
    problems = [problem for one in examined for problem in one.problems] + _coverage(pdf, examined)
    if not problems:
        problems = _changes(examined)
    certified = examined[0].evidence
    required = claims.required_signers(certified)
    states = claims.states(pdf, certified, [one.end for one in examined])
    problems += claims.contradictions(pdf, examined, required, states)
    if not problems:
        problems = _fields(reader, examined, required)
    reports = tuple(_report(one, required) for one in examined)
    signed = {one.field for one in reports}
    missing = tuple(one for one in required if one.field not in signed)
    if not problems and not missing and required:
        problems = _lock(examined[-1])
    return replace(
        found,
        signers=reports,
        problems=tuple(problems),
        missing=missing,
        states=tuple(states),
        title=str(certified.get("title", "")),
        company=str(certified.get("company", "")),
        facts=certified,
    )


def _coverage(pdf: bytes, examined: list[Examined]) -> list[Problem]:
    """Signatures follow each other, and the last one reaches the end of the file."""
    ends = [one.end for one in examined]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        return [Problem("altered", {"name": examined[-1].name})]
    return [Problem("appended", {"bytes": len(pdf) - ends[-1]})] if ends[-1] != len(pdf) else []


def _changes(examined: list[Examined]) -> list[Problem]:
    """Each later update does what its predecessors allow: fill one of the placed fields, and nothing else."""
    return [Problem("rewritten", {"name": one.name}) for one in examined if not one.later_changes_allowed()]


def _fields(reader: PdfFileReader, examined: list[Examined], required: tuple[Required, ...]) -> list[Problem]:
    """The fields of the file are those that the company certified, in number and name."""
    placed = {name for name, _value, _reference in enumerate_sig_fields(reader)}
    return [] if placed == {one.field for one in required} | {examined[0].field} else [Problem("fields_differ")]


def _lock(last: Examined) -> list[Problem]:
    lock = last.signature.fieldmdp
    return [] if lock is not None and lock.action is FieldMDPAction.ALL else [Problem("not_locked")]


def _report(one: Examined, required: tuple[Required, ...]) -> SignerReport:
    person = next((person for person in required if person.field == one.field), None)
    return SignerReport(
        name=person.name if person else one.name,
        role=person.role if person else "",
        kind=one.kind,
        field=one.field,
        at=one.at,
        stamped_at=one.stamped_at,
        covers_bytes=one.end,
        certificate_number=one.certificate_number,
        authority=one.issuer,
        holds=one.holds,
        evidence=one.evidence,
    )
