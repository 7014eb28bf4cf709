"""What a verification found: codes and facts, put into words by words.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Why the file is not to be believed. The codes stand in words.py, each with its sentence."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Required:
    """A signature that the certified file asks for."""

    field: str
    name: str
    role: str
    number: str = ""


@dataclass(frozen=True)
class SignerReport:
    """One signature. `at` is aware; `stamped_at` is a time-stamp service's word for it, or None.

    `kind` is "company" or "signer". `covers_bytes` is how much of the file, from its start, the signature covers.
    `holds`: it is cryptographically right and from an authority that the verifier believes.
    """

    name: str
    role: str
    kind: str
    field: str
    at: datetime | None
    stamped_at: datetime | None
    covers_bytes: int
    certificate_number: str
    authority: str
    holds: bool
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Verification:
    """The whole finding. `states` are the hashes of the file as it was rendered and after each signature, oldest
    first.
    """

    sha256: str
    signers: tuple[SignerReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    missing: tuple[Required, ...] = ()
    states: tuple[str, ...] = ()
    title: str = ""
    company: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        """Signed by whom it says and not changed by a byte since; somebody may still have to sign."""
        return bool(self.signers) and not self.problems

    @property
    def valid(self) -> bool:
        """Intact, and everybody who has to sign has signed."""
        return self.intact and not self.missing
