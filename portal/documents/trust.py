"""Whom a verifier believes. Plain certificates, no database: `root.pem` of the portal and what an administrator
laid beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

ROOT_FILE, TRUSTED_DIR = "root.pem", "trusted"


@dataclass(frozen=True)
class Trust:
    """`roots` issue seals and signers. `seals` are company certificates bought elsewhere, each believed by itself: the
    authority that sold one sells to anybody. `others` complete their chains and those of time-stamp services."""

    roots: tuple[asn1_x509.Certificate, ...] = ()
    seals: tuple[asn1_x509.Certificate, ...] = ()
    others: tuple[asn1_x509.Certificate, ...] = ()

    @property
    def all(self) -> tuple[asn1_x509.Certificate, ...]:
        return self.roots + self.seals + self.others

    def __bool__(self) -> bool:
        return bool(self.roots)


def trust_of(keys: Path, *root_files: Path) -> Trust:
    """`keys/root.pem` and `root_files` as roots; every PEM in `keys/trusted/` as a seal or, when it may issue, as
    another root.

    ValueError when a file holds no certificate; OSError when a named file cannot be read.
    """
    kept = [keys / ROOT_FILE] if (keys / ROOT_FILE).exists() else []
    roots = [one for file in (*kept, *root_files) for one in certificates_in(file.read_bytes())]
    beside = [one for file in sorted((keys / TRUSTED_DIR).glob("*.pem")) for one in certificates_in(file.read_bytes())]
    return Trust(tuple(roots), tuple(one for one in beside if not one.ca), tuple(one for one in beside if one.ca))


def certificates_in(pem: bytes) -> tuple[asn1_x509.Certificate, ...]:
    """The certificates of a PEM file. ValueError when there is none."""
    return tuple(as_asn1(certificate) for certificate in x509.load_pem_x509_certificates(pem))


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
