"""One closing line for several pytest runs: `python summary.py sqlite.xml:0 browser.xml:0 postgres.xml:0` (report, exit code).

Exit 1 when a test failed, when a run broke off, and when a run found no test.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree  # the reports are our own
from pathlib import Path


def main(runs: list[str]) -> int:
    """Print what every run counted, then the sum alone on a line."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    broken = False
    for run in runs:
        report, _, code = run.rpartition(":")
        counts = count(report)
        for name in total:
            total[name] += counts[name]
        broken = broken or int(code) != 0 or counts["passed"] == 0
        print(f"{Path(report).stem}: {line(counts)}{f', exit code {code}' if code != '0' else ''}")
    if broken and not total["failed"]:
        total["failed"] = 1  # a run that broke off has a fault, though no test bears its name
    print(line(total))
    return 1 if broken or total["failed"] else 0


def count(report: str) -> dict[str, int]:
    """Passed, failed and skipped tests of a JUnit report; a run without one counts as failed."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    except (OSError, ElementTree.ParseError):
        return {"passed": 0, "failed": 1, "skipped": 0}
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return {"passed": tests - failures - errors - skipped, "failed": failures + errors, "skipped": skipped}


def line(counts: dict[str, int]) -> str:
    """`N passed, N failed, N skipped`."""
    return ", ".join(f"{number} {name}" for name, number in counts.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
