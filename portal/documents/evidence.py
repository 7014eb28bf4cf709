"""Evidence inside the sealed file: one signed attribute per signature, JSON in UTF-8.

Attachments and pages cannot be added to a certified file, and unsigned notes prove nothing. A signed attribute lies in
the signature container itself, so the signature covers it, and any CMS tool can read it: the attribute's type is
EVIDENCE_OID, its value one UTF8String.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from asn1crypto import cms, core
from pyhanko.sign.attributes import CMSAttributeProvider
from pyhanko.sign.signers.pdf_cms import CAdESSignedAttributeProviderSpec

EVIDENCE_OID = "2.25.338536434985790330047552060592864073679"  # a UUID-based identifier, ours alone (ITU-T X.667)
LARGEST_EVIDENCE_BYTES = 16 * 1024


class _Text(core.SetOf):
    _child_spec = core.UTF8String


cms.CMSAttributeType._map[EVIDENCE_OID] = "portal_evidence"
cms.CMSAttributeType._reverse_map = None  # built anew at the next use
cms.CMSAttribute._oid_specs["portal_evidence"] = _Text


def as_text(evidence: Mapping[str, Any]) -> str:
    """One fixed spelling of the evidence. ValueError when it is too large or not JSON."""
    text = json.dumps(evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(text.encode()) > LARGEST_EVIDENCE_BYTES:
        raise ValueError("the evidence is larger than a signature may carry")
    return text


def read(signer_info: cms.SignerInfo) -> dict[str, Any] | None:
    """The evidence of a signature, or None when it carries none. ValueError when it is not one JSON object."""
    found = [
        value.native
        for one in signer_info["signed_attrs"]
        if one["type"].native == "portal_evidence"
        for value in one["values"]
    ]
    if not found:
        return None
    evidence = json.loads(found[0])
    if len(found) > 1 or not isinstance(evidence, dict):
        raise ValueError("not one piece of evidence")
    return evidence


class _EvidenceProvider(CMSAttributeProvider):
    attribute_type = "portal_evidence"

    def __init__(self, text: str):
        self._text = text

    async def build_attr_value(self, dry_run=False) -> core.UTF8String:
        return core.UTF8String(self._text)


class PadesWithEvidence(CAdESSignedAttributeProviderSpec):
    """The signed attributes of PAdES and the evidence."""

    def __init__(self, text: str, **settings):
        super().__init__(is_pades=True, **settings)
        self._text = text

    def signed_attr_providers(self, data_digest, digest_algorithm):
        yield from super().signed_attr_providers(data_digest, digest_algorithm)
        yield _EvidenceProvider(self._text)
