"""The paper of an estimate: rendered, certified, signed by everybody, locked; with a time-stamp service that comes and goes."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from portal import clock
from portal.actions import files
from portal.actions.estimates import papers, sealing
from portal.documents.trust import trust_of
from portal.documents.verify import verify
from portal.extensions import db as database
from portal.jobs import worker
from portal.jobs.registry import discover
from portal.models import Document, DocumentFile, DocumentPage, DrawingRevision, Job, Message, Signature
from portal.rules.access import Role
from tests import estimates, factories
from tests.documents.test_timestamps import service, service_keys  # noqa: F401  (fixtures)

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def home(db):
    return estimates.make_home()


@pytest.fixture
def office(app, home, browser):
    """Presents an estimate the way an estimator does, and does what the worker would."""
    return browser.as_(home.estimator)


def present(home, office):
    draft = factories.make_estimate(home.project, home.estimator, materials_chosen_on=clock.today())
    database.session.commit()
    assert office.post("staff.estimates.present", revision_id=draft.id).status == 303
    return draft


def work(app, *kinds):
    """Do the waiting work; messages and other kinds come along as they are."""
    discover()
    database.session.rollback()
    while worker.work_once(app, at=clock.now()) is not None:
        pass
    database.session.rollback()


def paper_of(revision, language="zh"):
    database.session.rollback()
    database.session.expire_all()
    return database.session.query(Document).filter_by(revision_id=revision.id, language=language).one()


def bytes_of(paper):
    return files.contents(papers.latest(paper).sha256)


def sign(browser, person, paper, **more):
    hers = browser.as_(person, **more)
    assert hers.post("customer.estimates.code", revision_id=paper.revision_id).status == 303
    form = estimates.signing_form(paper, code=estimates.code_for(person), typed_name=person.name)
    page = hers.post("customer.estimates.sign", form, revision_id=paper.revision_id)
    assert page.status == 303
    return page


def found_in(app, pdf):
    return verify(pdf, trust_of(app.config["SETTINGS"].keys_dir))


def test_from_the_presentation_to_the_sealed_file(app, db, browser, home, office, tmp_path):
    revision = present(home, office)
    work(app)
    paper = paper_of(revision)
    assert paper.state == "ready"
    assert [(kept.number, kept.what) for kept in paper.files] == [(0, "rendered"), (1, "certified")]
    assert db.session.query(DocumentPage).filter_by(document_id=paper.id).count() >= 1
    assert not found_in(app, bytes_of(paper)).valid, "nobody has signed yet"
    sign(browser, home.owner, paper)
    assert paper_of(revision).state == "sealing"
    work(app)
    paper = paper_of(revision)
    assert (paper.state, [kept.what for kept in paper.files]) == ("sealed", ["rendered", "certified", "signed"])
    pdf = bytes_of(paper)
    found = found_in(app, pdf)
    assert found.valid
    assert [one.name for one in found.signers] == ["示例装饰工程有限公司", "林知秋"]
    evidence = found.signers[1].evidence
    signature = db.session.query(Signature).one()
    assert (evidence["shown_sha256"], evidence["typed_name"], evidence["channel"]) == (paper.shown_sha256, "林知秋", "sms")
    assert evidence["consent"] == signature.consent and "我已逐项阅读" in signature.consent
    told = {(m.kind, m.user_id) for m in db.session.query(Message)}
    assert ("document.sealed", home.owner.id) in told
    assert {("estimate.signed", home.estimator.id), ("estimate.signed", home.manager.id)} <= told
    names = _pdfsig(tmp_path, pdf)
    assert names == ["示例装饰工程有限公司", "林知秋"]


def test_the_paper_names_the_drawings_that_she_could_see_when_it_was_presented(app, db, home, office):
    seen, hidden, gone = (factories.make_drawing(home.project, home.estimator, shown=shown) for shown in (True, False, True))
    gone.withdrawn_at = clock.now()
    revision = present(home, office)
    later = factories.make_drawing(home.project, home.estimator)
    later.revisions[0].shown_at = clock.now() + timedelta(seconds=1)
    seen.next_number = 2
    facts = dict(file_name="P.pdf", file_kind="pdf", uploaded_by_id=home.estimator.id, uploaded_at=clock.now(), preview="none")
    database.session.add(DrawingRevision(drawing_id=seen.id, number=1, file_sha256=factories.make_blob().sha256, **facts))
    database.session.commit()
    kept = {drawing.id: drawing.revisions[-1].file_sha256 for drawing in (seen, hidden, gone, later)}
    shown, others = kept.pop(seen.id), kept.values()
    work(app)
    for language in ("zh", "en"):
        words = _words_of(bytes_of(paper_of(revision, language)))
        assert shown in words
        assert not [one for one in others if one in words]


def test_the_paper_says_which_main_materials_the_owner_buys(app, db, home, office):
    items = {item.code: item for item in estimates.make_book(NW_001=10000).items}
    items["NW-001"].owner_supplied_main, items["YQ-007"].owner_supplied_main = "瓷砖", "石材"
    draft = present(home, office)
    work(app)
    words = _words_of(bytes_of(paper_of(draft)))
    assert "主材由业主自购:瓷砖" in words and "石材" not in words
    assert "Mainmaterialsthattheownerbuys:瓷砖" in _words_of(bytes_of(paper_of(draft, "en")))


def _words_of(pdf: bytes) -> str:
    """The text of all pages without spaces and line breaks, full-width signs folded."""
    pages = pypdfium2.PdfDocument(pdf)
    text = unicodedata.normalize("NFKC", "".join(page.get_textpage().get_text_range() for page in pages))
    return re.sub(r"\s|\ufffe", "", text)


def _pdfsig(folder, pdf) -> list[str]:
    if shutil.which("pdfsig") is None:
        pytest.skip("poppler-utils is not installed")
    (folder / "signed.pdf").write_bytes(pdf)
    said = subprocess.run(["pdfsig", folder / "signed.pdf"], capture_output=True, text=True, check=False).stdout
    assert "Total document signed" in said
    return re.findall(r"Certificate Common Name: (.*)", said)


def test_owner_and_spouse_sign_one_file_whatever_language_the_second_reads(app, db, browser, home, office):
    spouse = factories.make_homeowner(home.project, name="江小满", relation="spouse")
    db.session.commit()
    revision = present(home, office)
    work(app)
    sign(browser, home.owner, paper_of(revision, "en"), language="en")
    work(app)
    assert paper_of(revision, "en").state == "ready", "sealed when everybody has signed"
    hers = browser.as_(spouse)
    page = hers.get("customer.estimates.signature", revision_id=revision.id)
    assert "第一位签字的家人签的是英文版" in page.words
    refused = hers.post("customer.estimates.code", revision_id=revision.id)
    assert refused.status == 303
    form = estimates.signing_form(paper_of(revision, "zh"), code=estimates.code_for(spouse), typed_name="江小满")
    assert hers.post("customer.estimates.sign", form, revision_id=revision.id).status == 409, "the Chinese paper is not the one"
    estimates.later(minutes=2)
    sign(browser, spouse, paper_of(revision, "en"))
    work(app)
    english = paper_of(revision, "en")
    found = found_in(app, bytes_of(english))
    assert english.state == "sealed" and found.valid
    assert [one.name for one in found.signers[1:]] == ["林知秋", "江小满"]
    assert paper_of(revision, "zh").state == "ready"


def test_preparing_twice_changes_nothing(app, db, home, office):
    revision = present(home, office)
    work(app)
    before = [(kept.number, kept.sha256) for kept in paper_of(revision).files]
    assert papers.prepare(paper_of(revision).id) == "already prepared"
    assert papers.picture(paper_of(revision).id) == "nothing to do"
    assert [(kept.number, kept.sha256) for kept in paper_of(revision).files] == before


def test_sealing_twice_appends_once(app, db, browser, home, office):
    revision = present(home, office)
    work(app)
    sign(browser, home.owner, paper_of(revision))
    work(app)
    sealing.seal(db.session.query(Signature).one().id)
    db.session.commit()
    assert db.session.query(DocumentFile).filter_by(what="signed").count() == 1


@pytest.fixture
def refusing(app):
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield from _with_service(app, f"http://127.0.0.1:{taken.getsockname()[1]}/tsa")


def _with_service(app, url):
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, tsa_url=url)
    yield url
    app.config["SETTINGS"] = before


def test_without_the_time_stamp_service_nothing_is_certified_and_it_comes_later(app, db, home, office, refusing):
    revision = present(home, office)
    work(app)
    paper = paper_of(revision)
    assert (paper.state, paper.shown_sha256, paper.note) == ("preparing", None, papers.LATER)
    assert [kept.what for kept in paper.files] == ["rendered"], "what was rendered stays as it is"
    rendered = paper.files[0].sha256
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tsa_url="")
    estimates.later(minutes=1)
    work(app)
    paper = paper_of(revision)
    assert (paper.state, paper.note, paper.files[0].sha256) == ("ready", "", rendered)


def test_a_signature_waits_for_the_service_and_is_then_stamped_by_it(app, db, browser, home, office, refusing, service, service_keys):  # noqa: F811
    from cryptography.hazmat.primitives import serialization

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tsa_url="")
    revision = present(home, office)
    work(app)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tsa_url=refusing)
    sign(browser, home.owner, paper_of(revision))
    work(app)
    paper = paper_of(revision)
    assert (paper.state, paper.note) == ("sealing", papers.LATER)
    assert db.session.query(Signature).one().sealed_at is None
    assert db.session.query(DocumentFile).filter_by(what="signed").count() == 0, "never stamped by the local clock"
    page = browser.as_(home.owner).get("customer.estimates.show", revision_id=revision.id)
    assert "已有签字，正在封存" in page.words
    trusted = app.config["SETTINGS"].keys_dir / "trusted"
    trusted.mkdir(exist_ok=True)
    (trusted / "time.pem").write_bytes(service_keys[0].public_bytes(serialization.Encoding.PEM))
    service.answer = None
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tsa_url=f"http://127.0.0.1:{service.server_port}/tsa")
    estimates.later(minutes=1)
    work(app)
    paper = paper_of(revision)
    found = found_in(app, bytes_of(paper))
    assert (paper.state, paper.note) == ("sealed", "")
    assert found.valid
    assert found.signers[1].stamped_at is not None
    (trusted / "time.pem").unlink()


def test_the_more_patient_the_longer_the_service_is_away(app, db, home, office, refusing):
    revision = present(home, office)
    waits = []
    for _ in range(6):
        work(app)
        job = db.session.query(Job).filter_by(kind="document.prepare", done_at=None).order_by(Job.run_at).first()
        waits.append((job.run_at - clock.now()).total_seconds())
        clock.stand_still(job.run_at)
        db.session.rollback()
    assert waits == sorted(waits)
    assert 10 <= waits[0] <= 60
    assert max(waits) <= 600
    assert paper_of(revision).state == "preparing"


def test_a_designer_and_another_household_get_no_file_before_their_time(app, db, browser, home, office):
    """R073: before the presentation neither the file nor a hint of it; afterwards not for strangers."""
    designer = factories.make_user(Role.DESIGNER)
    factories.assign(home.project, designer, Role.DESIGNER)
    stranger = factories.make_homeowner(factories.make_project())
    db.session.commit()
    revision = present(home, office)
    paper = paper_of(revision)
    assert browser.as_(home.owner).get("customer.documents.file", document_id=paper.id).status == 404, "not certified yet"
    work(app)
    for endpoint in ("customer.documents.file", "customer.documents.certified"):
        assert browser.as_(stranger).get(endpoint, document_id=paper.id).status == 404
        answer = browser.as_(home.owner).get(endpoint, document_id=paper.id)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert "sandbox" not in answer.headers["Content-Security-Policy"]
    assert browser.as_(stranger).get("customer.documents.page", document_id=paper.id, number=1).status == 404
    assert browser.as_(home.owner).get("customer.documents.page", document_id=paper.id, number=1).status == 200
    assert browser.as_(home.owner).get("customer.documents.page", document_id=paper.id, number=99).status == 404
    assert browser.as_(designer).get("staff.documents.file", document_id=paper.id).status == 200
