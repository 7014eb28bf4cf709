"""Who vouches for signatures.

The internal authority is a root made at set-up; its key lies in `<home>/keys/`, encrypted with a key derived from
SECRET_KEY. A signer's key is made for one signature, used once and thrown away: nobody, the server included, can sign
a second time in that name with that certificate. But the server makes it, so the signature proves what the portal
attests (who confirmed what, by which code), not that a person alone held a key. That is an advanced electronic
signature of an internal authority, not a qualified one; `Assurance` says so wherever signatures are shown.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import pkcs12

from portal.documents.certificates import SEAL, SIGNER, Subject, common_name, issue, make_root
from portal.documents.trust import ROOT_FILE, TRUSTED_DIR

KEY_FILE, SALT_FILE = "root.key", "root.salt"
_SEAL_FILE, _SEAL_KEY_FILE = "seal.pem", "seal.key"
INTERNAL, COMMERCIAL = "internal", "commercial"


class KeysLocked(Exception):
    """The keys cannot be opened: SECRET_KEY is not the one they were made with, or a file is missing or damaged."""


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key, ready to sign. `chain` are the certificates above it, the root left out."""

    certificate: x509.Certificate
    key: object
    chain: tuple[x509.Certificate, ...] = ()


class SigningAuthority(Protocol):
    """Where identities come from. `assurance` is INTERNAL or COMMERCIAL and tells who vouches for the company's
    seal.
    """

    assurance: str

    def company(self, name: str, at: datetime) -> Identity: ...

    def signer(self, name: str, number: str, company: str, at: datetime) -> Identity: ...


@dataclass(frozen=True)
class InternalAuthority:
    """The portal's own root. Open it with `open_authority`."""

    folder: Path
    root: x509.Certificate
    root_key: ec.EllipticCurvePrivateKey
    passphrase: bytes
    assurance: str = INTERNAL

    def company(self, name: str, at: datetime) -> Identity:
        """The company's seal; kept, and made anew when the company is renamed."""
        kept = self._kept_seal()
        if kept and _common_name(kept.certificate) == common_name(name) and kept.certificate.not_valid_before_utc <= at:
            return kept
        made = self._issue(Subject(name, name, SEAL), at)
        _write(self.folder / _SEAL_KEY_FILE, _sealed(made.key, self.passphrase))
        _write(self.folder / _SEAL_FILE, made.certificate.public_bytes(serialization.Encoding.PEM))
        return made

    def signer(self, name: str, number: str, company: str, at: datetime) -> Identity:
        """An identity for one signature. The caller uses it once and lets it go; it is stored nowhere."""
        return self._issue(Subject(name, company, SIGNER, number), at)

    def _issue(self, subject: Subject, at: datetime) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        return Identity(issue(subject, key.public_key(), root=self.root, root_key=self.root_key, at=at), key)

    def _kept_seal(self) -> Identity | None:
        path = self.folder / _SEAL_FILE
        if not path.exists():
            return None
        key = _unsealed((self.folder / _SEAL_KEY_FILE), self.passphrase)
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        # Written one after the other: a crash in between leaves a pair that does not belong together.
        return Identity(certificate, key) if certificate.public_key() == key.public_key() else None


@dataclass(frozen=True)
class BoughtSeal:
    """The company's seal from a commercial authority (a PKCS#12 file); signers still come from the internal root."""

    internal: InternalAuthority
    path: Path
    password: str
    assurance: str = COMMERCIAL

    def company(self, name: str, at: datetime) -> Identity:
        """The bought certificate, whatever `name` the portal uses. KeysLocked when the file cannot be opened."""
        key, certificate, chain = self._opened()
        return Identity(certificate, key, tuple(one for one in chain if one.subject != one.issuer))

    def signer(self, name: str, number: str, company: str, at: datetime) -> Identity:
        return self.internal.signer(name, number, company, at)

    def believe(self) -> None:
        """Keep its certificates beside the root, so that its documents verify after the seal has been replaced."""
        _key, certificate, chain = self._opened()
        beside = self.internal.folder / TRUSTED_DIR
        beside.mkdir(mode=0o700, exist_ok=True)
        for one in (certificate, *chain):
            path = beside / f"{one.serial_number:x}.pem"
            if not path.exists():
                _write(path, one.public_bytes(serialization.Encoding.PEM))

    def _opened(self) -> tuple:
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(
                self.path.read_bytes(), self.password.encode() or None
            )
        except (OSError, ValueError) as problem:
            raise KeysLocked(f"PORTAL_SEAL_P12 cannot be opened: {problem}") from problem
        if key is None or certificate is None:
            raise KeysLocked("PORTAL_SEAL_P12 holds no certificate with its key")
        if not any(one.subject == one.issuer for one in (certificate, *chain)):
            raise KeysLocked("PORTAL_SEAL_P12 lacks the certificates up to the authority's root")
        return key, certificate, chain


def create(folder: Path, secret: str, *, company: str, at: datetime) -> None:
    """Make the root in `folder` unless it is there. Files are readable by their owner only; `at` is when its life
    begins.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / ROOT_FILE).exists():
        return
    salt = os.urandom(16)
    key = ec.generate_private_key(ec.SECP384R1())
    root = make_root(Subject(f"{company[:12]} 门户根证书", company), key, at)
    _write(folder / SALT_FILE, salt)
    _write(folder / KEY_FILE, _sealed(key, _passphrase(secret, salt)))
    _write(folder / ROOT_FILE, root.public_bytes(serialization.Encoding.PEM))  # last: its presence means all is there


@cache
def open_authority(folder: Path, secret: str, seal_p12: str = "", seal_password: str = "") -> SigningAuthority:
    """The authority of this portal. Raises KeysLocked in plain words when the keys and SECRET_KEY do not fit, or
    the bought seal does not open.
    """
    try:
        passphrase = _passphrase(secret, (folder / SALT_FILE).read_bytes())
        root = x509.load_pem_x509_certificate((folder / ROOT_FILE).read_bytes())
    except FileNotFoundError as problem:
        raise KeysLocked(f"{problem.filename} is missing: create the keys first") from problem
    internal = InternalAuthority(folder, root, _unsealed(folder / KEY_FILE, passphrase), passphrase)
    if not seal_p12:
        return internal
    bought = BoughtSeal(internal, Path(seal_p12), seal_password)
    bought.believe()
    return bought


def _common_name(certificate: x509.Certificate) -> str:
    return certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value


def _passphrase(secret: str, salt: bytes) -> bytes:
    return base64.b64encode(Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(secret.encode()))


def _sealed(key, passphrase: bytes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase)
    )


def _unsealed(path: Path, passphrase: bytes):
    try:
        return serialization.load_pem_private_key(path.read_bytes(), passphrase)
    except FileNotFoundError as problem:
        raise KeysLocked(f"{path.name} is missing from the keys folder") from problem
    except (ValueError, TypeError) as problem:
        raise KeysLocked(f"{path.name} does not open: is SECRET_KEY the one the keys were made with?") from problem


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_suffix(path.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
