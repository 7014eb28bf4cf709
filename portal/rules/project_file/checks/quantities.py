"""How a line's quantity comes about: Q1, Q2 and the terms of section 3.4."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import prod

from portal.rules.money import round_to
from portal.rules.project_file.compare import plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import BAD, Items, Missing, Node, where_readable

_NUMBER = r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]+)?"
_PRODUCT = rf"{_NUMBER}(?:×{_NUMBER})*"
_SUM = re.compile(rf"{_PRODUCT}(?:\+{_PRODUCT})*")


class Sources:
    """What terms may refer to in one project: rooms by code, with every room of that code, and the counts."""

    def __init__(self, project: Node) -> None:
        self.rooms: dict[str, list[Node]] = {}
        self.all_rooms_known = self._gather(project)
        self.params: Node | None = project.get("quantity_params")

    def _gather(self, project: Node) -> bool:
        rooms: Items = project.get("rooms") or Items(project.at("rooms"))
        for _, room in rooms.good():
            if "code" in room:
                self.rooms.setdefault(room["code"], []).append(room)
        return bool(rooms) and rooms.sound and all(room is not BAD and "code" in room for room in rooms)


def check(line: Node, sources: Sources, findings: Findings) -> None:
    """Every term says what its source says, and together they are the quantity."""
    terms: Items = line["terms"]
    for _, term in terms.good():
        with where_readable():
            _term(term, sources, findings)
    with where_readable():
        total = sum((Fraction(term["value"]) * Fraction(term["factor"]) for term in terms.whole()), Fraction(0))
        right = round_to(total, 2)
        if line["quantity"] != right:
            findings.fault(line.at("quantity"), f"is {plain(line['quantity'])}, but its terms add up to {plain(right)}")


def worth(expr: str) -> Fraction | None:
    """The exact result of a sum of products (Q2), or None when `expr` is not one."""
    if not _SUM.fullmatch(expr):
        return None
    products = ([Fraction(number) for number in product.split("×")] for product in expr.split("+"))
    return sum((prod(numbers, start=Fraction(1)) for numbers in products), Fraction(0))


def _term(term: Node, sources: Sources, findings: Findings) -> None:
    allowed = {"room": _from_room, "param": _from_param, "dims": _from_expr}[term["src"]](term, sources, findings)
    value = term["value"]
    if Fraction(value) not in allowed:
        right = " or ".join(plain(_as_decimal(number)) for number in allowed)
        findings.fault(term.at("value"), f"is {plain(value)}, but its source says {right}")


def _from_room(term: Node, sources: Sources, findings: Findings) -> list[Fraction]:
    rooms = sources.rooms.get(term["room"])
    if not rooms:
        if sources.all_rooms_known:
            findings.fault(term.at("room"), f"is {term['room']}, which is no room's code")
        raise Missing
    metric = term["metric"]
    tables = [room["metrics"] for room in rooms]
    if not any(table.has(metric) for table in tables):
        findings.fault(term.at("metric"), f"is {metric}, which room {term['room']} has no metric of")
        raise Missing
    if any(metric in table.bad for table in tables):
        raise Missing
    return [Fraction(table[metric]) for table in tables if metric in table]


def _from_param(term: Node, sources: Sources, findings: Findings) -> list[Fraction]:
    name = term["param"]
    if sources.params is None:
        raise Missing
    if not sources.params.has(name):
        findings.fault(term.at("param"), f"is {name}, which `quantity_params` has not")
        raise Missing
    return [Fraction(sources.params[name])]


def _from_expr(term: Node, sources: Sources, findings: Findings) -> list[Fraction]:
    result = worth(term["expr"])
    if result is None:
        findings.fault(term.at("expr"), "is not a sum of products such as 0.80×2.10+3")
        raise Missing
    return [result]


def _as_decimal(number: Fraction) -> Decimal:
    return round_to(number, 9).normalize()
