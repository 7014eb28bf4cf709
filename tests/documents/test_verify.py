"""Nothing about a signed file can change unnoticed.

Why no byte escapes, and what proves it here:
  - every byte outside the last signature's container lies in its ByteRange, so it is hashed
    (`test_the_last_signature_covers…`);
  - every byte of the container is either signed or must come out the same when the container is built again
    (`test_no_byte_of_the_last_container…` changes each one of them in turn);
  - bytes after the end are refused.
A sample over all regions of the file goes through the whole verification as well.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import re
from datetime import timedelta

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from portal.documents import authority, pades
from portal.documents.accounting import Unaccounted, check_container, container
from portal.documents.certificates import Subject, make_root
from portal.documents.evidence import as_text
from portal.documents.sealing import open_sealing
from portal.documents.signature_page import boxes
from portal.documents.stamp import Stamp
from portal.documents.trust import Trust, as_asn1, trust_of
from portal.documents.verify import verify
from tests.documents.conftest import AT, COMPANY, SECRET, SIGNERS, settings_for, shown


def codes(pdf: bytes, trust: Trust) -> list[str]:
    return [problem.code for problem in verify(pdf, trust).problems]


def last_signature(pdf: bytes):
    return PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]


def changed(pdf: bytes, place: int, to: int | None = None) -> bytes:
    """`pdf` with one byte changed."""
    value = pdf[place] ^ 1 if to is None else to
    assert value != pdf[place]
    return pdf[:place] + bytes([value]) + pdf[place + 1 :]


# ── one byte ──


def test_the_last_signature_covers_every_byte_but_its_own_container(signed):
    start, before, after, rest = last_signature(signed).byte_range
    assert (start, after + rest) == (0, len(signed))
    assert re.fullmatch(rb"<[0-9A-F]+>", signed[before:after])


def test_each_earlier_signature_covers_its_state_of_the_file(certified, half_signed, signed):
    ends = [int(one.byte_range[2] + one.byte_range[3]) for one in PdfFileReader(io.BytesIO(signed)).embedded_signatures]
    assert ends == [len(certified), len(half_signed), len(signed)]


def _places(pdf: bytes, signature) -> dict[str, list[int]]:
    """A sample of every region of the file."""
    start, before, after, _rest = (int(one) for one in signature.byte_range)
    sample = random.Random(7)
    der = len(container(pdf, signature.byte_range))
    found = {
        "header": range(12),
        "rendered": sample.sample(range(12, start + before), 30),
        "byte range": range((at := pdf.rindex(b"/ByteRange")), at + 40, 3),
        "opening": [before, before + 1, before + 2],
        "container": sample.sample(range(before + 1, before + 1 + 2 * der), 40),
        "padding": [before + 1 + 2 * der, *sample.sample(range(before + 1 + 2 * der, after - 1), 10), after - 2],
        "closing": [after - 1, after],
        "after": sample.sample(range(after, len(pdf)), 15),
        "xref": range((x := pdf.rindex(b"startxref")), x + 20, 3),
        "end": range(len(pdf) - 7, len(pdf)),
    }
    for number, one in enumerate(re.finditer(rb"/Contents <([0-9A-F]{200,})>", pdf)):
        found[f"container {number}"] = [one.start(1), one.start(1) + 801, one.end(1) - 1, one.end(1)]
    return {region: list(places) for region, places in found.items()}


def test_a_changed_byte_anywhere_is_found(sealing, signed, caplog):
    regions = _places(signed, last_signature(signed))
    assert sum(map(len, regions.values())) > 150
    escaped = [
        (region, place)
        for region, places in regions.items()
        for place in places
        if verify(changed(signed, place), sealing.trust).intact
    ]
    assert not escaped
    assert not caplog.records  # what the libraries think of it stays inside


def test_a_hexadecimal_digit_in_the_other_case_is_found(sealing, signed):
    """Same value, other byte: the reader of the container would not notice."""
    _start, before, after, _rest = last_signature(signed).byte_range
    place = next(at for at in range(before, after) if signed[at : at + 1] in b"ABCDEF")
    assert codes(changed(signed, place, signed[place] | 0x20), sealing.trust) == ["loose_bytes"]


def test_white_space_in_the_padding_is_found(sealing, signed):
    _start, _before, after, _rest = last_signature(signed).byte_range
    assert codes(changed(signed, after - 2, ord(" ")), sealing.trust) == ["loose_bytes"]


def _breaks(signature, der: bytes, trust: Trust) -> bool:
    """The container is refused, or its signature over the signed attributes fails, or these say something else."""
    try:
        check_container(der, trust.all)
    except Unaccounted:
        return True
    info = cms.ContentInfo.load(der)["content"]["signer_infos"][0]
    original = signature.signer_info
    if (
        info["signed_attrs"].dump() != original["signed_attrs"].dump()
        or info["signature"].native != original["signature"].native
    ):
        return True  # covered by the signature, or the signature itself: pyHanko's check fails, see the sample above
    certificate = cms.ContentInfo.load(der)["content"]["certificates"][0].chosen
    return certificate.dump() != signature.signer_cert.dump()


def test_no_byte_of_the_last_container_can_change(sealing, signed):
    signature = last_signature(signed)
    der = container(signed, signature.byte_range)
    assert not _breaks(signature, der, sealing.trust)
    escaped = [
        place
        for place in range(len(der))
        for to in (der[place] ^ 1, der[place] ^ 0x80)
        if not _breaks(signature, changed(der, place, to), sealing.trust)
    ]
    assert not escaped


def test_nothing_can_be_slipped_into_the_unsigned_part_of_a_container(sealing, signed):
    signature = last_signature(signed)
    content = cms.ContentInfo.load(container(signed, signature.byte_range))
    content["content"]["signer_infos"][0]["unsigned_attrs"] = [{"type": "1.2.3.4", "values": [core.UTF8String("说明")]}]
    assert codes(with_container(signed, signature, content.dump(force=True)), sealing.trust) == ["loose_bytes"]


@pytest.mark.parametrize("whose", ["a stranger", "a colleague", "the root"])
def test_no_certificate_can_be_added_to_a_container(sealing, signed, whose):
    added = {
        "a stranger": _stranger,
        "the root": lambda: sealing.trust.roots[0],
        "a colleague": lambda: as_asn1(sealing.authority.signer("张三", "", COMPANY, AT).certificate),
    }[whose]()
    signature = last_signature(signed)
    content = cms.ContentInfo.load(container(signed, signature.byte_range))
    content["content"]["certificates"].append(cms.CertificateChoices("certificate", added))
    assert codes(with_container(signed, signature, content.dump(force=True)), sealing.trust) == ["loose_bytes"]


def with_container(pdf: bytes, signature, der: bytes) -> bytes:
    _start, before, after, _rest = (int(one) for one in signature.byte_range)
    digits = der.hex().upper().encode()
    assert len(digits) <= after - before - 2
    return pdf[:before] + b"<" + digits.ljust(after - before - 2, b"0") + b">" + pdf[after:]


def _stranger():
    return as_asn1(make_root(Subject("外人", "外人公司"), ec.generate_private_key(ec.SECP384R1()), AT))


# ── more and less ──


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00", b"%%EOF\n", b"% a comment\n"])
@pytest.mark.parametrize("state", ["certified", "half_signed", "signed"])
def test_bytes_after_the_end_are_found(request, sealing, state, tail):
    assert codes(request.getfixturevalue(state) + tail, sealing.trust) in (["appended"], ["unreadable"])


def _overlaid(pdf: bytes) -> bytes:
    """Another amount painted over the first page, the way pdfsig does not notice."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    paint = generic.StreamObject(stream_data=b"q 1 0 0 rg 60 500 200 60 re f Q")
    writer.add_stream_to_page(0, writer.add_object(paint))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 60, 60))),
            generic.pdf_name("/Contents"): generic.pdf_string("总价改为一元"),
        }
    )
    page[generic.pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("tamper", [_overlaid, _annotated])
@pytest.mark.parametrize("state", ["certified", "half_signed", "signed"])
def test_an_appended_update_is_found(request, sealing, state, tamper):
    pdf = request.getfixturevalue(state)
    tampered = tamper(pdf)
    assert tampered.startswith(pdf)
    assert codes(tampered, sealing.trust) == ["appended"]
    assert [one.name for one in verify(tampered, sealing.trust).signers] == [
        one.name for one in verify(pdf, sealing.trust).signers
    ]


def _signed_by_hand(
    sealing,
    pdf: bytes,
    field: str,
    *,
    name=None,
    evidence=None,
    purpose=pades.Purpose.SIGN,
    fields=(),
    identity=None,
    at=AT,
) -> bytes:
    """A signature past the application's own refusals, by somebody who got hold of the portal's authority."""
    person = next((one for one in SIGNERS if one.key == field), SIGNERS[0])
    identity = identity or sealing.authority.signer(name or person.name, "", COMPANY, at)
    record = {
        "record": "signature",
        "field": field,
        "at": at.isoformat(),
        "clock": "portal",
        **shown(pdf),
        **(evidence or {}),
    }
    order = pades.Order(
        field_name=field,
        identity=identity,
        at=at,
        evidence=as_text(record),
        purpose=purpose,
        stamp=Stamp(name or person.name, "", at, "", "zh"),
        reason="",
        location="",
        fields=fields,
        timestamps=None,
    )
    return asyncio.run(pades.write(io.BytesIO(pdf), order))


def test_a_change_hidden_under_a_later_signature_is_found(sealing, half_signed):
    """Overlay first, then a genuine signature over it: covered to the last byte, and still not what the company
    certified.
    """
    for tamper in (_overlaid, _annotated):
        found = codes(
            _signed_by_hand(sealing, tamper(half_signed), "designer", purpose=pades.Purpose.LOCK), sealing.trust
        )
        assert "rewritten" in found


def test_a_signature_after_the_lock_is_found(sealing, signed):
    extra = pades.Field("extra", "extra", boxes(4)[3].rectangle)
    assert "rewritten" in codes(_signed_by_hand(sealing, signed, "extra", fields=(extra,)), sealing.trust)


def test_a_field_that_the_company_did_not_place_is_found(sealing, certified):
    extra = pades.Field("extra", "extra", boxes(4)[3].rectangle)
    assert codes(_signed_by_hand(sealing, certified, "extra", fields=(extra,)), sealing.trust)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"name": "张三"}, "wrong_signer"),
        ({"evidence": {"shown_sha256": hashlib.sha256(b"another").hexdigest()}}, "not_shown"),
        ({"evidence": {"field": "owner"}}, "wrong_signer"),
        ({"evidence": {"at": (AT + timedelta(days=1)).isoformat()}}, "times_differ"),
        ({"evidence": {"at": "yesterday"}}, "times_differ"),
        ({"evidence": {"clock": "service"}}, "times_differ"),
        ({"at": AT - timedelta(minutes=5)}, "times_differ"),
        ({"purpose": pades.Purpose.SIGN}, "not_locked"),
    ],
)
def test_claims_that_the_file_refutes_are_found(sealing, half_signed, how, code):
    pdf = _signed_by_hand(sealing, half_signed, "designer", **{"purpose": pades.Purpose.LOCK, **how})
    assert code in codes(pdf, sealing.trust)


def test_the_seal_cannot_sign_for_a_person_nor_a_person_certify(sealing, rendered, half_signed):
    seal = sealing.authority.company(COMPANY, AT)
    assert "wrong_signer" in codes(
        _signed_by_hand(sealing, half_signed, "designer", identity=seal, purpose=pades.Purpose.LOCK), sealing.trust
    )
    field = pades.Field("company", "x", boxes(2)[0].rectangle)
    assert "not_certified" in codes(
        _signed_by_hand(sealing, rendered, "company", fields=(field,), purpose=pades.Purpose.CERTIFY), sealing.trust
    )


@pytest.mark.parametrize(
    ("states", "missing"), [(("signed", "half_signed"), ["沈画"]), (("signed", "certified"), ["林知秋", "沈画"])]
)
def test_a_cut_off_signature_is_missed(request, sealing, states, missing):
    whole, cut = (request.getfixturevalue(state) for state in states)
    found = verify(whole[: len(cut)], sealing.trust)
    assert not found.valid
    assert [one.name for one in found.missing] == missing


def test_a_file_cut_anywhere_else_is_not_valid(sealing, signed, half_signed, certified):
    ends = {len(signed), len(half_signed), len(certified)}
    for end in random.Random(3).sample(range(len(signed)), 40):
        assert end in ends or not verify(signed[:end], sealing.trust).intact


# ── strangers ──


def test_a_paper_without_signatures_is_not_valid(sealing, rendered):
    assert codes(rendered, sealing.trust) == ["unsigned"]


def test_a_paper_of_another_authority_is_not_valid(tmp_path, rendered, signed):
    authority.create(tmp_path / "keys", SECRET, company=COMPANY, at=AT - timedelta(days=1))
    elsewhere = open_sealing(settings_for(tmp_path / "keys"))
    found = verify(signed, elsewhere.trust)
    assert {problem.code for problem in found.problems} >= {"unknown_authority"}
    assert [one.holds for one in found.signers] == [False, False, False]


def test_without_a_root_nobody_is_believed(signed, tmp_path):
    assert codes(signed, trust_of(tmp_path)) == ["no_root"]


def test_a_copy_of_the_pages_is_not_the_file(sealing, signed):
    """Written anew by another program: same look, no longer the signed bytes."""
    out = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(signed))).write(out)
    assert codes(out.getvalue(), sealing.trust)


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"%PDF-",
        b"%PDF-1.7\n",
        b"hello",
        b"PK\x03\x04",
        b"%PDF-1.7\n" + b"<<" * 50_000,
        b"%PDF-1.7\nxref\n0 99999999999\ntrailer<<>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[1 0 R]/SigFlags 3>>/FT/Sig/V 1 0 R>>endobj\n"
        b"startxref\n9\n%%EOF",
    ],
    ids=["empty", "magic", "header", "text", "zip", "nested", "xref", "loop"],
)
def test_junk_is_a_finding_and_never_an_error(sealing, junk):
    found = verify(junk, sealing.trust)
    assert not found.intact
    assert found.problems[0].code in ("not_a_pdf", "unreadable", "unsigned")


def test_a_huge_file_is_refused_unread(sealing, monkeypatch):
    monkeypatch.setattr("portal.documents.verify.LARGEST_FILE_BYTES", 1000)
    assert codes(b"%PDF-" + b"0" * 1001, sealing.trust) == ["too_large"]
