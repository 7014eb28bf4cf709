"""One PAdES signature into one field, as an incremental update (pyHanko)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers.cms_embedder import SigMDPSetup
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.documents import stamp as stamps
from portal.documents.authority import Identity
from portal.documents.evidence import PadesWithEvidence
from portal.documents.timestamps import TimestampService
from portal.documents.trust import as_asn1

HASH = "sha256"


class Purpose(StrEnum):
    CERTIFY = "certify"
    SIGN = "sign"
    LOCK = "lock"


@dataclass(frozen=True)
class Field:
    """An empty signature field on the last page; `rectangle` in PDF points."""

    name: str
    label: str
    rectangle: tuple[int, int, int, int]


@dataclass(frozen=True)
class Order:
    """Everything one signature needs. `fields` are placed before, in the same update; `at` is written as the time."""

    field_name: str
    identity: Identity
    at: datetime
    evidence: str
    purpose: Purpose
    stamp: stamps.Stamp
    reason: str
    location: str
    fields: tuple[Field, ...]
    timestamps: TimestampService | None


async def write(pdf: io.BytesIO, order: Order) -> bytes:
    """The file with the signature appended; every byte before stays as it is."""
    writer = IncrementalPdfFileWriter(pdf, strict=True)
    for one in order.fields:
        append_signature_field(
            writer,
            SigFieldSpec(
                one.name, on_page=-1, box=one.rectangle, readable_field_name=one.label, combine_annotation=True
            ),
        )
    signer = _signer(order)
    style = stamps.style(order.stamp, _rectangle_of(writer, order.field_name))
    session = PdfSigner(_metadata(order), signer, timestamper=order.timestamps, stamp_style=style).init_signing_session(
        writer, existing_fields_only=True
    )
    session.system_time = order.at
    if order.purpose is Purpose.LOCK:
        # A lock in the field dictionary would have to be placed before anybody knows who signs last.
        lock = SigMDPSetup(HASH, field_lock=FieldMDPSpec(FieldMDPAction.ALL), docmdp_perms=MDPPerm.NO_CHANGES)
        session._apply_locking_rules = lambda: lock
    reserved = await session.estimate_signature_container_size(None, tight=False)
    prepared = session.prepare_tbs_document(None, bytes_reserved=reserved)
    digest, out = prepared.digest_tbs_document()
    signed = await prepared.perform_signature(digest.document_digest, PdfCMSSignedAttributes())
    await signed.post_signature_processing(out)
    return out.getvalue()


def _metadata(order: Order) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=order.field_name,
        md_algorithm=HASH,
        subfilter=SigSeedSubFilter.PADES,
        name=order.stamp.name,
        reason=order.reason or None,
        location=order.location or None,
        certify=order.purpose is Purpose.CERTIFY,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )


def _signer(order: Order) -> SimpleSigner:
    certificate, chain = as_asn1(order.identity.certificate), SimpleCertificateStore()
    chain.register_multiple([as_asn1(one) for one in order.identity.chain])
    key = order.identity.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=certificate, signing_key=keys.PrivateKeyInfo.load(key), cert_registry=chain, embed_roots=False
    )
    signer.signed_attr_prov_spec = PadesWithEvidence(
        order.evidence, attr_settings=PdfCMSSignedAttributes(), signing_cert=certificate, timestamper=None
    )
    return signer


def _rectangle_of(writer: IncrementalPdfFileWriter, field_name: str) -> tuple[int, int, int, int]:
    for field in writer.root["/AcroForm"]["/Fields"]:
        if field.get_object()["/T"] == field_name:
            return tuple(int(edge) for edge in field.get_object()["/Rect"])
    raise ValueError(f"no field {field_name}")
