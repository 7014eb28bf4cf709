"""The portal's own authority and a bought seal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from portal.documents import authority
from portal.documents.authority import KeysLocked
from portal.documents.certificates import common_name
from portal.documents.sealing import SignerField, open_sealing
from portal.documents.trust import trust_of
from portal.documents.verify import verify
from tests.documents.conftest import AT, COMPANY, SECRET, settings_for, shown


@pytest.fixture
def fresh(tmp_path):
    folder = tmp_path / "keys"
    authority.create(folder, SECRET, company=COMPANY, at=AT - timedelta(days=1))
    return folder


def number(identity) -> int:
    return identity.certificate.serial_number


def test_only_the_owner_reads_the_keys(fresh):
    authority.open_authority(fresh, SECRET).company(COMPANY, AT)
    assert fresh.stat().st_mode & 0o077 == 0
    files = list(fresh.iterdir())
    assert {file.name for file in files} == {"root.pem", "root.key", "root.salt", "seal.pem", "seal.key"}
    assert all(file.stat().st_mode & 0o177 == 0 for file in files)
    assert all(b"ENCRYPTED" in file.read_bytes() for file in files if file.name in ("root.key", "seal.key"))


def test_the_root_is_made_once(fresh):
    before = {file: file.read_bytes() for file in fresh.iterdir()}
    authority.create(fresh, "another secret " * 4, company="别的公司", at=AT)
    assert before == {file: file.read_bytes() for file in fresh.iterdir()}


def test_the_wrong_secret_opens_nothing(fresh):
    with pytest.raises(KeysLocked, match="SECRET_KEY"):
        authority.open_authority(fresh, "another secret " * 4)


def test_missing_keys_are_named(tmp_path):
    with pytest.raises(KeysLocked, match="create the keys first"):
        authority.open_authority(tmp_path / "nowhere", SECRET)


def test_the_seal_stays_until_the_company_is_renamed(fresh):
    ours = authority.open_authority(fresh, SECRET)
    first = ours.company(COMPANY, AT)
    assert number(ours.company(COMPANY, AT + timedelta(days=300))) == number(first)
    assert number(ours.company("新名称装饰有限公司", AT)) != number(first)


def test_a_seal_torn_by_a_crash_is_made_anew(fresh):
    ours = authority.open_authority(fresh, SECRET)
    first = ours.company(COMPANY, AT)
    other = ours.signer("甲", "1", COMPANY, AT)
    (fresh / "seal.pem").write_bytes(other.certificate.public_bytes(serialization.Encoding.PEM))
    again = ours.company(COMPANY, AT)
    assert again.certificate.public_key() == again.key.public_key()
    assert number(again) != number(first)


def test_every_signature_gets_a_key_of_its_own_that_is_kept_nowhere(fresh):
    ours = authority.open_authority(fresh, SECRET)
    files = {file.name for file in fresh.iterdir()}
    one, other = ours.signer("林知秋", "C-7", COMPANY, AT), ours.signer("林知秋", "C-7", COMPANY, AT)
    assert one.certificate.public_key() != other.certificate.public_key()
    assert {file.name for file in fresh.iterdir()} == files


def test_nothing_is_signed_as_of_a_moment_before_the_authority(fresh):
    """It could be written, but never verified."""
    with pytest.raises(ValueError, match="nothing can be signed as of then"):
        authority.open_authority(fresh, SECRET).signer("林知秋", "", COMPANY, AT - timedelta(days=2))


def test_what_is_signed_in_the_second_of_the_setup_verifies(tmp_path, rendered):
    at = AT.replace(microsecond=400_000)
    authority.create(tmp_path / "keys", SECRET, company=COMPANY, at=at)
    ours = open_sealing(settings_for(tmp_path / "keys"))
    certified = ours.certify(rendered, company=COMPANY, title="估算", signers=(), at=at, language="zh")
    assert verify(certified, ours.trust).valid


@pytest.mark.parametrize("name", ["林知秋", "欧" * 40, "A" * 64, "A" * 65, "\u200b", "a\x00b"])
def test_names_fit_into_a_certificate(fresh, name):
    certificate = authority.open_authority(fresh, SECRET).signer(name, "", COMPANY, AT).certificate
    kept = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert kept == common_name(name)
    assert len(kept.encode()) <= 64
    assert name.startswith(kept.removesuffix("…")) or kept == "〓"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("王𬭎", "王〓"), ("👷工头", "〓工头"), ("שם Li", "〓〓 Li"), ("欧阳䶮", "欧阳䶮"), ("שלום", "שלום"), ("é", "é")],
)
def test_a_character_that_certificates_do_not_know_is_marked(name, kept):
    assert common_name(name) == kept


def _bought(tmp_path, key):
    """A seal as a commercial authority would sell it: root, seal, one file with a password."""

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    root_key = ec.generate_private_key(ec.SECP256R1())
    made = []
    for subject, public, issuing in (
        ("Commercial CA", root_key.public_key(), True),
        (COMPANY, key.public_key(), False),
    ):
        uses = dict.fromkeys(("digital_signature", "content_commitment"), not issuing) | dict.fromkeys(
            ("key_cert_sign", "crl_sign"), issuing
        )
        rest = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        made.append(
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Commercial CA"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=30))
            .not_valid_after(AT + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=issuing, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**uses, **rest), critical=True)
            .sign(root_key, hashes.SHA256())
        )
    path = tmp_path / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", key, made[1], made[:1], serialization.BestAvailableEncryption(b"1234")
        )
    )
    return path


@pytest.mark.parametrize(
    "make",
    [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP256R1())],
    ids=["rsa", "ec"],
)
def test_a_bought_seal_certifies_and_the_portal_issues_the_signers(fresh, tmp_path, rendered, make):
    path = _bought(tmp_path, make())
    settings = settings_for(fresh, seal_p12=str(path), seal_p12_password="1234")
    bought = open_sealing(settings)
    one = (SignerField("owner", "林知秋", "业主"),)
    certified = bought.certify(rendered, company=COMPANY, title="估算", signers=one, at=AT, language="zh")
    signed = bought.sign(certified, "owner", at=AT, evidence=shown(certified))
    found = verify(signed, trust_of(fresh))
    assert found.valid, found.problems
    assert found.signers[0].authority == "Commercial CA"
    assert found.facts["assurance"] == "commercial"
    (fresh / "trusted").rename(tmp_path / "elsewhere")
    assert {problem.code for problem in verify(signed, trust_of(fresh)).problems} >= {"unknown_authority"}


def test_another_customer_of_the_same_commercial_authority_is_not_our_company(fresh, tmp_path, rendered):
    path = _bought(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    settings = settings_for(fresh, seal_p12=str(path), seal_p12_password="1234")
    forger = open_sealing(settings)
    certified = forger.certify(rendered, company=COMPANY, title="估算", signers=(), at=AT, language="zh")
    for seal in (fresh / "trusted").glob("*.pem"):
        if (
            not x509.load_pem_x509_certificate(seal.read_bytes())
            .extensions.get_extension_for_class(x509.BasicConstraints)
            .value.ca
        ):
            seal.unlink()
    assert [problem.code for problem in verify(certified, trust_of(fresh)).problems] == ["not_certified"]


def test_a_seal_that_does_not_open_says_which_setting(fresh, tmp_path):
    path = _bought(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(KeysLocked, match="PORTAL_SEAL_P12"):
        open_sealing(settings_for(fresh, seal_p12=str(path), seal_p12_password="0000"))
