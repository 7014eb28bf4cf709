"""Reading an estimate: what changed since she last looked, nothing before its presentation (R073), never a cost (R072)."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.actions import files
from portal.actions.estimates import papers, presenting
from portal.models import Document, EstimateLine, EstimateView, LineSplit
from portal.rules.access import Role
from tests import estimates, factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")

# Written nowhere else: 7 133.17, 8 244.28, 9 355.39, 1 466.51 yuan.
SPLIT = {"main_fen": 713317, "aux_fen": 824428, "labor_fen": 935539, "loss_fen": 146651}


@pytest.fixture
def home(db):
    estimates.make_book()
    return estimates.make_home()


def spellings(fen: int) -> set[str]:
    """The ways in which an amount might slip out; each long enough not to stand in a file by chance."""
    yuan = Decimal(fen) / 100
    return {str(fen), f"{yuan}", f"{yuan:,}", f"{yuan:.1f}", f"{yuan / 10000:.4f}"}


def leaks(text: str) -> set[str]:
    return {said for fen in SPLIT.values() for said in spellings(fen) if said in text}


def with_secret_split(db, revision):
    for line in db.session.query(EstimateLine).filter_by(revision_id=revision.id):
        split = db.session.get(LineSplit, line.id)
        for part, fen in SPLIT.items():
            setattr(split, part, fen)
        line.unit_price_fen = sum(SPLIT.values())
    db.session.commit()
    return revision


def test_no_cost_reaches_a_homeowner_or_a_designer(db, browser, home):
    """R072: not in a page, not in a fragment, not in the file. The estimator's page proves that it would be noticed."""
    designer = factories.make_user(Role.DESIGNER)
    factories.assign(home.project, designer, Role.DESIGNER)
    first = with_secret_split(db, estimates.presented(home))
    second = with_secret_split(db, estimates.presented(home, base_id=first.id))
    seen = {}
    for person, room in ((home.owner, "customer"), (designer, "staff"), (home.manager, "staff")):
        one = browser.as_(person)
        endpoints = [(f"{room}.estimates.index", {}), (f"{room}.estimates.show", {"revision_id": second.id})]
        if room == "customer":
            endpoints += [("customer.estimates.signature", {"revision_id": second.id}), ("customer.home.show", {})]
        else:
            endpoints += [("staff.estimates.project", {"project_id": home.project.id})]
        for endpoint, values in endpoints:
            for htmx in (False, True):
                page = one.get(endpoint, htmx=htmx, **values)
                assert page.status == 200
                seen[person.name, endpoint, htmx] = leaks(page.text)
    assert not {where: what for where, what in seen.items() if what}
    assert leaks(browser.as_(home.estimator).get("staff.estimates.show", revision_id=second.id).text)


def test_no_cost_is_in_the_file(db, home, tmp_path):
    revision = with_secret_split(db, estimates.presented(home))
    for language in ("zh", "en"):
        document = Document(revision_id=revision.id, language=language, signers=[], prepared_at=clock.now())
        document.signers = [{"user_id": home.owner.id, "name": "林知秋", "relation": "owner", "field": "signer-1"}]
        db.session.add(document)
        db.session.flush()
        papers.prepare(document.id)
        db.session.commit()
        pdf = files.contents(document.shown_sha256)
        (tmp_path / "paper.pdf").write_bytes(pdf)
        text = subprocess.run(["pdftotext", "-layout", tmp_path / "paper.pdf", "-"], capture_output=True, text=True, check=True).stdout
        assert f"{revision.total_fen // 100 % 1000:03d}" in text, "the text was read"
        assert not leaks(text)
        assert not leaks(pdf.decode("latin-1"))


def test_a_designer_finds_no_way_to_costs_and_drafts(db, browser, home):
    designer = factories.make_user(Role.DESIGNER)
    factories.assign(home.project, designer, Role.DESIGNER)
    draft = factories.make_estimate(home.project, home.estimator)
    db.session.commit()
    hers = browser.as_(designer)
    assert hers.get("staff.estimates.show", revision_id=draft.id).status == 404
    for endpoint in ("items", "own_item", "explanation"):
        assert hers.get(f"staff.estimates.{endpoint}", revision_id=draft.id).status == 404
    assert hers.get("staff.catalogue.index").status == 404


def test_before_the_presentation_nobody_learns_that_there_is_one(db, browser, home):
    """R073: neither the total nor the revision itself, for the homeowner and for the designer."""
    designer = factories.make_user(Role.DESIGNER)
    factories.assign(home.project, designer, Role.DESIGNER)
    draft = factories.make_estimate(home.project, home.estimator, lines=7)
    total = f"{draft.total_fen // 100:,}"
    db.session.commit()
    pages = []
    for person, places in (
        (home.owner, [("customer.estimates.index", {}), ("customer.home.show", {}), ("customer.messages.index", {})]),
        (
            designer,
            [
                ("staff.estimates.index", {}),
                ("staff.estimates.project", {"project_id": home.project.id}),
                ("staff.projects.show", {"project_id": home.project.id}),
                ("staff.today.show", {}),
            ],
        ),
    ):
        one = browser.as_(person)
        pages += [(endpoint, one.get(endpoint, **values)) for endpoint, values in places]
        room = "customer" if person is home.owner else "staff"
        assert one.get(f"{room}.estimates.show", revision_id=draft.id).status == 404
    # The label is looked for in what is read: two letters stand by chance in the token of a form.
    assert not [endpoint for endpoint, page in pages if total in page.text or f"/estimates/{draft.id}" in page.text or draft.label in page.words]
    assert total in browser.as_(home.estimator).get("staff.estimates.index").text
    draft.presented_at = clock.now()
    db.session.commit()
    assert total in browser.as_(home.owner).get("customer.estimates.index").text
    assert total in browser.as_(designer).get("staff.estimates.index").text


def changed_twice(db, home):
    """Three revisions: 2 → 3 → 4 of the same line."""
    made = [estimates.presented(home, lines=2)]
    for quantity in ("3.00", "4.00"):
        base = made[-1]
        revision = estimates.presented(home, lines=2, base_id=base.id)
        for old, new in zip(base.lines, revision.lines, strict=True):
            new.line_key = old.line_key
        first = revision.lines[0]
        first.quantity, first.amount_fen, first.change_reason = Decimal(quantity), int(Decimal(quantity) * 10000), f"改成{quantity}"
        revision.direct_fen = sum(line.amount_fen for line in revision.lines)
        revision.total_fen = revision.direct_fen
        made.append(revision)
    db.session.commit()
    return made


def test_it_is_compared_with_what_she_last_saw(db, browser, home):
    first, second, third = changed_twice(db, home)
    hers = browser.as_(home.owner)
    assert hers.post("customer.estimates.view", revision_id=first.id).status == 303
    page = hers.get("customer.estimates.show", revision_id=third.id)
    assert "和您上次看到的一版相比" in page.words
    assert "2 ㎡ × ¥100.00" in page.words and "4 ㎡ × ¥100.00" in page.words
    assert "改成4.00" in page.words
    hers.post("customer.estimates.view", revision_id=second.id)
    page = hers.get("customer.estimates.show", revision_id=third.id)
    assert "3 ㎡ × ¥100.00" in page.words
    assert "+¥100.00" in page.words


def test_it_is_compared_with_what_she_signed(db, browser, home):
    first, _second, third = changed_twice(db, home)
    first.presented_at = clock.now() - timedelta(days=3)
    from portal.models import OneTimeCode, Signature

    paper = estimates.make_paper(first, home.owner)
    code = OneTimeCode(
        user_id=home.owner.id, purpose="sign", subject="x", code_hash="x", channel="sms", sent_at=clock.now(), expires_at=clock.now()
    )
    db.session.add(code)
    db.session.flush()
    db.session.add(
        Signature(
            revision_id=first.id,
            document_id=paper.id,
            user_id=home.owner.id,
            field="signer-1",
            typed_name="林知秋",
            consent="c",
            code_id=code.id,
            shown_sha256=paper.shown_sha256,
            language="zh",
            address="",
            device="",
            at=clock.now(),
        )
    )
    db.session.commit()
    page = browser.as_(home.owner).get("customer.estimates.show", revision_id=third.id)
    assert "和您签过的一版相比" in page.words


def test_looking_is_remembered_once_per_person(db, browser, home):
    revision = estimates.presented(home)
    hers = browser.as_(home.owner)
    hers.post("customer.estimates.view", revision_id=revision.id)
    estimates.later(hours=1)
    answer = hers.post("customer.estimates.view", revision_id=revision.id, htmx=True)
    assert answer.status == 200 and "seen" in answer.text
    view = db.session.query(EstimateView).one()
    assert view.last_at - view.first_at == timedelta(hours=1)


def test_the_list_says_what_each_version_asks_of_her(db, browser, home):
    old = estimates.presented(home)
    estimates.make_paper(old, home.owner)
    new = estimates.presented(home)
    estimates.make_paper(new, home.owner)
    looker = factories.make_homeowner(home.project, right="view", relation="parent")
    page = browser.as_(home.owner).get("customer.estimates.index")
    assert page.words.index("待您签署") < page.words.index("已有新版")
    assert "待您签署" not in browser.as_(looker).get("customer.estimates.index").words
    estimates.later(days=16)
    assert "已过有效期" in browser.as_(home.owner).get("customer.estimates.index").words


def test_a_home_without_estimates_and_in_english(browser, home):
    assert "还没有报价" in browser.as_(home.owner).get("customer.estimates.index").words
    revision = estimates.presented(home)
    page = browser.as_(home.owner, language="en").get("customer.estimates.show", revision_id=revision.id)
    assert "Total, tax included" in page.words
    assert not [word for word in ("合计", "明细", "签署") if word in page.words]


@pytest.mark.parametrize("revision_id", [10**18, 10**30, 999999])
def test_a_number_that_nobody_has_is_not_found(browser, home, revision_id):
    assert browser.as_(home.owner).get(f"/customer/estimates/{revision_id}").status == 404


def test_the_pages_cost_the_same_for_many_lines_and_many_homes(app, db, browser, home):
    small = estimates.presented(home, lines=3)
    large = estimates.presented(home, lines=60, base_id=small.id)
    estimates.make_paper(large, home.owner)
    hers = browser.as_(home.owner)

    def more_lines():
        for n in range(60, 160):
            factories.make_line(large, n + 1, space=f"房间{n % 9}")
        for _ in range(4):
            other = estimates.make_home()
            estimates.make_paper(estimates.presented(other), other.owner)
        db.session.commit()

    assert_same_cost(app, lambda: hers.get("customer.estimates.show", revision_id=large.id), more_lines)
    assert_same_cost(
        app, lambda: hers.get("customer.estimates.signature", revision_id=large.id), lambda: estimates.presented(estimates.make_home())
    )
    assert_same_cost(app, lambda: hers.get("customer.estimates.index"), lambda: [estimates.presented(home) for _ in range(3)])
    assert presenting.newer(large) is not None
