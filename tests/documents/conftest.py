"""A portal's keys, and one small paper in each state of its life."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw

from portal.documents import authority
from portal.documents.estimate import estimate_pdf
from portal.documents.sealing import SignerField, open_sealing
from tests.documents import papers

AT = datetime(2026, 11, 24, 4, 0, 5, tzinfo=UTC)
SECRET = "a secret of forty characters, no more, no less"
COMPANY = "示例装饰工程有限公司"
SIGNERS = (SignerField("owner", "林知秋", "业主", "C-7"), SignerField("designer", "沈画", "设计师", "S003"))
EVIDENCE = {
    "address": "203.0.113.7",
    "device": "Mozilla/5.0 (iPhone)",
    "channel": "短信验证码 199****0001",
    "language": "zh",
}


def settings_for(keys, **changed):
    return SimpleNamespace(
        **{"keys_dir": keys, "secret_key": SECRET, "seal_p12": "", "seal_p12_password": "", "tsa_url": "", **changed}
    )


def shown(pdf: bytes) -> dict:
    """The evidence of somebody who was shown exactly `pdf`."""
    return {**EVIDENCE, "shown_sha256": hashlib.sha256(pdf).hexdigest()}


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "keys"
    authority.create(folder, SECRET, company=COMPANY, at=AT - timedelta(days=1))
    return folder


@pytest.fixture(scope="session")
def sealing(keys):
    return open_sealing(settings_for(keys))


@pytest.fixture(scope="session")
def rendered() -> bytes:
    return estimate_pdf(papers.small(signers=papers.SIGNERS[:2]), "zh")


@pytest.fixture(scope="session")
def certified(sealing, rendered) -> bytes:
    return sealing.certify(
        rendered,
        company=COMPANY,
        title="装修估算书 第1版",
        signers=SIGNERS,
        at=AT,
        language="zh",
        facts={"total_fen": 134650},
    )


@pytest.fixture(scope="session")
def drawing() -> bytes:
    picture = Image.new("RGBA", (600, 220), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(30, 150), (100, 40), (150, 170), (300, 160), (560, 60)], fill="black", width=7)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="session")
def half_signed(sealing, certified, drawing) -> bytes:
    return sealing.sign(certified, "owner", at=AT + timedelta(minutes=1), evidence=shown(certified), drawn_png=drawing)


@pytest.fixture(scope="session")
def signed(sealing, certified, half_signed) -> bytes:
    return sealing.sign(half_signed, "designer", at=AT + timedelta(minutes=2), evidence=shown(certified))
