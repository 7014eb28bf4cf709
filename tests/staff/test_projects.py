"""Projects: found by what people say on the phone, seen by those who work on them."""

from __future__ import annotations

import pytest

from portal.models import Assignment, AuditEntry
from portal.rules.access import Role
from tests import factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")


def test_the_list_finds_what_people_say_on_the_phone(db, browser, grace):
    ours = factories.make_project(title="青山湾 5-1-802", customer_name="欧阳娜娜", customer_phone="+8613912345678", community="青山湾")
    factories.make_project(title="别人的家")
    factories.assign(ours, grace, Role.ACCOUNT_MANAGER)
    as_grace = browser.as_(grace)
    for words in ("欧阳", "青山 802", "1234 5678", ours.code):
        assert "青山湾 5-1-802" in as_grace.get("staff.projects.index", q=words).words, words
    assert "青山湾" not in as_grace.get("staff.projects.index", q="%").words
    assert "别人的家" not in as_grace.get("staff.projects.index", state="all").words


def test_a_project_of_others_does_not_exist(db, browser, sally, dora):
    project = factories.make_project()
    for person in (sally, dora):
        assert browser.as_(person).get("staff.projects.show", project_id=project.id).status == 404
        assert browser.as_(person).post("staff.projects.update", {"title": "我的"}, project_id=project.id).status == 404
    assert browser.as_(dora).post("staff.projects.assign", {}, project_id=project.id).status == 404


def test_a_colleague_joins_in_a_role_she_holds_and_leaves_again(db, browser, grace, dora):
    project = factories.make_project()
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    as_grace = browser.as_(grace)
    page = as_grace.post("staff.projects.assign", {"colleague": f"designer:{dora.id}"}, htmx=True, project_id=project.id)
    assert page.status == 200
    assert dora.name in page.one("#team").get_text()
    assert browser.as_(dora).get("staff.projects.show", project_id=project.id).status == 200
    row = db.session.query(Assignment).filter_by(user_id=dora.id).one()
    assert as_grace.post("staff.projects.unassign", project_id=project.id, assignment_id=row.id).status == 303
    assert browser.as_(dora).get("staff.projects.show", project_id=project.id).status == 404
    assert as_grace.post("staff.projects.assign", {"colleague": f"designer:{dora.id}"}, project_id=project.id).status == 303
    assert row.ended_at is None
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert acts == ["project.assigned", "project.unassigned", "project.assigned"]


def test_nobody_joins_in_a_role_she_does_not_hold(db, browser, grace, dora, carla):
    project = factories.make_project()
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    for forged in (f"project_manager:{dora.id}", f"homeowner:{dora.id}", "designer:999999", "designer:", "x"):
        page = browser.as_(grace).post("staff.projects.assign", {"colleague": forged}, project_id=project.id)
        assert page.status in (404, 422), forged
    assert db.session.query(Assignment).filter_by(user_id=dora.id).count() == 0


def test_a_colleagues_change_is_not_written_over(db, browser, grace):
    project = factories.make_project()
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    facts = {
        "title": "新名字",
        "house_type": "别墅",
        "layout": "",
        "style": "",
        "building_area_m2": "120.5",
        "inner_area_m2": "",
        "community": "云杉里",
        "building": "1",
        "unit": "1",
        "room_no": "101",
        "version": project.version,
    }
    as_grace = browser.as_(grace)
    assert as_grace.post("staff.projects.update", facts, project_id=project.id).status == 303
    assert (project.title, str(project.building_area_m2), project.inner_area_m2) == ("新名字", "120.50", None)
    stale = as_grace.post("staff.projects.update", facts | {"title": "旧窗口"}, project_id=project.id)
    assert stale.status == 409
    assert project.title == "新名字"
    wrong = as_grace.post("staff.projects.update", facts | {"building_area_m2": "NaN"}, project_id=project.id)
    assert wrong.status == 422
    assert wrong.one('input[name="building_area_m2"]')["value"] == "NaN"


def test_lists_cost_the_same_with_one_project_and_with_thirty(app, db, browser, grace, dora):
    def one():
        project = factories.make_project()
        factories.assign(project, grace, Role.ACCOUNT_MANAGER)
        factories.assign(project, dora, Role.DESIGNER)
        factories.make_visit(project, dora)
        factories.make_drawing(project, dora)
        factories.make_estimate(project, dora, presented=True)
        return project

    def grow():
        for _ in range(30):
            one()
        db.session.commit()

    project = one()
    ident, as_grace = project.id, browser.as_(grace)
    assert_same_cost(app, lambda: (as_grace.get("staff.projects.index"), as_grace.get("staff.projects.show", project_id=ident)), grow)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_hub_tells_where_the_home_stands(db, browser, grace, language):
    project = factories.make_project()
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    page = browser.as_(grace, language=language).get("staff.projects.show", project_id=project.id)
    assert {"zh": "上门量房", "en": "easur"}[language] in page.words
    assert page.one("h1").get_text(strip=True) == project.title
