"""Certification by the company, then one signature after the other, each an update appended to the file as it is."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.documents import pades
from portal.documents.authority import Identity, SigningAuthority, open_authority
from portal.documents.evidence import as_text
from portal.documents.signature_page import COMPANY_FIELD, boxes
from portal.documents.stamp import Stamp
from portal.documents.timestamps import TimestampService
from portal.documents.trust import Trust, trust_of
from portal.documents.verify import verify

EXPECTED_EVIDENCE = ("address", "device", "channel", "language", "shown_sha256")


class SigningRefused(Exception):
    """Nothing was signed. `code` says why: not_sealed, altered, unknown_field, already_signed, not_shown,
    evidence_missing.
    """

    def __init__(self, code: str, says: str):
        super().__init__(says)
        self.code = code


@dataclass(frozen=True)
class SignerField:
    """A required signature: `key` is the field's name, `number` tells people of one name apart (staff number,
    customer number).
    """

    key: str
    name: str
    role: str
    number: str = ""


@dataclass(frozen=True)
class Sealing:
    """The company's means of sealing. `timestamps` is None when no service is configured: times are then the
    portal's own.
    """

    authority: SigningAuthority
    trust: Trust
    timestamps: TimestampService | None = None

    def certify(
        self,
        pdf: bytes,
        *,
        company: str,
        title: str,
        signers: Sequence[SignerField],
        at: datetime,
        language: str,
        reason: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> bytes:
        """`pdf` with one empty field per required signer on its last page, certified by the company: only those
        may be filled.

        The list of signers, the hash of `pdf` and `facts` (JSON values) become part of the seal. `at` is aware.
        Raises TimestampUnavailable (seal it later), KeysLocked, ValueError for wrong signers.
        """
        places = boxes(len(signers) + 1)
        required = [{"field": one.key, "name": one.name, "role": one.role, "number": one.number} for one in signers]
        _check_keys([one.key for one in signers])
        identity = self.authority.company(company, at)
        record = {
            **(facts or {}),
            "record": "certification",
            "company": company,
            "title": title,
            "at": at.isoformat(),
            "language": language,
            "document_sha256": hashlib.sha256(pdf).hexdigest(),
            "document_bytes": len(pdf),
            "required": required,
            **self.assurance,
        }
        return self._write(
            pdf,
            COMPANY_FIELD,
            identity,
            at,
            record,
            pades.Purpose.CERTIFY,
            stamp=Stamp(company, "", at, _number(identity), language, company=True),
            reason=reason,
            fields=[pades.Field(COMPANY_FIELD, company, places[0].rectangle)]
            + [
                pades.Field(one.key, f"{one.name} ({one.role})", place.rectangle)
                for one, place in zip(signers, places[1:], strict=True)
            ],
        )

    def sign(
        self,
        pdf: bytes,
        field_name: str,
        *,
        at: datetime,
        evidence: Mapping[str, Any],
        drawn_png: bytes | None = None,
        reason: str = "",
    ) -> bytes:
        """`pdf` with the signature of the person for whom `field_name` was placed; the last one locks the file.

        `evidence` holds at least EXPECTED_EVIDENCE; `shown_sha256` must be the hash of this file, or of a state of it
        before. Raises SigningRefused, UnusableDrawing, TimestampUnavailable; then nothing was signed.
        """
        absent = [name for name in EXPECTED_EVIDENCE if not evidence.get(name)]
        if absent:
            raise SigningRefused("evidence_missing", f"evidence without {', '.join(absent)}")
        found = verify(pdf, self.trust)
        person = _admitted(found, field_name)
        if evidence["shown_sha256"] not in found.states:
            raise SigningRefused("not_shown", "the hash that was shown is not one of this file")
        identity = self.authority.signer(person.name, person.number, found.company, at)
        record = {
            **evidence,
            "record": "signature",
            "field": field_name,
            "who": person.name,
            "role": person.role,
            "number": person.number,
            "at": at.isoformat(),
            **self.assurance,
        }
        last = len(found.missing) == 1
        return self._write(
            pdf,
            field_name,
            identity,
            at,
            record,
            pades.Purpose.LOCK if last else pades.Purpose.SIGN,
            reason=reason,
            stamp=Stamp(
                person.name, person.role, at, _number(identity), str(evidence["language"]), drawn_png=drawn_png
            ),
        )

    @property
    def assurance(self) -> dict[str, str]:
        """What stands behind a signature, as recorded and shown: who vouches for the seal, whose clock gives the
        times.
        """
        return {"assurance": self.authority.assurance, "clock": "service" if self.timestamps else "portal"}

    def _write(self, pdf, field_name, identity, at, record, purpose, *, stamp, reason, fields=()) -> bytes:
        order = pades.Order(
            field_name=field_name,
            identity=identity,
            at=at,
            evidence=as_text(record),
            purpose=purpose,
            stamp=stamp,
            reason=reason,
            location=str(record.get("address", "")),
            fields=tuple(fields),
            timestamps=self.timestamps,
        )
        return asyncio.run(pades.write(io.BytesIO(pdf), order))


def open_sealing(settings) -> Sealing:
    """The sealing that the settings describe: keys_dir, secret_key, seal_p12, seal_p12_password, tsa_url. Raises
    KeysLocked.
    """
    authority = open_authority(settings.keys_dir, settings.secret_key, settings.seal_p12, settings.seal_p12_password)
    service = TimestampService(settings.tsa_url) if settings.tsa_url else None
    return Sealing(authority, trust_of(settings.keys_dir), service)


def _admitted(found, field_name: str):
    """The person for whom the field was placed, if she may sign now."""
    if not found.signers or found.signers[0].kind != "company":
        raise SigningRefused("not_sealed", "the company has not certified this file")
    if not found.intact:
        raise SigningRefused("altered", "the file is not as it was certified")
    if any(one.field == field_name for one in found.signers):
        raise SigningRefused("already_signed", "this field is signed")
    for person in found.missing:
        if person.field == field_name:
            return person
    raise SigningRefused("unknown_field", "nobody is required to sign there")


def _check_keys(keys: Sequence[str]) -> None:
    if (
        len(set(keys)) != len(keys)
        or COMPANY_FIELD in keys
        or not all(key and key.replace("-", "").isalnum() and key.isascii() for key in keys)
    ):
        raise ValueError(
            "the keys of signers are different, made of letters, digits and hyphens, and none is the company's"
        )


def _number(identity: Identity) -> str:
    return f"{identity.certificate.serial_number:040x}"[-16:]
