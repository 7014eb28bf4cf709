"""Certification and signatures: who may sign where, and what stands in the sealed file."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
from datetime import timedelta

import pypdfium2
import pytest
from PIL import Image

from portal.documents.sealing import SignerField, SigningRefused
from portal.documents.stamp import UnusableDrawing, ink
from portal.documents.verify import verify
from tests.documents.conftest import AT, COMPANY, EVIDENCE, shown


def test_each_signature_is_appended_to_the_bytes_before(rendered, certified, half_signed, signed):
    assert certified.startswith(rendered)
    assert half_signed.startswith(certified)
    assert signed.startswith(half_signed)


def test_what_everybody_did_is_read_back_from_the_file(sealing, rendered, certified, signed):
    found = verify(signed, sealing.trust)
    company, owner, designer = found.signers
    assert (company.kind, company.name, company.at) == ("company", COMPANY, AT)
    assert (owner.kind, owner.name, owner.role, owner.at) == ("signer", "林知秋", "业主", AT + timedelta(minutes=1))
    assert (designer.name, designer.field, designer.covers_bytes) == ("沈画", "designer", len(signed))
    assert (
        owner.evidence.items()
        >= {**EVIDENCE, "who": "林知秋", "number": "C-7", "shown_sha256": hashlib.sha256(certified).hexdigest()}.items()
    )
    assert (
        found.facts.items()
        >= {
            "document_sha256": hashlib.sha256(rendered).hexdigest(),
            "total_fen": 134650,
            "assurance": "internal",
            "clock": "portal",
        }.items()
    )
    assert found.title == "装修估算书 第1版"


def test_who_has_to_sign_yet_is_known_from_the_file_alone(sealing, certified, half_signed, signed):
    waiting = [[one.name for one in verify(pdf, sealing.trust).missing] for pdf in (certified, half_signed, signed)]
    assert waiting == [["林知秋", "沈画"], ["沈画"], []]
    assert [verify(pdf, sealing.trust).valid for pdf in (certified, half_signed, signed)] == [False, False, True]
    assert verify(certified, sealing.trust).intact


def test_people_sign_in_any_order_and_whoever_is_last_locks(sealing, certified):
    first = sealing.sign(certified, "designer", at=AT, evidence=shown(certified))
    both = sealing.sign(first, "owner", at=AT, evidence=shown(first))
    assert b"/FieldMDP" not in first
    assert b"/FieldMDP" in both[len(first) :]
    assert verify(both, sealing.trust).valid


@pytest.mark.parametrize(
    ("state", "field", "code"),
    [
        ("half_signed", "owner", "already_signed"),
        ("signed", "designer", "already_signed"),
        ("certified", "neighbour", "unknown_field"),
        ("certified", "company", "already_signed"),
        ("signed", "neighbour", "unknown_field"),
        ("rendered", "owner", "not_sealed"),
    ],
)
def test_nobody_signs_twice_or_elsewhere_or_too_early(request, sealing, state, field, code):
    pdf = request.getfixturevalue(state)
    with pytest.raises(SigningRefused) as refused:
        sealing.sign(pdf, field, at=AT, evidence=shown(pdf))
    assert refused.value.code == code


def test_an_altered_file_is_not_signed(sealing, certified):
    broken = certified.replace(b"/Rotate", b"/Rotatf") if b"/Rotate" in certified else certified + b"\n"
    with pytest.raises(SigningRefused) as refused:
        sealing.sign(broken, "owner", at=AT, evidence=shown(broken))
    assert refused.value.code in ("altered", "not_sealed")


def test_a_hash_of_another_file_is_not_signed(sealing, certified):
    with pytest.raises(SigningRefused) as refused:
        sealing.sign(certified, "owner", at=AT, evidence=shown(b"another file"))
    assert refused.value.code == "not_shown"


def test_she_may_have_been_shown_any_earlier_state(sealing, rendered, half_signed):
    done = sealing.sign(half_signed, "designer", at=AT + timedelta(minutes=2), evidence=shown(rendered))
    assert verify(done, sealing.trust).valid


@pytest.mark.parametrize("absent", ["address", "device", "channel", "language", "shown_sha256"])
def test_no_signature_without_its_evidence(sealing, certified, absent):
    evidence = {**shown(certified), absent: ""}
    with pytest.raises(SigningRefused) as refused:
        sealing.sign(certified, "owner", at=AT, evidence=evidence)
    assert refused.value.code == "evidence_missing"


def test_evidence_has_a_size(sealing, certified):
    with pytest.raises(ValueError, match="larger"):
        sealing.sign(certified, "owner", at=AT, evidence={**shown(certified), "story": "长" * 20_000})


@pytest.mark.parametrize("fields", [("a", "a"), ("company",), ("",), ("x.y",), ("业主",)])
def test_fields_have_plain_and_different_names(sealing, rendered, fields):
    with pytest.raises(ValueError, match="keys of signers"):
        sealing.certify(
            rendered,
            company=COMPANY,
            title="x",
            signers=[SignerField(key, "甲", "业主") for key in fields],
            at=AT,
            language="zh",
        )


@pytest.mark.parametrize(
    "name",
    [
        "欧阳" * 20,
        "O'Brien \\ (née) Smith",
        "阿卜杜拉·阿卜杜热西提",
        "👷 工头",
        "e\u0301",
        "王𬭎",
        "שם Li",
        "倒\u202e着",
    ],
)
def test_every_name_can_sign(sealing, rendered, name):
    certified = sealing.certify(
        rendered, company=COMPANY, title="x", signers=[SignerField("owner", name, "业主")], at=AT, language="en"
    )
    found = verify(sealing.sign(certified, "owner", at=AT, evidence=shown(certified)), sealing.trust)
    assert found.valid, found.problems
    assert found.signers[1].name == name


# ── what is seen ──


def test_the_drawn_signature_is_seen_in_its_box_and_the_name_in_the_other(certified, half_signed, signed):
    def darkness(pdf, place):
        document = pypdfium2.PdfDocument(pdf)
        document.init_forms()
        last = document[len(document) - 1]
        picture = last.render(scale=1, may_draw_forms=True).to_pil().convert("L")
        left, top = (306, 268) if place == 0 else (60, 402)
        return sum(1 for light in picture.crop((left, top, left + 215, top + 55)).get_flattened_data() if light < 110)

    assert darkness(certified, 0) == 0
    assert darkness(half_signed, 0) > 300
    assert darkness(half_signed, 1) == 0
    assert darkness(signed, 1) > 100


def _png(size, colour) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "drawn",
    [
        b"not a picture",
        b"",
        _png((300, 100), (0, 0, 0, 0)),
        _png((300, 100), "white"),
        _png((3000, 3000), "black"),
        b"\x89PNG\r\n\x1a\n" + b"0" * 500_000,
        b"GIF89a" + b"0" * 60,
    ],
    ids=["text", "empty", "transparent", "white", "too many pixels", "too large", "gif"],
)
def test_only_a_drawing_in_ink_is_taken(drawn):
    with pytest.raises(UnusableDrawing):
        ink(drawn)


def test_a_drawing_keeps_nothing_but_its_ink():
    picture = Image.new("RGB", (2000, 800), "white")
    picture.paste("black", (400, 300, 1400, 420))
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=None)
    cut = Image.open(io.BytesIO(ink(out.getvalue())))
    assert cut.size == (900, 108)
    assert cut.info == {}


# ── another tool's view ──

needs_pdfsig = pytest.mark.skipif(
    shutil.which("pdfsig") is None and not os.environ.get("CI"), reason="pdfsig (poppler-utils) is not installed"
)


@needs_pdfsig
def test_pdfsig_names_the_same_signers(tmp_path, sealing, signed):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert re.findall(r"Signer Certificate Common Name: (.*)", said) == [
        one.name for one in verify(signed, sealing.trust).signers
    ]
    assert re.findall(r"Signature Field Name: (.*)", said) == ["company", "owner", "designer"]
    assert said.count("Signature is Valid.") == 3
    assert said.count("Total document signed") == 1
    assert [moment.split()[-1] for moment in re.findall(r"Signing Time: (.*)", said)] == [
        "04:00:05",
        "04:01:05",
        "04:02:05",
    ]
