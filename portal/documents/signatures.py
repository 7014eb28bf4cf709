"""One signature by itself: its container, its hash, its key, its authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.documents import evidence as evidences
from portal.documents.accounting import Unaccounted, check_container, container
from portal.documents.certificates import SEAL, SIGNER
from portal.documents.report import Problem
from portal.documents.trust import Trust

COMPANY, PERSON = "company", "signer"


@dataclass(frozen=True)
class Examined:
    """What one signature says by itself. `end` is the first byte after what it covers."""

    signature: EmbeddedPdfSignature
    trust: Trust
    kind: str
    at: datetime | None
    stamped_at: datetime | None
    end: int
    evidence: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def field(self) -> str:
        return self.signature.field_name

    @property
    def certificate(self) -> x509.Certificate:
        return self.signature.signer_cert

    @property
    def name(self) -> str:
        return str(self.certificate.subject.native.get("common_name", ""))

    @property
    def issuer(self) -> str:
        return str(self.certificate.issuer.native.get("common_name", ""))

    @property
    def certificate_number(self) -> str:
        return f"{self.certificate.serial_number:040x}"[-16:]

    @property
    def holds(self) -> bool:
        return not self.problems

    def later_changes_allowed(self) -> bool:
        """pyHanko's whole verdict, later updates included: call it for files whose last signature is known to be
        ours.
        """
        status = validate_pdf_signature(self.signature, _context(self.trust, self.at), diff_policy=DEFAULT_DIFF_POLICY)
        return status.bottom_line


def examine(pdf: bytes, signature: EmbeddedPdfSignature, trust: Trust, *, first: bool) -> Examined:
    """The first signature must be the company's certification, the others those of people."""
    _start, before, after, rest = (int(one) for one in signature.byte_range)
    at = signature.self_reported_timestamp
    context = _context(trust, at)
    status = validate_pdf_signature(signature, context, context, skip_diff=True)
    stamped = status.timestamp_validity
    bare = Examined(
        signature=signature,
        trust=trust,
        kind=COMPANY if first else PERSON,
        at=at,
        stamped_at=stamped.timestamp if stamped else None,
        end=after + rest,
    )
    problems = _cryptography(bare, status) or _container(pdf, bare, before)
    problems += _issued_for(bare, trust, certifies=first)
    try:
        said = evidences.read(signature.signer_info)
    except ValueError:
        said = None
    if said is None:
        problems.append(Problem("foreign", {"name": bare.name}))
    return Examined(**{**vars(bare), "evidence": said or {}, "problems": tuple(problems)})


def _context(trust: Trust, at: datetime | None) -> ValidationContext:
    """Certificates are judged as of the moment of signing: a seal that ran out later does not unmake what it sealed."""
    return ValidationContext(trust_roots=list(trust.all), moment=at, allow_fetching=False, revocation_mode="soft-fail")


def _container(pdf: bytes, one: Examined, before: int) -> list[Problem]:
    if len(one.signature.byte_range) != 4 or one.signature.byte_range[0] != 0 or one.end > len(pdf) or before <= 0:
        return [Problem("altered", {"name": one.name})]
    try:
        check_container(container(pdf, one.signature.byte_range), one.trust.all)
    except Unaccounted:
        return [Problem("loose_bytes", {"name": one.name})]
    return []


def _cryptography(one: Examined, status: PdfSignatureStatus) -> list[Problem]:
    facts = {"name": one.name, "issuer": one.issuer}
    if not (status.intact and status.valid) or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return [Problem("altered", facts)]
    if not status.trusted:
        return [Problem("unknown_authority", facts)]
    stamped = status.timestamp_validity
    if stamped is not None and not (stamped.intact and stamped.valid and stamped.trusted):
        return [Problem("unknown_time_service", facts)]
    return []


def _issued_for(one: Examined, trust: Trust, *, certifies: bool) -> list[Problem]:
    """Seals certify, people sign: a certificate made for the one is worth nothing for the other."""
    ours = any(one.certificate.issuer == root.subject for root in trust.roots)
    unit = str(one.certificate.subject.native.get("organizational_unit_name", ""))
    if not certifies:
        return [] if ours and unit == SIGNER else [Problem("wrong_signer", {"name": one.name})]
    pinned = any(one.certificate.dump() == seal.dump() for seal in trust.seals)
    if not ((ours and unit == SEAL) or pinned) or one.signature.docmdp_level is not MDPPerm.FILL_FORMS:
        return [Problem("not_certified", {"name": one.name})]
    return []
