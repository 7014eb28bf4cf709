"""X.509 certificates of the internal authority: what stands in them and why."""

from __future__ import annotations

import stringprep
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
SEAL, SIGNER = "portal seal", "portal signer"
_LONGEST_COMMON_NAME_BYTES = 64  # X.520
_MISSING_SORT = "〓"
_LIFE = timedelta(days=30 * 365)
_EARLIER = timedelta(hours=1)


@dataclass(frozen=True)
class Subject:
    """Who a certificate speaks for. `unit` is SEAL or SIGNER; `number` tells people of one name apart."""

    name: str
    company: str
    unit: str = ""
    number: str = ""

    def as_name(self) -> x509.Name:
        parts = [
            (NameOID.COUNTRY_NAME, "CN"),
            (NameOID.ORGANIZATION_NAME, certifiable(self.company)),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.unit),
            (NameOID.COMMON_NAME, common_name(self.name)),
            (NameOID.SERIAL_NUMBER, certifiable(self.number)),
        ]
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts if text])


def common_name(name: str) -> str:
    """`name` as a certificate can carry it; the whole name stands in the evidence.

    At most 64 bytes of UTF-8, a longer one cut and marked with …. Certificates know the characters of Unicode 3.2: a
    rare one of later date (also in Chinese names) becomes 〓, the printer's mark for a missing sort.
    """
    known = certifiable(name)
    if len(known.encode()) <= _LONGEST_COMMON_NAME_BYTES:
        return known
    return known.encode()[: _LONGEST_COMMON_NAME_BYTES - 3].decode(errors="ignore") + "…"


def certifiable(text: str) -> str:
    """`text` with 〓 for every character that may not stand in the name of a certificate (RFC 4518)."""
    known = "".join(character if _may_stand(character) else _MISSING_SORT for character in text)
    if _may_stand(known):
        return known
    # Left-to-right and right-to-left script may not be mixed in one name.
    return "".join(_MISSING_SORT if stringprep.in_table_d1(character) else character for character in known)


def _may_stand(text: str) -> bool:
    value = asn1_x509.DirectoryString(name="utf8_string", value=core.UTF8String(text))
    try:
        return bool(asn1_x509.NameTypeAndValue({"type": "common_name", "value": value}).prepped_value)
    except (ValueError, IndexError):
        return False


def make_root(subject: Subject, key: ec.EllipticCurvePrivateKey, at: datetime) -> x509.Certificate:
    """The self-signed certificate that everything else hangs on: may issue, may not delegate."""
    uses = _uses(certificates=True)
    builder = _builder(subject.as_name(), subject.as_name(), key.public_key(), at, at + _LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(
        uses, critical=True
    )
    return builder.sign(key, hashes.SHA384())


def issue(
    subject: Subject, key: ec.EllipticCurvePublicKey, *, root: x509.Certificate, root_key, at: datetime
) -> x509.Certificate:
    """A certificate for signing documents, valid from shortly before `at` (never before the root) to the end of
    the root.

    It may live that long because the key of a signer lives for one signature only, see authority.py. ValueError for an
    `at` before the root's own life: what is signed then could never be verified.
    """
    if at < root.not_valid_before_utc:
        raise ValueError(f"the authority was made after {at.isoformat()}: nothing can be signed as of then")
    builder = _builder(
        subject.as_name(), root.subject, key, max(at - _EARLIER, root.not_valid_before_utc), root.not_valid_after_utc
    )
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_uses(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
    )
    return builder.sign(root_key, hashes.SHA384())


def _builder(subject, issuer, key, start: datetime, end: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _uses(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
