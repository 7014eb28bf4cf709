"""The whole reading of a project file: source (section 2), keys (3), rules (4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.rules.project_file import source
from portal.rules.project_file.checks import (
    changes,
    contract,
    finish,
    head,
    order_of_days,
    payments,
    people,
    priced_lists,
    rooms,
    schedule,
    site,
)
from portal.rules.project_file.places import MOST_FAULTS, Fault, Findings, Place, TooManyFaults
from portal.rules.project_file.shape import Spec, Walk, project, root
from portal.rules.project_file.typed import BAD, Node, child, where_readable
from portal.rules.project_file.working_days import WorkingDays

WHOLE_FILE = "$"


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading found. `document` is the file's JSON object as it stands, or None when there is any fault (F5)."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    document: dict[str, Any] | None = None

    @property
    def accepted(self) -> bool:
        return not self.faults


def read(
    data: bytes,
    price_book: Mapping[str, int | None] | None = None,
    *,
    known_ids: Collection[str] = (),
    known_contract_nos: Collection[str] = (),
) -> Reading:
    """Checks a whole project file; never raises, whatever the bytes are.

    `price_book` maps codes to unit prices in fen (None: an item without one); left out, nothing is compared (U2).
    `known_ids` and `known_contract_nos` are what the portal already holds: each is a fault where the file repeats it.
    Hand over at most `MAX_BYTES + 1` bytes of a stream: one byte too many is enough to refuse it (F1).
    """
    try:
        document = source.parse(data)
    except source.Unreadable as fault:
        return Reading(faults=[Fault(WHOLE_FILE, str(fault))])
    findings = Findings()
    try:
        _check(document, price_book, frozenset(known_ids), frozenset(known_contract_nos), findings)
    except TooManyFaults:
        findings_listed = findings.faults
        if not findings_listed:
            return Reading(faults=[Fault(WHOLE_FILE, f"has more than {MOST_FAULTS} unknown keys")])
        more = Fault(WHOLE_FILE, f"has more than {MOST_FAULTS} faults; the others are not listed")
        return Reading(faults=[*findings_listed, more], warnings=findings.warnings)
    faults = findings.faults
    return Reading(faults, findings.warnings, None if faults else document)


def _check(
    document: dict[str, Any],
    price_book: Mapping[str, int | None] | None,
    known_ids: frozenset[str],
    known_contract_nos: frozenset[str],
    findings: Findings,
) -> None:
    head_alone = {**document, "projects": []} if "projects" in document else document
    whole = Walk(findings).object(_head_only(root()), head_alone, None)
    meta = child(whole, "meta")
    head.check(meta, findings)
    calendar = None
    with where_readable():
        calendar = WorkingDays(head.holidays(meta))
    seen = _Seen(set(known_ids), set(known_contract_nos))
    for index, value in enumerate(_projects(document, findings)):
        place = Place(Place(None, "projects"), index)
        walk = Walk(findings)
        node = walk.take(project(), value, place)
        if node is BAD:
            continue
        _new(node, seen, findings)
        _rules(node, meta, calendar, walk, findings)
        if price_book is not None:
            priced_lists.compare_with_book(node, price_book, findings)


def _head_only(spec: Spec) -> Spec:
    """The root without the content of `projects`: they are walked one by one, so that only one is in memory twice."""
    keys = {**spec.keys, "projects": Spec("list", "yes", each=Spec("object", "yes"), most=0)}
    return Spec("object", "yes", keys=keys)


def _projects(document: dict[str, Any], findings: Findings) -> list[Any]:
    projects = document.get("projects")
    spec = root().keys["projects"]
    if "projects" not in document:
        return []
    if type(projects) is not list:
        Walk(findings).take(spec, projects, Place(None, "projects"))
        return []
    if not spec.least <= len(projects) <= spec.most:
        findings.fault("projects", f"has {len(projects)} elements, not {spec.least} to {spec.most}")
    return projects[: spec.most]


@dataclass(slots=True)
class _Seen:
    ids: set[str]
    contract_nos: set[str]


def _new(node: Node, seen: _Seen, findings: Findings) -> None:
    """Neither the id nor the contract number stands in the file before or is known to the portal."""
    for holder, key, known in ((node, "id", seen.ids), (child(node, "contract"), "no", seen.contract_nos)):
        if key in holder:
            if holder[key] in known:
                findings.fault(holder.at(key), f"is {holder[key]}, which stands in the file before or in the portal")
            known.add(holder[key])


def _rules(node: Node, meta: Node, calendar: WorkingDays | None, walk: Walk, findings: Findings) -> None:
    rooms.check(node, findings)
    people.check(node, walk.people, findings)
    priced_lists.check(node, findings)
    contract.check(node, findings)
    schedule.check(node, calendar, findings)
    payments.check(node, findings)
    changes.check(node, findings)
    site.check(node, findings)
    finish.check(node, findings)
    order_of_days.check(node, meta, findings)
