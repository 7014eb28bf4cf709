"""The ceremony: who may sign what when; every refusal in plain words, and nothing written by it."""

from __future__ import annotations

import base64
import io
import zlib
from datetime import datetime, timedelta

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from portal import clock
from portal.models import AuditEntry, Message, OneTimeCode, Order, Refusal, Signature
from tests import estimates, factories

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db):
    return estimates.make_home()


@pytest.fixture
def revision(home):
    return estimates.presented(home)


@pytest.fixture
def paper(home, revision):
    return estimates.make_paper(revision, home.owner)


@pytest.fixture
def hers(browser, home, paper, revision):
    """Her browser, with a code on its way to her phone."""
    signed_in = browser.as_(home.owner)
    assert signed_in.post("customer.estimates.code", revision_id=revision.id).status == 303
    return signed_in


def form_for(paper, home, **changed):
    return estimates.signing_form(paper, **({"code": estimates.code_for(home.owner)} | changed))


def sign(hers, paper, home, **changed):
    return hers.post("customer.estimates.sign", form_for(paper, home, **changed), revision_id=paper.revision_id)


def nothing_signed(db) -> bool:
    db.session.rollback()
    used = db.session.query(OneTimeCode).filter(OneTimeCode.used_at.is_not(None)).count()
    return db.session.query(Signature).count() == db.session.query(Order).count() == used == 0


def png(size=(300, 120), *, drawn=True, fmt="PNG", **save) -> str:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if drawn:
        ImageDraw.Draw(image).line([(10, 10), (size[0] // 2, size[1] - 10), (size[0] - 10, 20)], fill=(18, 48, 43, 255), width=4)
    out = io.BytesIO()
    image.convert("RGB" if fmt == "JPEG" else "RGBA").save(out, fmt, **save)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def test_name_consent_and_code_make_a_signature_and_the_order(db, browser, hers, paper, home, revision):
    answer = sign(hers, paper, home)
    assert answer.status == 303
    assert answer.location.endswith(f"/customer/estimates/{revision.id}")
    signature = db.session.query(Signature).one()
    assert (signature.typed_name, signature.shown_sha256, signature.language) == ("林知秋", paper.shown_sha256, "zh")
    assert signature.drawn_sha256 is None
    assert signature.at == clock.now()
    assert db.session.query(Order).one().total_fen == revision.total_fen
    entry = db.session.query(AuditEntry).filter_by(act="estimate.signed").one()
    assert entry.facts["shown_sha256"] == paper.shown_sha256
    page = hers.get("customer.estimates.show", revision_id=revision.id)
    assert "您已签署这一版" in page.words
    assert "去签署" not in page.words


def test_a_drawn_stroke_is_kept_as_a_small_picture_of_our_own(db, hers, paper, home):
    assert sign(hers, paper, home, stroke=png()).status == 303
    from portal.actions import files

    kept = Image.open(io.BytesIO(files.contents(db.session.query(Signature).one().drawn_sha256)))
    assert kept.format == "PNG"
    assert kept.width <= 900 and kept.height <= 320


def test_the_code_is_told_by_message_only_and_not_in_the_portal(db, browser, hers, home, revision):
    message = db.session.query(Message).filter_by(kind="estimate.code").one()
    assert (message.channel, message.secret, message.user_id) == ("sms", True, home.owner.id)
    code = estimates.code_for(home.owner)
    for endpoint, values in (("customer.messages.index", {}), ("customer.estimates.signature", {"revision_id": revision.id})):
        assert code not in hers.get(endpoint, **values).text


@pytest.mark.parametrize(
    "changed, says",
    [
        ({"typed_name": ""}, "请填写这一项。"),
        ({"typed_name": "林之秋"}, "姓名须与登记的“林知秋”一致"),
        ({"typed_name": "林\u202e知秋"}, "看不见的控制字符"),
        ({"typed_name": "林知秋\x00"}, "看不见的控制字符"),
        ({"typed_name": "林知秋😀"}, "姓名须与登记的“林知秋”一致"),
        ({"typed_name": "林" * 2000}, "最多60个字"),
        ({"consent": ""}, "请勾选同意使用电子签名"),
        ({"code": ""}, "验证码不对"),
        ({"code": "12"}, "验证码不对"),
        ({"code": "９９９９９９９"}, "验证码不对"),
        ({"stroke": "data:image/png;base64,AAAA"}, "手写签名没有收到"),
        ({"stroke": "data:image/svg+xml;base64,PHN2Zy8+"}, "手写签名没有收到"),
        ({"stroke": "javascript:alert(1)"}, "手写签名没有收到"),
        ({"stroke": "data:image/png;base64,!!!!"}, "手写签名没有收到"),
        ({"stroke": "data:image/png;base64," + "A" * 600_000}, "手写签名没有收到"),
        ({"stroke": png(drawn=False)}, "手写签名没有收到"),
        ({"stroke": png(fmt="JPEG")}, "手写签名没有收到"),
        ({"stroke": png((2600, 2600))}, "手写签名没有收到"),
    ],
)
def test_a_fault_of_the_form_is_said_beside_its_field_and_the_words_stay(db, hers, paper, home, changed, says):
    page = sign(hers, paper, home, **changed)
    assert page.status == 422
    assert any(says in fault for fault in page.faults()), page.faults()
    assert nothing_signed(db)
    kept = changed.get("typed_name", "林知秋").replace("\u202e", "").replace("\x00", "")
    assert page.one("[name=typed_name]")["value"] == kept
    assert len(page.text) < 200_000, "a giant stroke is not sent back"
    if "stroke" in changed:
        assert page.one("[name=stroke]")["value"] == ""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def bombs():
    head = b"\x89PNG\r\n\x1a\n"
    huge = _chunk(b"IHDR", (30000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00")
    small = _chunk(b"IHDR", (20).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00")
    zeros = zlib.compress(b"\0" * 100_000_000, 9)
    yield head + huge + _chunk(b"IDAT", zeros[:250_000]) + _chunk(b"IEND", b"")
    yield head + small + _chunk(b"zTXt", b"k\0\0" + zeros) + _chunk(b"IEND", b"")
    yield head + small + _chunk(b"IDAT", b"broken") + _chunk(b"IEND", b"")
    yield head + small + b"\xff\xff\xff\xffIDAT"
    yield head + small
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "b" * 900_000, zip=True)
    out = io.BytesIO()
    Image.new("RGBA", (9, 9)).save(out, "PNG", pnginfo=info)
    yield out.getvalue()


@pytest.mark.parametrize("number", range(6))
def test_bombs_and_broken_pictures_are_refused_quickly(db, hers, paper, home, number):
    content = list(bombs())[number]
    page = sign(hers, paper, home, stroke="data:image/png;base64," + base64.b64encode(content).decode())
    assert page.status == 422
    assert nothing_signed(db)


def test_five_wrong_codes_spend_the_code(db, hers, paper, home):
    right = estimates.code_for(home.owner)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert sign(hers, paper, home, code=wrong).status == 422
    assert sign(hers, paper, home, code=right).status == 422
    assert nothing_signed(db)


def test_a_code_is_good_for_one_document_and_one_person(db, browser, hers, paper, home):
    other_home = estimates.make_home(name="王芳")
    other_paper = estimates.make_paper(estimates.presented(other_home), other_home.owner)
    code = estimates.code_for(home.owner)
    form = estimates.signing_form(other_paper, code=code, typed_name="王芳")
    assert browser.as_(other_home.owner).post("customer.estimates.sign", form, revision_id=other_paper.revision_id).status == 422
    assert nothing_signed(db)


def test_asked_for_twice_in_a_minute_says_how_long_to_wait(hers, revision):
    page = hers.post("customer.estimates.code", revision_id=revision.id)
    assert page.status == 422
    assert "请60秒后再试" in page.words


def test_an_old_code_does_not_count(db, hers, paper, home):
    code = estimates.code_for(home.owner)
    estimates.later(minutes=11)
    assert sign(hers, paper, home, code=code).status == 422
    assert nothing_signed(db)


@pytest.mark.parametrize("minutes, status", [(-1, 303), (0, 409)])
def test_the_offer_ends_at_midnight_also_for_a_page_that_is_open(db, browser, home, minutes, status):
    """The last second of the last local day counts; the first of the next does not."""
    revision = estimates.presented(home, valid_until=clock.today())
    paper = estimates.make_paper(revision, home.owner)
    midnight = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), clock.ZONE)
    clock.stand_still(midnight - timedelta(minutes=3))
    hers = browser.as_(home.owner)
    assert "去签署" in hers.get("customer.estimates.show", revision_id=revision.id).words
    hers.post("customer.estimates.code", revision_id=revision.id)
    form = form_for(paper, home)
    clock.stand_still(midnight + timedelta(minutes=minutes))
    page = hers.post("customer.estimates.sign", form, revision_id=revision.id)
    assert page.status == status
    if status == 409:
        assert "有效期" in page.words and "您没有签任何内容" in page.words
        assert nothing_signed(db)
        assert "这份报价已过有效期" in hers.get("customer.estimates.show", revision_id=revision.id).words


def test_a_stale_revision_is_refused_and_leads_to_the_new_one(db, hers, paper, home):
    form = form_for(paper, home)
    newer = estimates.presented(home)
    page = hers.post("customer.estimates.sign", form, revision_id=paper.revision_id)
    assert page.status == 409
    assert "已有新版" in page.words and "您没有签任何内容" in page.words
    assert page.all(f'a[href="/customer/estimates/{newer.id}"]')
    assert nothing_signed(db)


def test_a_withdrawn_revision_says_so_and_why(db, browser, hers, paper, home, revision):
    form = form_for(paper, home)
    browser.as_(home.estimator).post("staff.estimates.withdraw", {"reason": "单价有误"}, revision_id=revision.id)
    page = hers.post("customer.estimates.sign", form, revision_id=revision.id)
    assert page.status == 409
    assert "单价有误" in page.words
    assert nothing_signed(db)
    stranger = factories.make_homeowner(factories.make_project())
    db.session.commit()
    assert browser.as_(stranger).get("customer.estimates.show", revision_id=revision.id).status == 404


@pytest.mark.parametrize("hashed", ["0" * 64, "", "你好", "x" * 5000])
def test_another_hash_than_the_one_on_record_is_refused(db, hers, paper, home, hashed):
    page = sign(hers, paper, home, shown_sha256=hashed)
    assert page.status == 409
    assert "不一致" in page.words
    assert nothing_signed(db)


@pytest.mark.parametrize("number", ["", "0", "-1", "99999", "abc", "９", "1e3", "9" * 30])
def test_a_forged_document_is_not_found(db, hers, paper, home, number):
    assert sign(hers, paper, home, document_id=number).status == 404
    assert nothing_signed(db)


def test_the_document_of_another_revision_is_refused(db, browser, hers, paper, home):
    newer = estimates.presented(home)
    other = estimates.make_paper(newer, home.owner)
    form = form_for(paper, home)
    assert hers.post("customer.estimates.sign", form, revision_id=newer.id).status == 409
    assert hers.post("customer.estimates.sign", form | {"document_id": other.id}, revision_id=paper.revision_id).status == 409
    assert nothing_signed(db)


def test_another_household_finds_nothing(db, browser, paper, revision):
    stranger = browser.as_(factories.make_homeowner(factories.make_project(), name="林知秋"))
    form = estimates.signing_form(paper, code="123456")
    assert stranger.post("customer.estimates.sign", form, revision_id=revision.id).status == 404
    assert stranger.post("customer.estimates.code", revision_id=revision.id).status == 404
    assert stranger.post("customer.estimates.decline", {"reason": "x"}, revision_id=revision.id).status == 404
    assert stranger.get("customer.estimates.signature", revision_id=revision.id).status == 404


def test_who_may_only_look_is_told_so(db, browser, paper, home, revision):
    father = factories.make_homeowner(home.project, name="林父", right="view", relation="parent")
    his = browser.as_(father)
    page = his.get("customer.estimates.show", revision_id=revision.id)
    assert "去签署" not in page.words
    assert "不需要您签署" in his.get("customer.estimates.signature", revision_id=revision.id).words
    assert his.post("customer.estimates.code", revision_id=revision.id).status == 409
    assert his.post("customer.estimates.sign", estimates.signing_form(paper, typed_name="林父"), revision_id=revision.id).status == 409
    assert his.post("customer.estimates.decline", {"reason": "太贵"}, revision_id=revision.id).status == 409
    assert nothing_signed(db)
    assert db.session.query(Refusal).count() == 0


def test_staff_never_sign_for_her(browser, paper, home, revision):
    form = estimates.signing_form(paper)
    for person in (home.estimator, home.manager):
        assert browser.as_(person).post("customer.estimates.sign", form, revision_id=revision.id).status == 404


def test_a_replayed_form_changes_nothing(db, hers, paper, home):
    form = form_for(paper, home)
    assert hers.post("customer.estimates.sign", form, revision_id=paper.revision_id).status == 303
    page = hers.post("customer.estimates.sign", form, revision_id=paper.revision_id)
    assert page.status == 409
    assert "您已签署这一版" in page.words
    assert db.session.query(Signature).count() == db.session.query(Order).count() == 1


def test_declining_needs_a_reason_and_reaches_the_right_people(db, hers, paper, home, revision):
    page = hers.post("customer.estimates.decline", {"reason": "  "}, revision_id=revision.id)
    assert page.status == 422
    assert page.faults()
    assert hers.post("customer.estimates.decline", {"reason": "x" * 1_000_000}, revision_id=revision.id).status in (413, 422)
    assert db.session.query(Refusal).count() == 0
    db.session.rollback()
    assert hers.post("customer.estimates.decline", {"reason": "厨房太贵了"}, revision_id=revision.id).status == 303
    told = {m.user_id for m in db.session.query(Message).filter_by(kind="estimate.declined")}
    assert told == {home.estimator.id, home.manager.id}
    assert all("厨房太贵了" in m.body for m in db.session.query(Message).filter_by(kind="estimate.declined"))


def test_who_declined_cannot_sign_and_neither_can_the_others(db, browser, hers, paper, home, revision):
    form = form_for(paper, home)
    hers.post("customer.estimates.decline", {"reason": "太贵"}, revision_id=revision.id)
    page = hers.post("customer.estimates.sign", form, revision_id=revision.id)
    assert page.status == 409
    assert "已拒绝签署这一版" in page.words
    assert hers.post("customer.estimates.decline", {"reason": "又来"}, revision_id=revision.id).status == 409
    assert nothing_signed(db)
    assert db.session.query(Refusal).count() == 1
    assert "您没有接受这一版" in hers.get("customer.estimates.show", revision_id=revision.id).words


def test_a_paper_that_is_not_ready_cannot_be_signed(db, browser, home, paper, revision):
    paper.state, paper.shown_sha256 = "preparing", None
    db.session.commit()
    hers = browser.as_(home.owner)
    page = hers.get("customer.estimates.signature", revision_id=revision.id)
    assert "正式文件正在生成" in page.words
    assert hers.post("customer.estimates.code", revision_id=revision.id).status == 409
    assert hers.post("customer.estimates.sign", estimates.signing_form(paper, shown_sha256=""), revision_id=revision.id).status == 409
    assert nothing_signed(db)


def test_the_first_of_two_waits_for_the_second_and_then_there_is_an_order(db, browser, home):
    spouse = factories.make_homeowner(home.project, name="江小满", relation="spouse")
    revision = estimates.presented(home)
    paper = estimates.make_paper(revision, home.owner, spouse)
    for person, orders in ((home.owner, 0), (spouse, 1)):
        hers = browser.as_(person)
        hers.post("customer.estimates.code", revision_id=revision.id)
        form = estimates.signing_form(paper, code=estimates.code_for(person), typed_name=person.name)
        assert hers.post("customer.estimates.sign", form, revision_id=revision.id).status == 303
        assert db.session.query(Order).count() == orders
        db.session.rollback()


def test_in_english_too(browser, home, paper, revision):
    english = estimates.make_paper(revision, home.owner, language="en")
    hers = browser.as_(home.owner, language="en")
    page = hers.post("customer.estimates.code", revision_id=revision.id)
    assert page.status == 303
    page = hers.get("customer.estimates.signature", revision_id=revision.id)
    assert str(english.id) == page.one("[name=document_id]")["value"]
    refused = hers.post("customer.estimates.sign", estimates.signing_form(english, consent=""), revision_id=revision.id)
    assert any("Please" in fault or "tick" in fault.lower() for fault in refused.faults())
