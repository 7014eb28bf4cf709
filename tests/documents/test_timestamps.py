"""A time-stamp service over HTTP: used when it answers, never replaced by our own clock when it does not."""

from __future__ import annotations

import io
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import cms, tsp
from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.documents.accounting import container
from portal.documents.sealing import open_sealing
from portal.documents.timestamps import TimestampUnavailable
from portal.documents.trust import as_asn1, trust_of
from portal.documents.verify import verify
from tests.documents.conftest import AT, COMPANY, SIGNERS, settings_for, shown
from tests.documents.test_verify import changed, codes, with_container

STAMPED = AT + timedelta(minutes=3)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture(scope="module")
def service_keys():
    """Root and certificate of a time-stamp service."""
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    made = []
    for subject, owner, issuing in (("Time CA", root_key, True), ("Time Service", key, False)):
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(subject))
            .issuer_name(_name("Time CA"))
            .public_key(owner.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=30))
            .not_valid_after(AT + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=issuing, path_length=None), critical=True)
        )
        if not issuing:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        made.append(builder.sign(root_key, hashes.SHA256()))
    return made[0], made[1], key


@pytest.fixture(scope="module")
def service(service_keys):
    """A real RFC 3161 service on a port of this machine. Set `answer` to spoil what it says."""
    root, certificate, key = service_keys
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    store = SimpleCertificateStore()
    store.register(as_asn1(root))
    stamper = DummyTimeStamper(
        as_asn1(certificate), asn1_keys.PrivateKeyInfo.load(der), certs_to_embed=store, fixed_dt=STAMPED
    )

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = server.answer or stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.answer = None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def stamping(service, service_keys, keys, tmp_path):
    """A portal that asks the service and believes its root."""
    home = tmp_path / "keys"
    home.mkdir()
    for file in keys.iterdir():
        if file.is_file():
            (home / file.name).write_bytes(file.read_bytes())
    (home / "trusted").mkdir()
    (home / "trusted" / "time.pem").write_bytes(service_keys[0].public_bytes(serialization.Encoding.PEM))
    service.answer = None
    return open_sealing(settings_for(home, tsa_url=f"http://127.0.0.1:{service.server_port}/tsa"))


@pytest.fixture
def stamped(stamping, rendered):
    certified = stamping.certify(rendered, company=COMPANY, title="估算", signers=SIGNERS[:1], at=AT, language="zh")
    return stamping.sign(certified, "owner", at=AT, evidence=shown(certified))


def test_the_service_vouches_for_the_time(stamping, stamped):
    found = verify(stamped, stamping.trust)
    assert found.valid, found.problems
    assert [one.stamped_at for one in found.signers] == [STAMPED, STAMPED]
    assert found.facts["clock"] == "service"


def test_a_service_that_is_not_believed_is_said(stamping, stamped, keys):
    assert set(codes(stamped, trust_of(keys))) >= {"unknown_time_service"}


def test_no_byte_of_a_stamped_container_changes_unnoticed(stamping, stamped):
    signature = PdfFileReader(io.BytesIO(stamped)).embedded_signatures[-1]
    _start, before, after, _rest = (int(one) for one in signature.byte_range)
    escaped = [
        place
        for place in range(before, after, 61)
        if verify(changed(stamped, place, ord("5") if stamped[place] != ord("5") else ord("6")), stamping.trust).intact
    ]
    assert not escaped


def test_a_time_stamp_that_was_cut_out_is_missed(stamping, stamped):
    signature = PdfFileReader(io.BytesIO(stamped)).embedded_signatures[-1]
    content = cms.ContentInfo.load(container(stamped, signature.byte_range))
    del content["content"]["signer_infos"][0]["unsigned_attrs"]
    assert codes(with_container(stamped, signature, content.dump(force=True)), stamping.trust) == ["times_differ"]


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_an_unreachable_service_seals_nothing(keys, rendered, certified):
    waiting = open_sealing(settings_for(keys, tsa_url=f"http://127.0.0.1:{_closed_port()}/"))
    with pytest.raises(TimestampUnavailable, match="cannot be reached"):
        waiting.certify(rendered, company=COMPANY, title="估算", signers=SIGNERS, at=AT, language="zh")
    with pytest.raises(TimestampUnavailable):
        waiting.sign(certified, "owner", at=AT, evidence=shown(certified))


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>down for maintenance</html>", b"0\x80", bytes.fromhex("30053003020102")],
    ids=["empty", "page", "torn", "rejected"],
)
def test_an_answer_that_is_no_time_stamp_seals_nothing(service, stamping, certified, answer):
    service.answer = answer or b"\x00"
    with pytest.raises(TimestampUnavailable):
        stamping.sign(certified, "owner", at=AT, evidence=shown(certified))


def test_a_stamp_on_something_else_seals_nothing(service, service_keys, stamping, certified):
    """A replayed answer: genuine, but for another question."""
    _root, certificate, key = service_keys
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    other = DummyTimeStamper(
        as_asn1(certificate), asn1_keys.PrivateKeyInfo.load(der), fixed_dt=STAMPED, include_nonce=False
    )
    _nonce, asked = other.request_cms(b"\x00" * 32, "sha256")
    service.answer = other.request_tsa_response(asked).dump()
    with pytest.raises(TimestampUnavailable):
        stamping.sign(certified, "owner", at=AT, evidence=shown(certified))


def test_a_setting_that_is_no_web_address_is_said(keys, certified):
    wrong = open_sealing(settings_for(keys, tsa_url="file:///etc/passwd"))
    with pytest.raises(TimestampUnavailable, match="PORTAL_TSA_URL"):
        wrong.sign(certified, "owner", at=AT, evidence=shown(certified))
