"""The closing line of `./run test` must not be green when anything was not."""

from __future__ import annotations

import pytest

from tests import summary

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.fixture
def close(tmp_path, capsys):
    """summary.main() over runs given as (report or None, exit code); answers exit code and last line."""

    def close(*runs):
        arguments = []
        for number, (report, code) in enumerate(runs):
            path = tmp_path / f"{number}.xml"
            if report:
                path.write_text(report)
            arguments.append(f"{path}:{code}")
        exit_code = summary.main(arguments)
        return exit_code, capsys.readouterr().out.splitlines()[-1]

    return close


def test_the_runs_are_added_up(close):
    runs = (REPORT.format(10, 0, 0, 2), 0), (REPORT.format(5, 0, 0, 0), 0)
    assert close(*runs) == (0, "13 passed, 0 failed, 2 skipped")


@pytest.mark.parametrize(
    ("report", "code", "closing"),
    [
        (REPORT.format(5, 1, 1, 1), 1, "12 passed, 2 failed, 1 skipped"),
        (None, 2, "10 passed, 1 failed, 0 skipped"),
        ("<testsuites><tests", 2, "10 passed, 1 failed, 0 skipped"),
        (REPORT.format(0, 0, 0, 0), 5, "10 passed, 1 failed, 0 skipped"),
        (REPORT.format(3, 0, 0, 3), 0, "10 passed, 1 failed, 3 skipped"),
        (REPORT.format(3, 0, 0, 0), 3, "13 passed, 1 failed, 0 skipped"),
    ],
)
def test_a_run_that_failed_or_broke_off_or_tested_nothing_fails_the_whole(close, report, code, closing):
    assert close((REPORT.format(10, 0, 0, 0), 0), (report, code)) == (1, closing)
