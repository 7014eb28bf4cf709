"""What a person reads after verifying, on the command line and on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from portal import i18n
from portal.documents import words
from portal.documents.command import verify_command
from portal.documents.report import Problem
from portal.documents.verify import verify
from portal.documents.writing import day, grouped, moment, percent, signed_yuan
from tests.documents.conftest import AT

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def file(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "文件.pdf"
        path.write_bytes(content)
        return path

    return write


def test_a_good_file_says_who_signed_what_and_when(file, keys, signed):
    code, said = verify_command(file(signed), keys)
    assert code == 0
    assert said.startswith("有效")
    assert "装修估算书 第1版" in said
    assert "林知秋（业主）于 2026年11月24日 12:01:05 (UTC+8) 签署" in said
    assert "沈画（设计师）于 2026年11月24日 12:02:05 (UTC+8) 签署" in said
    assert "短信验证码 199****0001" in said
    assert "不是持牌的第三方认证机构" in said
    assert "没有第三方时间戳" in said


def test_the_same_in_english(file, keys, signed):
    code, said = verify_command(file(signed), keys, language="en")
    assert code == 0
    assert said.startswith("Valid: the file is complete")
    assert "signed on 24 November 2026 12:01:05 (UTC+8)" in said
    assert "not from a licensed third party" in said


def test_a_file_that_waits_for_somebody_says_for_whom(file, keys, half_signed):
    code, said = verify_command(file(half_signed), keys)
    assert code == 1
    assert said.startswith("未完成")
    assert "还没有签名：沈画（设计师）" in said


def test_a_changed_file_says_so_and_claims_nothing(file, keys, signed):
    code, said = verify_command(file(signed + b"\n"), keys)
    assert code == 1
    assert said.startswith("无效")
    assert "又添加了1个字节" in said
    assert "保证级别" not in said


def test_without_a_root_the_authority_is_unknown_until_it_is_named(file, keys, signed, tmp_path):
    code, said = verify_command(file(signed), tmp_path / "nowhere", language="en")
    assert code == 1
    assert "signed by an unknown authority" in said
    code, said = verify_command(file(signed), tmp_path / "nowhere", [keys / "root.pem"])
    assert code == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_cannot_be_read_is_said(tmp_path, keys, language):
    assert verify_command(tmp_path / "absent.pdf", keys, language=language)[0] == 1
    code, said = verify_command(tmp_path, keys, language=language)
    assert code == 1
    assert said
    (tmp_path / "broken.pem").write_text("no certificate")
    code, said = verify_command(tmp_path / "absent.pdf", keys, [tmp_path / "broken.pem"], language)
    assert code == 1
    assert ("根证书" in said) == (language == "zh")


def test_every_problem_has_its_sentence_in_both_languages():
    source = "".join(path.read_text() for path in Path("portal/documents").glob("*.py"))
    raised = set(re.findall(r'Problem\("(\w+)"', source))
    assert raised == set(words.PROBLEMS)
    facts = {"name": "林知秋", "issuer": "某机构", "bytes": 7}
    for code in raised:
        assert CHINESE.search(words.problem_in_words(Problem(code, facts), "zh"))
        assert not CHINESE.search(
            words.problem_in_words(Problem(code, {"name": "Lin", "issuer": "X", "bytes": 7}), "en")
        )


def test_every_word_of_the_documents_has_its_english():
    english = i18n.catalogue("en")
    keywords = {"_": None, "pgettext": ((1, "c"), 2), "N_": None}
    missing, seen = [], 0
    for folder, method in (
        ("portal/documents", [("**.py", "python")]),
        ("portal/templates/documents", [("**.html", "jinja2")]),
    ):
        options = {"**.html": {"trimmed": "true"}}
        for _name, _line, message, _comments, context in extract_from_dir(folder, method, options, keywords=keywords):
            seen += 1
            said = english.pgettext(context, message) if context else english.gettext(message)
            if said == message:
                missing.append(message)
    assert seen > 80
    assert not missing


def test_people_of_one_file_are_named_on_the_page_by_codes_and_facts(sealing, signed):
    found = verify(signed, sealing.trust)
    assert (found.valid, found.problems, found.missing) == (True, (), ())
    assert len(found.states) == 4
    assert found.states[-1] == found.sha256


def test_numbers_and_days_are_written_in_full():
    assert (percent(800), percent(950), percent(1)) == ("8%", "9.5%", "0.01%")
    assert (signed_yuan(304799), signed_yuan(-131040), signed_yuan(0)) == ("+¥3,047.99", "−¥1,310.40", "¥0.00")
    assert (day(AT.date(), "zh"), day(AT.date(), "en")) == ("2026年11月24日", "24 November 2026")
    assert moment(AT, "en") == "24 November 2026 12:00:05 (UTC+8)"
    assert grouped("cefaa8484c7cb312") == "cefa a848 4c7c b312"
