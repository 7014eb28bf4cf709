"""Staff accounts: made, changed, handed over, disabled."""

from __future__ import annotations

import pytest

from portal import clock
from portal.actions import codes
from portal.models import Assignment, AuditEntry, Lead, LeadContact, RoleGrant, User, UserSession
from portal.rules.access import Role
from tests import factories, outbox

NEW = {
    "name": "新同事",
    "phone": "138 0013 8000",
    "staff_no": "s200",
    "email": "new@example.cn",
    "roles": ["designer", "estimator"],
}


def facts_of(person, **changes):
    return {
        "name": person.name,
        "phone": person.phone,
        "staff_no": person.staff_no or "",
        "email": "",
        "roles": [role.value for role in person.roles],
        "version": person.version,
    } | changes


def test_an_administrator_makes_an_account_and_the_link_is_sent(browser, ada, db):
    answer = browser.as_(ada).post("staff.people.create", NEW)
    made = db.session.query(User).filter_by(phone="+8613800138000").one()
    assert answer.location == f"/staff/people/{made.id}"
    assert (made.staff_no, made.email, made.password_hash) == ("S200", "new@example.cn", None)
    assert made.roles == {Role.DESIGNER, Role.ESTIMATOR}
    assert {grant.granted_by_id for grant in made.grants} == {ada.id}
    assert [message.address for message in outbox.texts("sms")] == ["+8613800138000"]
    assert [message.address for message in outbox.texts("email")] == ["new@example.cn"]
    assert outbox.texts("portal") == []  # a secret link is never read inside the portal


@pytest.mark.parametrize(
    "change, field, sentence",
    [
        ({"name": ""}, "name", "请填写这一项。"),
        ({"name": "x" * 61}, "name", "最多60个字"),
        ({"phone": "138"}, "phone", "手机号码应为11位数字"),
        ({"email": "nobody"}, "email", "不像一个邮箱地址"),
        ({"roles": []}, "roles", "请至少选择一个岗位。"),
    ],
)
def test_bad_input_gets_its_sentence_and_keeps_the_words(browser, ada, db, change, field, sentence):
    page = browser.as_(ada).post("staff.people.create", NEW | change)
    assert page.status == 422 and sentence in page.words
    kept = NEW | change
    assert page.one("#staff_no")["value"] == kept["staff_no"]
    assert db.session.query(User).count() == 1


@pytest.mark.parametrize("role", ["homeowner", "emperor"])
def test_nobody_becomes_what_the_form_does_not_offer(browser, ada, db, role):
    assert browser.as_(ada).post("staff.people.create", NEW | {"roles": [role]}).status == 422
    assert db.session.query(User).count() == 1


def test_numbers_belong_to_one_person(browser, ada, sally, db):
    taken_phone = browser.as_(ada).post("staff.people.create", NEW | {"phone": sally.phone})
    assert taken_phone.status == 422 and "这个手机号已是莎莉的账户" in taken_phone.words
    taken_number = browser.as_(ada).post("staff.people.create", NEW | {"staff_no": "s001"})
    assert taken_number.status == 422 and "这个工号已是莎莉的" in taken_number.words


def test_a_code_that_went_to_the_old_number_opens_nothing_after_a_new_one(browser, db, ada, sally):
    sent = codes.issue(sally, purpose="password", subject="account", channel="sms", at=clock.now())
    db.session.commit()
    browser.as_(ada).post("staff.people.edit", facts_of(sally, phone="139 0013 9000"), person_id=sally.id)
    assert not codes.check(sally, purpose="password", subject="account", code=sent, at=clock.now()).ok


def test_a_link_that_went_to_a_wrong_number_opens_nothing_once_the_number_is_put_right(browser, ada, sally, db):
    hers = browser.as_(ada)
    hers.post("staff.people.send_link", person_id=sally.id)
    link = outbox.last_link()
    assert browser.get(link).status == 200
    hers.post("staff.people.edit", facts_of(sally, email="new@example.cn"), person_id=sally.id)
    assert browser.get(link).status == 200  # another change leaves it alone
    db.session.refresh(sally)
    hers.post("staff.people.edit", facts_of(sally, phone="139 0013 9000"), person_id=sally.id)
    assert browser.get(link).status == 410


def test_roles_are_ended_not_deleted(browser, ada, sally, db):
    answer = browser.as_(ada).post("staff.people.edit", facts_of(sally, roles=["designer"]), person_id=sally.id)
    assert answer.status == 303
    db.session.refresh(sally)
    assert sally.roles == {Role.DESIGNER}
    grants = db.session.query(RoleGrant).filter_by(user_id=sally.id).order_by(RoleGrant.id).all()
    assert [(grant.role, grant.ended_at is None) for grant in grants] == [("salesperson", False), ("designer", True)]


def test_a_page_older_than_the_row_is_a_conflict(browser, ada, sally, db):
    old = facts_of(sally)
    browser.as_(ada).post("staff.people.edit", old | {"name": "莎莉一"}, person_id=sally.id)
    page = browser.as_(ada).post("staff.people.edit", old | {"name": "莎莉二"}, person_id=sally.id)
    assert page.status == 409 and page.one("#name")["value"] == "莎莉二" and "别人刚刚改过" in page.words
    db.session.refresh(sally)
    assert sally.name == "莎莉一"
    again = facts_of(sally) | {"name": "莎莉二", "version": page.one("#version")["value"]}
    assert browser.as_(ada).post("staff.people.edit", again, person_id=sally.id).status == 303


def test_the_last_administrator_stays(browser, ada, db):
    second = factories.make_user(Role.ADMINISTRATOR, name="第二位")
    db.session.commit()
    assert browser.as_(second).post("staff.people.disable", person_id=ada.id).status == 303
    page = browser.as_(second).post("staff.people.edit", facts_of(second, roles=["designer"]), person_id=second.id)
    assert page.status == 422 and "至少要有一位系统管理员" in page.words
    page = browser.as_(second).post("staff.people.disable", person_id=second.id)
    assert page.status == 422 and "不能停用自己的账户" in page.words
    db.session.refresh(second)
    assert second.is_active and Role.ADMINISTRATOR in second.roles


def test_a_disabled_account_is_out_at_once_and_can_come_back(browser, ada, sam, db):
    his = browser.as_(sam)
    assert his.get("staff.today.show").status == 200
    assert browser.as_(ada).post("staff.people.disable", person_id=sam.id).status == 303
    assert his.get("staff.today.show").status == 302
    assert all(row.revoked_at for row in db.session.query(UserSession).filter_by(user_id=sam.id))
    assert browser.as_(ada).post("staff.people.send_link", person_id=sam.id).status == 409
    assert browser.as_(ada).post("staff.people.enable", person_id=sam.id).status == 303
    db.session.refresh(sam)
    assert sam.is_active


def test_a_leaver_hands_everything_over_first(browser, ada, sally, sam, db):
    """R180: refused with the numbers until all is reassigned; the history stays with the customer."""
    leads = [factories.make_lead(sally) for _ in range(2)]
    factories.make_lead(sally, verdict="duplicate", phone_claim=None, address_claim=None)
    project = factories.make_project()
    factories.assign(project, sally, Role.SALESPERSON)
    db.session.commit()
    page = browser.as_(ada).post("staff.people.disable", person_id=sally.id)
    assert page.status == 422 and "莎莉名下还有2条线索、1个项目、0件投诉" in page.words
    assert browser.as_(ada).post("staff.people.hand_over", {"to": sam.id}, person_id=sally.id).status == 303
    assert {db.session.get(Lead, lead.id).registered_by_id for lead in leads} == {sam.id}
    assert db.session.query(LeadContact).filter_by(summary="莎莉 → 山姆").count() == 2
    rows = db.session.query(Assignment).order_by(Assignment.id).all()
    assert [(row.user_id, row.ended_at is None) for row in rows] == [(sally.id, False), (sam.id, True)]
    assert db.session.query(AuditEntry).filter_by(act="lead.handed_over").count() == 2
    assert browser.as_(ada).post("staff.people.disable", person_id=sally.id).status == 303
    assert [message.user_id for message in outbox.texts("portal", kind="person.handover")] == [sam.id]


def test_work_goes_only_to_somebody_who_may_do_it(browser, ada, sally, dora, db):
    factories.make_lead(sally)
    db.session.commit()
    page = browser.as_(ada).post("staff.people.hand_over", {"to": dora.id}, person_id=sally.id)
    assert page.status == 422 and "朵拉没有相应的岗位" in page.words
    assert browser.as_(ada).post("staff.people.hand_over", {"to": "x"}, person_id=sally.id).status == 422
    assert db.session.query(Lead).one().registered_by_id == sally.id


def test_only_administrators_change_people(browser, sally, dora, db):
    general = factories.make_user(Role.GENERAL_MANAGER, name="总")
    db.session.commit()
    assert browser.as_(general).get("staff.people.show", person_id=sally.id).status == 200
    for person in (general, dora):
        hers = browser.as_(person)
        for endpoint, values in (
            ("edit", {"person_id": sally.id}),
            ("disable", {"person_id": sally.id}),
            ("create", {}),
            ("send_link", {"person_id": sally.id}),
            ("hand_over", {"person_id": sally.id}),
        ):
            assert hers.post(f"staff.people.{endpoint}", NEW, **values).status == 404, (person.name, endpoint)
    assert browser.as_(dora).get("staff.people.index").status == 404
    assert browser.as_(dora).get("staff.people.show", person_id=sally.id).status == 404


def test_the_list_is_searched_and_filtered(browser, ada, sally, dora, db):
    gone = factories.make_user(Role.DESIGNER, name="离开的人", disabled_at=clock.now())
    owner = factories.make_homeowner(name="业主甲")
    db.session.commit()
    hers = browser.as_(ada)

    def names(**asked):
        return {cell.get_text(strip=True) for cell in hers.get("staff.people.index", **asked).all("th[scope=row]")}

    assert names() == {"艾达", "莎莉", "朵拉"}
    assert names(q="莎") == {"莎莉"} and names(q="s003") == {"朵拉"} and names(q=sally.phone[-8:]) == {"莎莉"}
    assert names(role="designer") == {"朵拉"}
    assert names(state="left") == {gone.name} and gone.name in names(state="all")
    assert names(q="%") == set() and names(q="_") == set() and owner.name not in names(state="all")
    part = hers.get("staff.people.index", htmx=True, q="莎")
    assert "莎莉" in part.words and not part.all("h1")


@pytest.mark.parametrize("page", ["0", "-5", "999999999999", "x"])
def test_odd_page_numbers_do_no_harm(browser, ada, page):
    assert browser.as_(ada).get(f"/staff/people/?page={page}").status == 200


def test_both_languages(browser, ada, sally):
    for language, word in (("zh", "名下的工作"), ("en", "Responsible for")):
        hers = browser.as_(ada, language=language)
        assert word in hers.get("staff.people.show", person_id=sally.id).words
        assert hers.get("staff.people.index").status == hers.get("staff.people.new").status == 200


def test_the_number_of_queries_does_not_grow(browser, ada, db):
    from sqlalchemy import event

    def queries():
        count = []
        note = lambda *_: count.append(1)  # noqa: E731
        event.listen(db.engine, "after_cursor_execute", note)
        hers.get("staff.people.index")
        event.remove(db.engine, "after_cursor_execute", note)
        return len(count)

    hers = browser.as_(ada)
    factories.make_user(Role.DESIGNER)
    db.session.commit()
    hers.get("staff.people.index")
    few = queries()
    for _ in range(20):
        factories.make_user(Role.DESIGNER, Role.ESTIMATOR)
    db.session.commit()
    assert queries() == few
