"""The two priced lists: lines L1 to L5, totals T1 to T7, and the comparison V1 (section 4, "Lines")."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from portal.rules.money import half_up, ratio_bp, share_bp, times
from portal.rules.project_file.checks import quantities
from portal.rules.project_file.compare import expect, numbered, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Items, Node, child, items, where_readable

LISTS = ("estimate", "budget")
_SPLIT = ("main", "aux", "labor", "loss")


def check(project: Node, findings: Findings) -> None:
    sources = quantities.Sources(project)
    for name in LISTS:
        with where_readable():
            revision: Node = project[name]
            _lines(revision, sources, findings)
            _totals(revision, project, findings)
    _compared(project, findings)


def _lines(revision: Node, sources: quantities.Sources, findings: Findings) -> None:
    with where_readable():
        lines: Items = revision["lines"]
        numbered(findings, lines, "no")
        _pairs_once(lines, findings)
        for _, line in lines.good():
            _line(line, findings)
            with where_readable():
                quantities.check(line, sources, findings)


def _pairs_once(lines: Items, findings: Findings) -> None:
    """L2."""
    seen: dict[tuple[str, str], int] = {}
    for index, line in lines.good():
        with where_readable():
            pair = line["space"], line["code"]
            if pair in seen:
                findings.fault(
                    line.place, f"has the same `space` and `code` as line {seen[pair] + 1}: {pair[0]}, {pair[1]}"
                )
            seen.setdefault(pair, index)


def _line(line: Node, findings: Findings) -> None:
    with where_readable():
        if line["quantity"] == 0:
            findings.fault(line.at("quantity"), "is 0")
    amount(line, "quantity", findings)
    with where_readable():
        split = line["unit_split_fen"]
        added = sum(split[part] for part in _SPLIT)
        if added != line["unit_price_fen"]:
            findings.fault(split.place, f"adds up to {added}, but `unit_price_fen` is {line['unit_price_fen']}")
    with where_readable():
        expect(findings, line, "group", line["code"][:2], "the beginning of `code`")


def amount(line: Node, quantity: str, findings: Findings) -> None:
    """L3, for lines of lists, purchases and change orders."""
    with where_readable():
        many, price = line[quantity], line["unit_price_fen"]
        expect(findings, line, "amount_fen", times(many, price), f"{plain(many)} × {price}")


def _totals(revision: Node, project: Node, findings: Findings) -> None:
    with where_readable():
        totals: Node = revision["totals"]
        with where_readable():
            direct = sum(line["amount_fen"] for line in revision["lines"].whole())
            expect(findings, totals, "direct_fen", direct, "the sum of the lines")
        _parts(revision, totals, "by_group_fen", "group", findings)
        _parts(revision, totals, "by_space_fen", "space", findings)
        _sums(totals, findings)
        with where_readable():
            if project["building_area_m2"]:
                per_m2 = per_square_metre(totals["total_fen"], project["building_area_m2"])
                expect(findings, totals, "per_m2_fen", per_m2, "`total_fen` ÷ `building_area_m2`")


def per_square_metre(total_fen: int, area_m2: Decimal) -> int:
    """T7, in fen per ㎡; `area_m2` a Decimal above 0."""
    return half_up(Fraction(total_fen) / Fraction(area_m2))


def _sums(totals: Node, findings: Findings) -> None:
    """T3 to T6, each from the numbers as they are written."""
    with where_readable():
        right = share_bp(totals["direct_fen"], totals["management_rate_bp"])
        expect(findings, totals, "management_fen", right, "its rate of `direct_fen`")
    with where_readable():
        right = totals["direct_fen"] + totals["management_fen"] - totals["discount_fen"]
        expect(findings, totals, "taxable_fen", right, "direct + management − discount")
    with where_readable():
        right = share_bp(totals["taxable_fen"], totals["tax_rate_bp"])
        expect(findings, totals, "tax_fen", right, "its rate of `taxable_fen`")
    with where_readable():
        expect(findings, totals, "total_fen", totals["taxable_fen"] + totals["tax_fen"], "`taxable_fen` + `tax_fen`")


def _parts(revision: Node, totals: Node, table: str, key: str, findings: Findings) -> None:
    """T2: exactly the groups (or spaces) of the lines, each with the sum of its lines."""
    with where_readable():
        parts: Node = totals[table]
        lines: dict[str, list[Node]] = {}
        for line in revision["lines"].whole():
            lines.setdefault(line[key], []).append(line)
        for name in (*parts, *parts.bad):
            if name not in lines:
                findings.fault(parts.at(name), f"is there, but no line has this {key}")
        for name, those in lines.items():
            if not parts.has(name):
                findings.fault(parts.at(name), "is missing")
                continue
            with where_readable():
                right = sum(line["amount_fen"] for line in those)
                if key == "group":
                    expect(findings, parts[name], "amount_fen", right, "the sum of its lines")
                else:
                    expect(findings, parts, name, right, "the sum of its lines")


def _compared(project: Node, findings: Findings) -> None:
    """V1."""
    budget, estimate = child(project, "budget"), child(project, "estimate")
    versus, before, after = child(budget, "vs_estimate"), child(estimate, "totals"), child(budget, "totals")
    with where_readable():
        expect(findings, versus, "diff_fen", after["total_fen"] - before["total_fen"], "budget total − estimate total")
    with where_readable():
        if before["total_fen"]:
            right = ratio_bp(versus["diff_fen"], before["total_fen"])
            expect(findings, versus, "diff_bp", right, "`diff_fen` of the estimate total")
    with where_readable():
        right = abs(versus["diff_bp"]) <= versus["limit_bp"]
        if versus["within_limit"] is not right:
            findings.fault(
                versus.at("within_limit"), f"is {_json(not right)}, but `diff_bp` and `limit_bp` say {_json(right)}"
            )


def _json(yes: bool) -> str:
    return "true" if yes else "false"


def compare_with_book(project: Node, book: Mapping[str, int | None], findings: Findings) -> None:
    """U2: a code or a price that the price book does not have is a warning. A price of None is not compared."""
    for name in LISTS:
        for _, line in items(project, name, "lines"):
            _compare(line, book, findings)
    for _, order in items(project, "change_orders"):
        for _, line in items(order, "lines"):
            _compare(line, book, findings)


def _compare(line: Node, book: Mapping[str, int | None], findings: Findings) -> None:
    with where_readable():
        code = line["code"]
        if code not in book:
            findings.warn(line.at("code"), f"is {code}, which the price book does not have")
        elif book[code] is not None and line["unit_price_fen"] != book[code]:
            findings.warn(
                line.at("unit_price_fen"), f"is {line['unit_price_fen']}, but the price book says {book[code]}"
            )
