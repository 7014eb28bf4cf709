"""What a file name tells."""

from datetime import date

import pytest

from portal.drawings.names import read_name


def test_a_name_by_the_rule_is_read_whole():
    found = read_name("YQ-3-2-1201_P-01_原始结构图(量房图)_SG-R0_20260325.pdf")
    assert found.exact
    assert (found.project, found.sheet_no, found.title) == ("YQ-3-2-1201", "P-01", "原始结构图(量房图)")
    assert (found.stage, found.revision, found.dated_on) == ("SG", 0, date(2026, 3, 25))
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("name", "sheet_no", "title", "stage", "revision"),
    [
        ("LT-A16_PB1-02_B1层原平面拆改图_SG-R0_20260425.pdf", "PB1-02", "B1层原平面拆改图", "SG", 0),
        ("LT-A16_P-06_天花布置图_BG-2-R13_20260501.DWG", "P-06", "天花布置图", "BG-2", 13),
        ("LT-A16_00_封面、图纸目录与工程概况_fa-r1_20260425.pdf", "00", "封面、图纸目录与工程概况", "FA", 1),
        ("P-04 平面布置图.pdf", "P-04", "平面布置图", None, None),
        ("p4平面布置图.dwg", "P-04", "平面布置图", None, None),
        ("Ｐ－０４　平面布置图.pdf", "P-04", "平面布置图", None, None),
        ("平面布置图.dxf", "P-04", "平面布置图", None, None),
        ("P-04.pdf", "P-04", "平面布置图", None, None),
        ("水位图W-01_SG_R2.pdf", "W-01", "水位图", "SG", 2),
        ("2F层D2F-01开关图.pdf", "D2F-01", "2F层 开关图", None, None),
        ("竣工JG-W水电图.pdf", "JG-W", "竣工 水电图", None, None),
        ("E-01 客厅立面 V2.pdf", "E-01", "客厅立面", None, None),
        ("E-01 客厅立面 第三版(1).pdf", "E-01", "客厅立面", None, None),
        ("R-01效果图.jpg", "R-01", "效果图", None, None),
        ("客厅(最终)效果【】图(.jpg", None, "客厅 效果 图", None, None),
        ("IMG_2031.HEIC", None, "IMG 2031", None, None),
        ("2026-01-02 现场.jpg", None, "现场", None, None),
        ("8P-04.pdf", None, "8P-04", None, None),
        ("无后缀", None, "无后缀", None, None),
    ],
)
def test_what_is_recognised(name, sheet_no, title, stage, revision):
    found = read_name(name)
    assert (found.sheet_no, found.title, found.stage, found.revision) == (sheet_no, title, stage, revision)


@pytest.mark.parametrize(
    "name", ["平面布置图 最终版.pdf", "P-04_终版.dwg", "P-04 平面图 最终确认版(2).pdf", "P-04 FINAL.pdf"]
)
def test_a_claim_of_finality_is_warned_about_and_no_part_of_the_title(name):
    found = read_name(name)
    assert [warning.code for warning in found.warnings] == ["final_word"]
    assert found.title in ("平面布置图", "平面图")
    assert found.sheet_no == "P-04"


def test_a_claim_of_finality_spoils_a_name_by_the_rule():
    found = read_name("YQ_P-04_平面布置图最终版_SG-R1_20260325.pdf")
    assert (found.title, found.revision, found.exact) == ("平面布置图", 1, False)


@pytest.mark.parametrize("day", ["20260230", "00000101", "20261301"])
def test_a_day_that_does_not_exist_is_not_taken(day):
    found = read_name(f"YQ_P-04_平面布置图_SG-R1_{day}.pdf")
    assert found.dated_on is None
    assert not found.exact


@pytest.mark.parametrize(
    "name", ["", ".", "_", "_____", "P" * 5000, "0" * 5000, "最终版.pdf", "\x00", "-" * 3000 + "_R"]
)
def test_no_name_stops_the_reading(name):
    assert read_name(name).title is not None
