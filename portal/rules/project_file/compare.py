"""The comparisons that most rules are made of: written against computed, once and not twice, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.rules.project_file.places import Findings, Place
from portal.rules.project_file.typed import Items, Node, where_readable


def expect(findings: Findings, node: Node, key: str, right: Any, how: str) -> None:
    """A fault at `key` unless its value is `right`: "is 104001, but 4.16 × 25000 is 104000"."""
    written = node[key]
    if written != right:
        findings.fault(node.at(key), f"is {plain(written)}, but {how} is {plain(right)}")


def once(findings: Findings, values: Iterable[tuple[Place, Any]], what: str = "stands there before") -> None:
    """A fault at every value that occurred earlier in `values`."""
    seen = set()
    for place, value in values:
        if value in seen:
            findings.fault(place, f"is {plain(value)}, which {what}")
        seen.add(value)


def keys_once(findings: Findings, found: Items, key: str) -> None:
    """`key` has no value twice among the objects of the array."""
    once(findings, ((node.at(key), node[key]) for _, node in found.good() if key in node))


def numbered(findings: Findings, found: Items, key: str) -> None:
    """`key` counts 1, 2, 3 … in the order of the array."""
    for index, node in found.good():
        with where_readable():
            expect(findings, node, key, index + 1, "its number in the order of the list")


def ascending(findings: Findings, found: Items, key: str) -> None:
    """`key` never goes back from one object of the array to the next."""
    before = None
    for _, node in found.good():
        if key not in node:
            continue
        if before is not None and node[key] < before:
            findings.fault(node.at(key), f"is {plain(node[key])}, before {plain(before)} above it")
        before = node[key]


def not_before(findings: Findings, node: Node, later: str, than: str, base: Node | None = None) -> None:
    """A fault at `later` when it is before `than` (of `base`, or of the same object). Null values are not compared."""
    with where_readable():
        day, first = node[later], (base or node)[than]
        if day is not None and first is not None and day < first:
            findings.fault(node.at(later), f"is {plain(day)}, before `{than}`, {plain(first)}")


def set_exactly_when(findings: Findings, node: Node, key: str, condition: bool, when: str) -> None:
    """A fault at `key` unless it is not null exactly when `condition` holds; `when` is the condition in words."""
    if (node[key] is not None) != condition:
        findings.fault(node.at(key), f"is null, but {when}" if condition else f"is set, but not {when}")


def plain(value: Any) -> str:
    """A value as the file writes it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
