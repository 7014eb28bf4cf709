"""The household of a project, seen by the office and by the family."""

from __future__ import annotations

import pytest

from portal import clock
from portal.actions import household, projects
from portal.models import Invitation, Membership
from portal.rules.access import Role
from portal.rules.words import Refused
from tests import factories, outbox

LIN = {"name": "林知秋", "phone": "138 0013 8000", "relation": "spouse", "right": "view"}


@pytest.fixture
def home(db, grace):
    project = factories.make_project(title="云栖样板苑")
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    db.session.commit()
    return project


def test_the_account_manager_invites_and_the_demo_shows_the_link(browser, grace, home, db):
    hers = browser.as_(grace)
    assert hers.post("staff.household.invite", LIN, project_id=home.id).status == 303
    made = db.session.query(Invitation).one()
    assert (made.phone, made.relation, made.right, made.project_id) == ("+8613800138000", "spouse", "view", home.id)
    page = hers.get("staff.household.show", project_id=home.id)
    assert outbox.last_link() in page.text and "林知秋" in page.words and "只能查看" in page.words


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"name": ""}, "请填写这一项。"),
        ({"phone": "abc"}, "电话号码只能包含数字"),
        ({"right": ""}, "请选择权限。"),
        ({"relation": "king"}, ""),
        ({"right": "own"}, ""),
    ],
)
def test_bad_input_is_refused_beside_its_field(browser, grace, home, db, change, sentence):
    page = browser.as_(grace).post("staff.household.invite", LIN | change, project_id=home.id)
    assert page.status == 422 and sentence in page.words and page.all(".field-bad")
    assert page.one("#name")["value"] == (LIN | change)["name"]
    assert db.session.query(Invitation).count() == 0


def test_a_member_is_not_invited_twice(browser, grace, home, db):
    factories.make_homeowner(home, phone="+8613800138000")
    db.session.commit()
    page = browser.as_(grace).post("staff.household.invite", LIN, project_id=home.id)
    assert page.status == 422 and "已经在这个家里了" in page.words


@pytest.mark.parametrize("who", ["herself", "the designer of the home"])
def test_staff_cannot_be_invited_to_sign_for_the_home_they_work_for(browser, grace, dora, home, db, who):
    factories.assign(home, dora, Role.DESIGNER)
    db.session.commit()
    phone = grace.phone if who == "herself" else dora.phone
    page = browser.as_(grace).post("staff.household.invite", LIN | {"phone": phone, "right": "sign"}, project_id=home.id)
    assert page.status == 422 and "员工不能加入业主家庭" in page.words
    assert db.session.query(Invitation).count() == 0


def test_staff_may_have_a_home_of_their_own_but_not_work_for_it(browser, app, grace, dora, home, db):
    browser.as_(grace).post("staff.household.invite", LIN | {"phone": dora.phone}, project_id=home.id)
    invitation = db.session.query(Invitation).one()
    factories.assign(home, dora, Role.DESIGNER)
    with pytest.raises(Refused):
        household.join(invitation=invitation, user=dora, at=clock.now())
    db.session.rollback()
    household.join(invitation=invitation, user=dora, at=clock.now())
    with pytest.raises(Refused):
        projects.assign(project=home, user=dora, role=Role.DESIGNER, by=grace, at=clock.now())


def test_an_invitation_is_withdrawn_once(browser, grace, home, db):
    hers = browser.as_(grace)
    hers.post("staff.household.invite", LIN, project_id=home.id)
    link, made = outbox.last_link(), db.session.query(Invitation).one()
    assert hers.post("staff.household.revoke", project_id=home.id, invitation_id=made.id).status == 303
    assert browser.get(link).status == 410
    assert hers.post("staff.household.revoke", project_id=home.id, invitation_id=made.id).status == 404


def test_a_removed_member_sees_nothing_any_more(browser, grace, home, db):
    owner = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    hers = browser.as_(owner)
    assert "云栖样板苑" in hers.get("customer.household.index").words
    membership = db.session.query(Membership).one()
    assert browser.as_(grace).post("staff.household.end", project_id=home.id, membership_id=membership.id).status == 303
    assert "云栖样板苑" not in hers.get("customer.household.index").words
    assert "以前的成员" in browser.as_(grace).get("staff.household.show", project_id=home.id).words


def test_strangers_to_the_project_find_nothing(browser, home, db, sam, dora, marcus):
    other = factories.make_user(Role.ACCOUNT_MANAGER, name="别的客户经理")
    factories.assign(home, dora, Role.DESIGNER)
    db.session.commit()
    for person in (sam, other, marcus):
        assert browser.as_(person).get("staff.household.show", project_id=home.id).status == 404
        assert browser.as_(person).post("staff.household.invite", LIN, project_id=home.id).status == 404
    hers = browser.as_(dora)  # on the team: may look, may not invite
    assert hers.get("staff.household.show", project_id=home.id).status == 200
    assert hers.post("staff.household.invite", LIN, project_id=home.id).status == 404
    assert db.session.query(Invitation).count() == 0


def test_invitations_and_members_of_another_project_are_out_of_reach(browser, grace, home, db):
    elsewhere = factories.make_project()
    factories.make_homeowner(elsewhere)
    db.session.commit()
    membership = db.session.query(Membership).one()
    hers = browser.as_(grace)
    assert hers.post("staff.household.end", project_id=home.id, membership_id=membership.id).status == 404
    db.session.refresh(membership)
    assert membership.ended_at is None


def test_the_family_sees_who_may_sign_and_no_phone_numbers(browser, home, db):
    owner = factories.make_homeowner(home, name="林知秋")
    spouse = factories.make_homeowner(home, name="周明", relation="spouse", right="view")
    neighbour = factories.make_homeowner(factories.make_project(title="别人的家"), name="邻居")
    db.session.commit()
    for language, sign, view in (("zh", "可以签字", "只能查看"), ("en", "Can sign", "Can view only")):
        words = browser.as_(owner, language=language).get("customer.household.index").words
        assert sign in words and view in words and "周明" in words
        assert neighbour.name not in words and "别人的家" not in words and spouse.phone[-4:] not in words
