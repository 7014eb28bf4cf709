"""Leads: the first registrant wins, the others learn the rule and not the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.models import AuditEntry, Lead, LeadContact, Order, Project
from portal.rules.access import Role
from tests import factories
from tests.queries import assert_same_cost

TOMORROW = "2026-11-25"
CUSTOMER = {
    "name": "王小美",
    "phone": "138 0013 8000",
    "community": "云杉里",
    "building": "3",
    "unit": "2",
    "room": "1201",
    "source": "小区驻点",
    "note": "",
    "next_step": "约周六量房",
    "next_on": TOMORROW,
}

pytestmark = pytest.mark.usefixtures("at_noon")


def register(browser, person, **other):
    return browser.as_(person).post("staff.leads.create", CUSTOMER | other)


def only_lead(db) -> Lead:
    return db.session.query(Lead).one()


def test_the_first_registration_is_protected_and_traced(db, browser, sally):
    page = register(browser, sally, phone="+86 138-0013-8000", building="３栋")
    lead = only_lead(db)
    assert (page.status, page.location) == (303, f"/staff/leads/{lead.id}")
    assert (lead.phone, lead.phone_claim, lead.verdict) == ("+8613800138000", "13800138000", "valid")
    assert lead.address_claim == lead.address_key == "云杉里 3 2 1201"
    assert db.session.query(AuditEntry).filter_by(act="lead.registered").one().facts["trace"] == lead.trace
    shown = browser.as_(sally).get("staff.leads.show", lead_id=lead.id)
    assert "约周六量房" in shown.words
    assert "保护中" in shown.words


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("name", " ", "请填写这一项"),
        ("phone", "12345", "号码"),
        ("community", "", "请填写这一项"),
        ("room", "", "请填写这一项"),
        ("next_step", "", "请填写这一项"),
        ("next_on", "0000-01-01", "日期"),
        ("note", "字" * 340_000, "最多500个字"),
        ("name", "王\x00美", "控制字符"),
        ("name", "王‮美", "控制字符"),
    ],
)
def test_a_missing_or_wrong_part_is_named_and_the_rest_is_kept(db, browser, sally, part, value, said):
    page = register(browser, sally, **{part: value})
    assert page.status == 422
    assert any(said in fault for fault in page.faults())
    other = "community" if part != "community" else "name"
    assert page.one(f'input[name="{other}"]')["value"] == CUSTOMER[other]
    assert db.session.query(Lead).count() == 0


SAME_PHONE = {"community": "另一个小区", "building": "9", "unit": "1", "room": "101", "phone": "0086 13800138000"}
SAME_FLAT = {"phone": "139 0000 0000", "building": "3栋", "unit": "2单元", "room": "1201室"}


@pytest.mark.parametrize("twin", [SAME_PHONE, SAME_FLAT])
def test_a_rival_is_told_the_rule_and_not_the_customer(db, browser, sally, sam, twin):
    register(browser, sally)
    page = register(browser, sam, **({"name": "别的名字"} | twin))
    assert page.status == 409
    ruling = page.one("#ruling").get_text(" ")
    assert "先报先保" in ruling
    assert "R003" in ruling
    assert "12月9日" in ruling  # protected for 15 days
    for secret in (sally.name, "王小美", sally.staff_no):
        assert secret not in page.text
    if twin is SAME_PHONE:
        assert "云杉里" not in page.text
    stored = db.session.query(Lead).filter_by(registered_by_id=sam.id).one()
    assert (stored.verdict, stored.phone_claim, stored.address_claim) == ("duplicate", None, None)
    assert stored.trace[-1]["rule"] == "R003"


def test_while_typing_the_ruling_appears_and_nothing_is_kept(db, browser, sally, sam):
    register(browser, sally)
    as_sam = browser.as_(sam)
    twin = as_sam.post("staff.leads.check", {"phone": "13800138000"}, htmx=True)
    assert "已有有效报备" in twin.words
    assert twin.one("#ruling")
    free = as_sam.post("staff.leads.check", {"name": "李先生", "phone": "13900139000"}, htmx=True)
    assert "还差几项" in free.words
    assert "楼栋" in free.words
    whole = as_sam.post("staff.leads.check", CUSTOMER | SAME_PHONE | {"phone": "13900139000"}, htmx=True)
    assert "可以报备" in whole.words
    assert db.session.query(Lead).count() == 1


def test_without_javascript_the_check_shows_the_whole_page_again(browser, sally):
    page = browser.as_(sally).post("staff.leads.check", {"name": "李先生", "phone": "13900139000"})
    assert page.one('input[name="name"]')["value"] == "李先生"
    assert not page.faults()


def test_the_twenty_first_of_the_month_is_kept_without_protection_and_a_deal_frees_a_slot(db, browser, sally):
    for _ in range(20):
        factories.make_lead(sally)
    page = register(browser, sally)
    assert page.status == 409
    assert "本月名额20个已用完" in page.one("#ruling").get_text()
    assert only(db, "over_quota").phone_claim is None
    make_deal(db, db.session.query(Lead).filter_by(verdict="valid").first())
    assert register(browser, sally).status == 303


def test_showroom_guides_have_no_limit(db, browser):
    gina = factories.make_user(Role.SHOWROOM_GUIDE, name="吉娜")
    for _ in range(25):
        factories.make_lead(gina, role="showroom_guide")
    assert register(browser, gina).status == 303


def test_after_the_deal_a_registration_is_void(db, browser, sally, sam):
    register(browser, sally)
    make_deal(db, only_lead(db))
    page = register(browser, sam, room="1201", phone="13700000000")
    assert page.status == 409
    assert "成交后报备无效" in page.one("#ruling").get_text()
    assert only(db, "after_deal")


def test_a_lapsed_registration_gives_way_in_the_same_moment(db, browser, sally, sam):
    register(browser, sally)
    clock.stand_still(clock.now() + timedelta(days=15, hours=11))
    assert register(browser, sam).status == 409
    clock.stand_still(clock.now() + timedelta(hours=2))
    assert register(browser, sam).status == 303
    old, new = db.session.query(Lead).filter_by(verdict="valid").order_by(Lead.id)
    assert (old.phone_claim, new.phone_claim) == (None, "13800138000")
    assert old.released_at
    assert "已失效" in browser.as_(sally).get("staff.leads.show", lead_id=old.id).words


def test_the_lapse_is_also_noticed_by_the_clock(db, sally):
    from portal.actions import leads

    lead = factories.make_lead(sally)
    assert leads.release_lapsed(clock.now() + timedelta(days=15)) == "0 released"
    assert leads.release_lapsed(clock.now() + timedelta(days=16)) == "1 released"
    assert lead.phone_claim is None
    assert db.session.query(AuditEntry).filter_by(act="lead.released", subject_id=lead.id, by_id=None).count() == 1


def test_a_contact_needs_a_next_step_and_renews_the_clock(db, browser, sally):
    lead = factories.make_lead(sally, registered_at=clock.now() - timedelta(days=5), last_contact_at=clock.now() - timedelta(days=5))
    as_sally = browser.as_(sally)
    assert "逾期未跟进" in as_sally.get("staff.leads.show", lead_id=lead.id).words
    contact = {"way": "call", "summary": "想周末看房", "next_step": "", "next_on": TOMORROW}
    page = as_sally.post("staff.leads.log_contact", contact, lead_id=lead.id)
    assert page.status == 422
    assert page.one('textarea[name="summary"]').get_text(strip=True) == "想周末看房"
    assert db.session.query(LeadContact).count() == 0
    page = as_sally.post("staff.leads.log_contact", contact | {"next_step": "周六上门"}, htmx=True, lead_id=lead.id)
    assert page.status == 200
    assert "保护中" in page.words
    assert "想周末看房" in page.words
    assert (lead.next_step, lead.last_contact_at) == ("周六上门", clock.now())


def test_a_next_step_in_the_past_is_refused(db, browser, sally):
    lead = factories.make_lead(sally)
    contact = {"way": "call", "summary": "聊过", "next_step": "再约", "next_on": "2026-11-23"}
    page = browser.as_(sally).post("staff.leads.log_contact", contact, lead_id=lead.id)
    assert page.status == 422
    assert page.faults()


def test_what_a_supervisor_notes_does_not_renew_the_salespersons_clock(db, browser, sally):
    boss = factories.make_user(Role.SALES_SUPERVISOR, name="主管")
    before = clock.now() - timedelta(days=2)
    lead = factories.make_lead(sally, registered_at=before, last_contact_at=before)
    contact = {"way": "call", "summary": "代为回访", "next_step": "莎莉回电", "next_on": TOMORROW}
    assert browser.as_(boss).post("staff.leads.log_contact", contact, lead_id=lead.id).status == 303
    assert (lead.last_contact_at, lead.next_step) == (before, "莎莉回电")


def test_a_colleagues_lead_does_not_exist(db, browser, sally, sam, esther):
    lead = factories.make_lead(sally, name="独有的名字")
    as_sam = browser.as_(sam)
    assert as_sam.get("staff.leads.show", lead_id=lead.id).status == 404
    assert as_sam.post("staff.leads.log_contact", {}, lead_id=lead.id).status == 404
    assert as_sam.post("staff.leads.open_project", lead_id=lead.id).status == 404
    assert as_sam.get("staff.leads.show", lead_id=2**70).status == 404
    assert "独有的名字" not in as_sam.get("staff.leads.index", state="all", q="独有").text.split("found")[-1]
    assert browser.as_(esther).get("staff.leads.index").status == 404


def test_the_list_finds_by_name_phone_and_community(db, browser, sally):
    factories.make_lead(sally, name="欧阳娜娜", phone="+8613912345678", community="青山湾")
    factories.make_lead(sally, name="李雷")
    as_sally = browser.as_(sally)
    for words in ("欧阳", "1234 5678", "青山", "青山 娜娜"):
        page = as_sally.get("staff.leads.index", q=words)
        assert "欧阳娜娜" in page.words, words
        assert "李雷" not in page.words, words
    assert "李雷" not in as_sally.get("staff.leads.index", q="100%").words
    assert "李雷" not in as_sally.get("staff.leads.index", state="overdue").words


def test_the_queue_has_the_missed_first(db, browser, sally, sam):
    for name, days in (("后天的", 2), ("今天的", 0), ("错过的", -1)):
        factories.make_lead(sally, name=name, next_on=clock.today() + timedelta(days=days))
    factories.make_lead(sam, name="别人的")
    words = browser.as_(sally).get("staff.follow_ups.index").words
    assert words.index("错过的") < words.index("今天的") < words.index("后天的")
    assert "别人的" not in words


def test_a_contact_from_the_queue_moves_the_lead_to_its_next_day(db, browser, sally):
    lead = factories.make_lead(sally, name="错过的", next_on=clock.today() - timedelta(days=1))
    form = {"way": "call", "summary": "打通了", "next_step": "发资料", "next_on": "2026-11-26"}
    prefixed = {f"lead{lead.id}-{name}": value for name, value in form.items()}
    page = browser.as_(sally).post("staff.follow_ups.log_contact", prefixed, htmx=True, lead_id=lead.id)
    assert page.status == 200
    assert "发资料" in page.one("#queue").get_text()
    assert lead.next_on.isoformat() == "2026-11-26"
    page = browser.as_(sally).post("staff.follow_ups.log_contact", prefixed | {f"lead{lead.id}-next_step": ""}, lead_id=lead.id)
    assert page.status == 422
    assert "打通了" in page.text


def test_a_lead_becomes_a_project_once_and_keeps_its_history(db, browser, sally):
    register(browser, sally)
    lead = only_lead(db)
    as_sally = browser.as_(sally)
    as_sally.post(
        "staff.leads.log_contact", {"way": "call", "summary": "说好量房", "next_step": "量房", "next_on": TOMORROW}, lead_id=lead.id
    )
    first = as_sally.post("staff.leads.open_project", lead_id=lead.id)
    again = as_sally.post("staff.leads.open_project", lead_id=lead.id)
    project = db.session.query(Project).one()
    assert first.location == again.location == f"/staff/projects/{project.id}"
    assert (lead.project_id, project.customer_phone, project.room_no) == (project.id, "+8613800138000", "1201")
    assert [(one.user_id, one.role) for one in project.assignments] == [(sally.id, "salesperson")]
    assert "说好量房" in as_sally.get("staff.projects.show", project_id=project.id).words


def test_an_invalid_registration_never_becomes_a_project(db, browser, sally):
    lead = factories.make_lead(sally, verdict="duplicate", phone_claim=None, address_claim=None)
    assert browser.as_(sally).post("staff.leads.open_project", lead_id=lead.id).status == 409
    assert db.session.query(Project).count() == 0


def test_lists_cost_the_same_with_one_lead_and_with_thirty(app, db, browser, sally):
    def grow():
        for _ in range(30):
            lead = factories.make_lead(sally)
            make_deal(db, lead)
            factories.make_lead(sally)
        db.session.commit()

    factories.make_lead(sally)
    as_sally = browser.as_(sally)
    assert_same_cost(app, lambda: (as_sally.get("staff.leads.index", state="all"), as_sally.get("staff.follow_ups.index")), grow)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_the_language(db, browser, sally, language):
    lead = factories.make_lead(sally, name="Kim", community="Elm", next_step="call", source="")
    as_sally = browser.as_(sally, language=language)
    heads = {"zh": ["线索", "报备客户", "今日跟进"], "en": ["Leads", "Register a customer", "Today’s follow-ups"]}[language]
    pages = [as_sally.get(endpoint) for endpoint in ("staff.leads.index", "staff.leads.new", "staff.follow_ups.index")]
    assert [page.one("h1").get_text(strip=True) for page in pages] == heads
    assert as_sally.get("staff.leads.show", lead_id=lead.id).status == 200


def only(db, verdict: str) -> Lead:
    return db.session.query(Lead).filter_by(verdict=verdict).one()


def make_deal(db, lead: Lead) -> Order:
    """The lead's project with a signed order."""
    project = factories.make_project()
    lead.project_id = project.id
    revision = factories.make_estimate(project, lead.registered_by, lines=0)
    return factories.make_order(project, revision)


def test_a_reason_names_its_days_and_fields_in_the_language_of_the_page(db, browser, sally):
    lead = factories.make_lead(sally)
    assert "11月27日" in browser.as_(sally).get("staff.leads.show", lead_id=lead.id).words
    assert "27 Nov" in browser.as_(sally, language="en").get("staff.leads.show", lead_id=lead.id).words
    page = browser.as_(sally, language="en").post("staff.leads.check", {"name": "Kim"}, htmx=True)
    assert "Building" in page.words
    assert "楼栋" not in page.words
