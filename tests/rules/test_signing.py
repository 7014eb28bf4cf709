"""May this person sign this revision now? Each refusal in its place (product, "Never"; R073)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.rules.signing import (
    Code,
    RevisionState,
    Signer,
    Submission,
    Verdict,
    judge_decline,
    judge_readiness,
    judge_signature,
    names_agree,
)

AT = datetime(2026, 3, 20, 3, tzinfo=UTC)
SHOWN = "a" * 64
REVISION = RevisionState(presented_at=AT - timedelta(days=1), valid_until=date(2026, 3, 31), document_ready=True,
                         shown_sha256=SHOWN)  # fmt: skip
WANG = Signer("王小莉", required=True)
CODE = Code(matches=True, expires_at=AT + timedelta(minutes=1))
GIVEN = Submission(SHOWN, "王小莉", consented=True, code=CODE)

# Each breaks exactly one thing, in the order in which the checks stand.
OF_THE_REVISION = [
    (Verdict.NOT_PRESENTED, {"presented_at": None}),
    (Verdict.WITHDRAWN, {"withdrawn_at": AT}),
    (Verdict.STALE, {"newer_presented": "B2"}),
    (Verdict.EXPIRED, {"valid_until": date(2026, 3, 19)}),
]
OF_THE_PERSON = [
    (Verdict.NOT_A_SIGNER, {"required": False}),
    (Verdict.ALREADY_SIGNED, {"signed_at": AT}),
]
OF_THE_DOCUMENT = [
    (Verdict.DECLINED, {"declined_by": "李强"}),
    (Verdict.NOT_READY, {"document_ready": False}),
    (Verdict.NOT_READY, {"shown_sha256": None}),
]
OF_THE_FORM = [
    (Verdict.CHANGED, {"shown_sha256": "b" * 64}),
    (Verdict.CONSENT_MISSING, {"consented": False}),
    (Verdict.NAME_MISSING, {"typed_name": "  "}),
    (Verdict.NAME_MISMATCH, {"typed_name": "王大莉"}),
    (Verdict.DRAWING_MISSING, {"drawn": False}),
    (Verdict.CODE_MISSING, {"code": None}),
    (Verdict.CODE_USED, {"code": replace(CODE, used_at=AT)}),
    (Verdict.CODE_BLOCKED, {"code": replace(CODE, attempts=5)}),
    (Verdict.CODE_EXPIRED, {"code": replace(CODE, expires_at=AT)}),
    (Verdict.CODE_WRONG, {"code": replace(CODE, matches=False)}),
]


def test_everything_in_place_can_be_signed():
    assert judge_signature(REVISION, WANG, GIVEN, AT).verdict is Verdict.SIGNABLE


@pytest.mark.parametrize("verdict, broken", OF_THE_REVISION + OF_THE_DOCUMENT)
def test_what_is_wrong_with_the_revision_shows_on_the_button_and_stops_the_form(verdict, broken):
    revision = replace(REVISION, **broken)
    assert judge_readiness(revision, WANG, AT).verdict is verdict
    assert judge_signature(revision, WANG, GIVEN, AT).verdict is verdict
    assert verdict.is_conflict


@pytest.mark.parametrize("verdict, broken", OF_THE_PERSON)
def test_what_is_wrong_with_the_person_too(verdict, broken):
    assert judge_readiness(REVISION, replace(WANG, **broken), AT).verdict is verdict
    assert judge_signature(REVISION, replace(WANG, **broken), GIVEN, AT).verdict is verdict
    assert verdict.is_conflict


@pytest.mark.parametrize("verdict, broken", OF_THE_FORM)
def test_what_is_wrong_with_the_form_stands_beside_its_field(verdict, broken):
    decision = judge_signature(REVISION, WANG, replace(GIVEN, **broken), AT)
    assert decision.verdict is verdict
    assert verdict.is_conflict is (verdict is Verdict.CHANGED)
    assert bool(verdict.field) is not verdict.is_conflict
    assert decision.deciding.in_words()


def test_the_checks_come_in_the_order_that_is_written_down():
    """Broken in everything from one check on, a form is told that check first; so a code is never spent for nothing."""
    revision = [("revision", verdict, broken) for verdict, broken in OF_THE_REVISION]
    person = [("person", verdict, broken) for verdict, broken in OF_THE_PERSON]
    document = [("revision", verdict, broken) for verdict, broken in OF_THE_DOCUMENT[:2]]
    form = [("form", verdict, broken) for verdict, broken in OF_THE_FORM]
    order = [*revision, *person, *document, *form]
    for first, (_, verdict, _) in enumerate(order):
        facts = {"revision": REVISION, "person": WANG, "form": GIVEN}
        for what, _, broken in reversed(order[first:]):
            facts[what] = replace(facts[what], **broken)
        assert judge_signature(facts["revision"], facts["person"], facts["form"], AT).verdict is verdict


@pytest.mark.parametrize("moment, verdict", [
    (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), Verdict.SIGNABLE),  # 23:59:59 in Shanghai
    (datetime(2026, 3, 31, 16, tzinfo=UTC), Verdict.EXPIRED),
])  # fmt: skip
def test_it_can_be_signed_until_the_end_of_its_last_local_day(moment, verdict):
    given = replace(GIVEN, code=replace(CODE, expires_at=moment + timedelta(minutes=1)))
    assert judge_signature(REVISION, WANG, given, moment).verdict is verdict


def test_without_a_last_day_it_does_not_expire():
    assert judge_readiness(replace(REVISION, valid_until=None), WANG, AT + timedelta(days=900)).verdict is Verdict.SIGNABLE


@pytest.mark.parametrize("typed, name, same", [
    (" 王小莉 ", "王小莉", True), ("王小莉", "王晓莉", False), ("Ｓａｌｌｙ　Ｋｉｎｇ", "Sally King", True), ("Sally  King", "Sally King", True),
    ("sally king", "Sally King", False), ("王 小莉", "王小莉", False), ("", "王小莉", False),
])  # fmt: skip
def test_the_typed_name_must_be_hers(typed, name, same):
    assert names_agree(typed, name) is same


@pytest.mark.parametrize("attempts, verdict, left", [(0, Verdict.CODE_WRONG, 4), (4, Verdict.CODE_WRONG, 0), (5, Verdict.CODE_BLOCKED, None)])
def test_five_wrong_codes_and_no_more(attempts, verdict, left):
    wrong = replace(GIVEN, code=replace(CODE, matches=False, attempts=attempts))
    decision = judge_signature(REVISION, WANG, wrong, AT)
    assert decision.verdict is verdict
    assert decision.deciding.facts.get("left") == left
    right = replace(GIVEN, code=replace(CODE, attempts=attempts))
    assert (judge_signature(REVISION, WANG, right, AT).verdict is Verdict.SIGNABLE) is (attempts < 5)


def test_the_newer_revision_is_named():
    decision = judge_readiness(replace(REVISION, newer_presented="B2"), WANG, AT)
    assert "B2" in decision.deciding.in_words()


@pytest.mark.parametrize("revision, signer, reason, verdict", [
    (REVISION, WANG, "单价太高", Verdict.SIGNABLE),
    (REVISION, WANG, " ", Verdict.REASON_MISSING),
    (replace(REVISION, valid_until=date(2026, 3, 1)), WANG, "过期了", Verdict.SIGNABLE),
    (replace(REVISION, document_ready=False), WANG, "不用等了", Verdict.SIGNABLE),
    (replace(REVISION, presented_at=None), WANG, "x", Verdict.NOT_PRESENTED),
    (replace(REVISION, newer_presented="B2"), WANG, "x", Verdict.STALE),
    (REVISION, replace(WANG, signed_at=AT), "x", Verdict.ALREADY_SIGNED),
    (REVISION, replace(WANG, required=False), "x", Verdict.NOT_A_SIGNER),
    (replace(REVISION, declined_by="王小莉"), WANG, "x", Verdict.DECLINED),
])  # fmt: skip
def test_declining_needs_a_reason_and_a_revision_that_is_hers_to_decide(revision, signer, reason, verdict):
    assert judge_decline(revision, signer, reason, AT).verdict is verdict
