"""The homeowner complains: at any hour, with photos, and never loses her words."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pillow_heif
import pytest
from PIL import Image

from portal import clock
from portal.actions.complaints import answering, customer
from portal.models import Complaint, Membership, Message, Photo
from tests import factories
from tests.queries import assert_same_cost

FORM = {"category": "质量", "title": "主卫墙砖空鼓", "description": "敲起来是空的😟\n三块砖。"}
NIGHT = datetime(2026, 3, 6, 18, 30, tzinfo=UTC)  # Saturday 7 March 2026, 02:30 in Shanghai
GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112


def photo(name="IMG_0001.jpg", form="JPEG") -> tuple[io.BytesIO, str]:
    """A photo as a phone makes it: lying on its side, with the place in it."""
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    picture, out, exif = Image.new("RGB", (900, 600), "teal"), io.BytesIO(), Image.Exif()
    exif[ORIENTATION_TAG] = 6
    exif.get_ifd(GPS_TAG)[1] = "N"
    picture.save(out, form, exif=exif)
    return io.BytesIO(out.getvalue()), name


@pytest.fixture
def home(db, at_noon, carla):
    project = factories.make_project(title="云栖样板苑 3栋2单元1203")
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


@pytest.fixture
def her(browser, owner):
    """Her browser, signed in."""
    return browser.as_(owner)


@pytest.fixture
def complaint(db, her) -> Complaint:
    her.post("customer.complaints.create", FORM)
    return db.session.query(Complaint).one()


def done(db, complaint, carla) -> None:
    """Everything is done on the company's side."""
    for act, words in ((answering.find_cause, "没拉毛"), (answering.plan, "换砖"), (answering.report, "换好了")):
        act(complaint, words, by=carla, at=clock.now())
    db.session.commit()


# ── filing ──


def test_after_filing_she_sees_number_person_phone_and_time(her, carla):
    answer = her.post("customer.complaints.create", FORM)
    assert answer.status == 303
    page = her.get(answer.location)
    assert "T20261124-0001" in page.words
    assert page.one(".spotlight-title").get_text() == "今天16:00前回复您"
    assert page.one(f'a[href="tel:{carla.phone}"]')
    assert "卡拉" in page.words
    assert "C19" in page.words
    assert "三块砖。" in page.one(".card .prose").get_text()


def test_at_half_past_two_on_saturday_night_it_is_taken_and_due_in_the_morning(her):
    clock.stand_still(NIGHT)
    page = her.get(her.post("customer.complaints.create", FORM).location)
    assert "T20260307-0001" in page.words
    assert page.one(".spotlight-title").get_text() == "今天11:00前回复您"
    assert "2026-03-07 02:30收到时不在上班时间，从2026-03-07 09:00开始计时" in page.words


def test_in_english_every_word_is_english(browser, owner, carla):
    carla.name = "Carla"
    owner.name = "Lin"
    form = {"category": "质量", "title": "Hollow tile", "description": "Sounds hollow"}
    here = browser.as_(owner, language="en")
    pages = [here.get("customer.complaints.index"), here.get("customer.complaints.new")]
    pages.append(here.get(here.post("customer.complaints.create", form).location))
    assert pages[2].one(".spotlight-title").get_text() == "We reply by 16:00 today"
    for page in pages:
        left = page.one("main").get_text().replace("云栖样板苑 3栋2单元1203", "")
        assert not re.search("[\u4e00-\u9fff]", left), re.findall("[\u4e00-\u9fff]+", left)


def test_photos_come_with_it_upright_and_without_the_place(her, db):
    sent = FORM | {"photos": [photo(), photo("IMG_0002.HEIC", "HEIF")]}
    page = her.get(her.post("customer.complaints.create", sent).location)
    shown = [image["src"] for image in page.all(".photos img")]
    assert len(shown) == 2
    full = her.get(page.all(".photos a")[0]["href"])
    picture = Image.open(io.BytesIO(full.data))
    assert picture.size == (600, 900)
    assert not picture.getexif().get_ifd(GPS_TAG)
    assert db.session.query(Photo).filter_by(subject="complaint").count() == 2


def test_a_double_click_leads_to_the_same_complaint(her, db):
    key = her.get("customer.complaints.new").one('[name="request_key"]')["value"]
    answers = [her.post("customer.complaints.create", FORM | {"request_key": key}) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert db.session.query(Complaint).count() == 1


def test_danger_shows_first_what_to_do_and_is_due_in_a_quarter_of_an_hour(her):
    page = her.get(her.post("customer.complaints.create", FORM | {"urgent": "y"}).location)
    assert page.one(".spotlight-title").get_text() == "今天12:15前回复您"
    assert "关掉总水阀" in page.words
    assert "昼夜不停" in page.words


def test_the_form_says_before_sending_what_to_do_in_danger(her):
    assert "120" in her.get("customer.complaints.new").one(".safety").get_text()


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", "", "请填写这一项。"),
        ("title", "长" * 81, "最多80个字，请写短一些。"),
        ("description", "长" * 4001, "最多4000个字，请写短一些。"),
        ("description", "x" * 1_000_000, "最多4000个字，请写短一些。"),
        ("description", "漏\x00水", "这里有看不见的控制字符，我们已经去掉了，请检查后再提交。"),
        ("title", "漏\u202e水", "这里有看不见的控制字符，我们已经去掉了，请检查后再提交。"),
        ("category", "", "请选一个类别。"),
        ("category", "<script>", "请选一个类别。"),
        ("subcategory", "漏电", "这一项不属于“质量”，请重新选，或者选“不确定”。"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_the_words_stay(her, db, field, value, fault):
    page = her.post("customer.complaints.create", FORM | {"place": "西墙", field: value})
    assert page.status == 422
    assert fault in page.words
    assert page.one("#place")["value"] == "西墙"
    if field != "description":
        assert "三块砖。" in page.one("#description").get_text()
    assert not db.session.query(Complaint).count()


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ([photo(f"{n}.jpg") for n in range(10)], "一次最多上传 9 张照片，请分几次上传"),
        ([photo(), (io.BytesIO(b"<svg onload=alert(1)>"), "wall.jpg")], "wall.jpg"),
        ([(io.BytesIO(b""), "empty.jpg")], "empty.jpg"),
    ],
)
def test_wrong_photos_are_named_and_nothing_is_saved(her, db, files, fault):
    page = her.post("customer.complaints.create", FORM | {"photos": files})
    assert page.status == 422
    assert any(fault in said for said in page.faults())
    assert page.one("#title")["value"] == FORM["title"]
    assert not db.session.query(Complaint).count()


def test_a_refused_form_says_that_photos_must_be_chosen_again(her):
    page = her.post("customer.complaints.create", FORM | {"title": "", "photos": [photo(), photo("b.jpg")]})
    assert page.status == 422
    assert "刚才选的2张照片没有保存，请重新选一次。" in page.words
    assert "没有保存" not in her.post("customer.complaints.create", FORM | {"title": ""}).words


def test_another_home_does_not_exist(her, db):
    other = factories.make_project()
    db.session.commit()
    assert her.post("customer.complaints.create", FORM | {"project_id": other.id}).status == 404
    assert not db.session.query(Complaint).count()


def test_with_two_homes_she_says_which(her, db, owner):
    second = factories.make_project(title="青禾里 8栋")
    db.session.add(
        Membership(project_id=second.id, user_id=owner.id, relation="owner", right="sign", joined_at=clock.now())
    )
    db.session.commit()
    page = her.post("customer.complaints.create", FORM)
    assert page.status == 422
    assert "请选一处房子。" in page.faults()
    assert her.post("customer.complaints.create", FORM | {"project_id": "abc"}).status == 422
    assert her.post("customer.complaints.create", FORM | {"project_id": second.id}).status == 303
    assert db.session.query(Complaint).one().project_id == second.id


def test_without_a_home_she_is_told_whom_to_ask(db, browser):
    nobody = factories.make_homeowner()
    db.session.commit()
    here = browser.as_(nobody)
    assert "请让客户经理邀请您加入" in here.get("customer.complaints.new").words
    assert here.post("customer.complaints.create", FORM).status == 422


# ── following ──


def test_a_neighbour_finds_nothing(db, browser, complaint):
    neighbour = factories.make_homeowner(factories.make_project())
    db.session.commit()
    here = browser.as_(neighbour)
    assert here.get("customer.complaints.show", complaint_id=complaint.id).status == 404
    for act in ("reply", "confirm", "reopen"):
        answer = here.post(f"customer.complaints.{act}", {f"{act}-words": "x"}, complaint_id=complaint.id)
        assert answer.status == 404
    assert complaint.number not in here.get("customer.complaints.index").words


def test_internal_notes_and_their_photos_stay_in_the_house(her, db, browser, complaint, carla):
    desk = browser.as_(carla)
    desk.post(
        "staff.complaints.note", {"note-words": "班组惯犯", "note-photos": [photo()]}, complaint_id=complaint.id
    )
    reply = {"reply-words": "马上来看", "reply-photos": [photo()]}
    desk.post("staff.complaints.reply", reply, complaint_id=complaint.id)
    page = her.get("customer.complaints.show", complaint_id=complaint.id)
    assert "马上来看" in page.words
    assert "班组惯犯" not in page.text
    kept = {photo.subject: photo.id for photo in db.session.query(Photo)}
    assert her.get("customer.photos.show", photo_id=kept["complaint_event"]).status == 200
    assert her.get("customer.photos.show", photo_id=kept["staff_note"]).status == 404
    assert f'/photos/{kept["staff_note"]}"' not in page.text


def test_her_answer_with_a_photo_reaches_the_person_in_charge(her, db, complaint, carla):
    answer = her.post(
        "customer.complaints.reply", {"reply-words": "今晚7点后在家", "reply-photos": [photo()]},
        complaint_id=complaint.id,
    )
    page = her.get(answer.location)
    assert page.all(".remark-mine .remark-text")[-1].get_text(strip=True) == "今晚7点后在家"
    assert len(page.all(".remark .photos img")) == 1
    assert db.session.query(Message).filter_by(user_id=carla.id, kind="complaint.answered").count() == 1


def test_an_empty_answer_is_refused_with_its_photos_named(her, complaint):
    page = her.post(
        "customer.complaints.reply", {"reply-words": " ", "reply-photos": [photo()]}, complaint_id=complaint.id
    )
    assert page.status == 422
    assert "请填写这一项。" in page.faults()
    assert "刚才选的1张照片没有保存" in page.words


def test_she_says_solved_and_it_is_over(her, db, complaint, carla):
    done(db, complaint, carla)
    page = her.get("customer.complaints.show", complaint_id=complaint.id)
    assert page.one(".spotlight-title").get_text() == "问题解决了吗？"
    wrong = her.post("customer.complaints.confirm", {"confirmation-words": "谢谢"}, complaint_id=complaint.id)
    assert wrong.status == 422
    assert "请选一个评价。" in wrong.faults()
    assert wrong.one("#confirmation-words").get_text().strip() == "谢谢"
    said = {"confirmation-satisfaction": "5", "confirmation-words": "谢谢"}
    page = her.get(her.post("customer.complaints.confirm", said, complaint_id=complaint.id).location)
    assert "5分（满分5分）" in page.words
    again = her.post("customer.complaints.confirm", said, complaint_id=complaint.id)
    assert again.status == 409
    assert "您已经评价过了" in again.words


@pytest.mark.parametrize("forged", ["0", "6", "NaN", "五"])
def test_a_judgement_is_from_one_to_five(her, db, complaint, carla, forged):
    done(db, complaint, carla)
    page = her.post(
        "customer.complaints.confirm", {"confirmation-satisfaction": forged}, complaint_id=complaint.id
    )
    assert page.status == 422


def test_solved_before_there_is_a_result_is_answered_in_plain_words(her, complaint):
    page = her.post(
        "customer.complaints.confirm", {"confirmation-satisfaction": "5"}, complaint_id=complaint.id
    )
    assert page.status == 409
    assert "还没有处理结果" in page.words


def test_not_solved_opens_it_again_with_new_times(her, db, complaint, carla):
    done(db, complaint, carla)
    her.post("customer.complaints.reopen", {"reopening-words": "还是空的"}, complaint_id=complaint.id)
    page = her.get("customer.complaints.show", complaint_id=complaint.id)
    assert page.one(".spotlight-title").get_text() == "今天16:00前回复您"
    assert "还是空的" in page.words
    twice = her.post("customer.complaints.reopen", {"reopening-words": "还是空的"}, complaint_id=complaint.id)
    assert twice.status == 409


def test_after_thirty_days_a_new_one_is_asked_for(her, db, complaint, owner, carla):
    done(db, complaint, carla)
    customer.confirm(complaint, "", satisfaction=5, by=owner, at=clock.now() - timedelta(days=31))
    db.session.commit()
    page = her.get("customer.complaints.show", complaint_id=complaint.id)
    assert not page.all("#reopening form")
    assert "请重新提交一条" in page.words
    assert her.post("customer.complaints.reopen", {"reopening-words": "x"}, complaint_id=complaint.id).status == 409


def test_when_the_company_is_late_it_says_so_first(her, complaint):
    clock.stand_still(clock.now() + timedelta(hours=5))
    page = her.get("customer.complaints.show", complaint_id=complaint.id)
    assert page.one(".spotlight-eyebrow").get_text(strip=True) == "我们晚了，对不起"
    assert page.one(".spotlight-title").get_text() == "本应在今天16:00前回复您"


def test_pages_cost_the_same_with_more_complaints_and_longer_stories(her, app, complaint):
    def grow():
        for n in range(3):
            her.post("customer.complaints.create", FORM | {"title": f"第{n}条", "photos": [photo()]})
            more = {"reply-words": f"补充{n}", "reply-photos": [photo()]}
            her.post("customer.complaints.reply", more, complaint_id=complaint.id)

    def ask():
        her.get("customer.complaints.index")
        her.get("customer.complaints.show", complaint_id=complaint.id)

    first = {"reply-words": "一", "reply-photos": [photo()]}
    her.post("customer.complaints.reply", first, complaint_id=complaint.id)
    assert_same_cost(app, ask, grow)
