"""Section 3 applied: keys, types and needs (U1), driven by the rows of `keys`; what passes becomes the typed file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from portal.rules.project_file.forms import formed
from portal.rules.project_file.keys import rows
from portal.rules.project_file.places import Findings, Place
from portal.rules.project_file.typed import BAD, Items, Node
from portal.rules.project_file.values import Reader, Unfit, bounds, reader, shown, split

_YEARLY = re.compile(r"holidays_20[0-9]{2}")
_MAP_KEY = reader("text(1..40)")


@dataclass(slots=True)
class Condition:
    """`if src is room`: the key to look at, `levels` objects further up, and the value it must have."""

    key: str
    wanted: str
    levels: int
    known: frozenset[str]


@dataclass(slots=True)
class Spec:
    """What may stand at one path."""

    kind: str
    need: str
    nullable: bool = False
    keys: dict[str, Spec] = field(default_factory=dict)
    yearly: Spec | None = None
    each: Spec | None = None
    least: int = 0
    most: int = 0
    read: Reader | None = None
    when: Condition | None = None
    person: bool = False


@cache
def root() -> Spec:
    """The file's own specification, compiled from the rows once."""
    top = Spec("object", "yes")
    for path, kind, need, form in rows():
        _put(top, _steps(path), _spec(kind, need, form), [top])
    meta = top.keys["meta"]
    meta.yearly = meta.keys.pop("holidays_<year>")
    return top


def project() -> Spec:
    """The specification of one project."""
    each = root().keys["projects"].each
    assert each is not None
    return each


def _steps(path: str) -> list[str]:
    return path.replace("[]", ".[]").replace("{}", ".{}").split(".")


def _spec(kind: str, need: str, form: str) -> Spec:
    name, inner = split(kind.removesuffix(" or null"))
    nullable = kind.endswith(" or null")
    if name == "list":
        least, most = bounds(inner)
        return Spec("list", need, least=least, most=most)
    if name in ("object", "map"):
        return Spec(name, need, nullable=nullable)
    return Spec("value", need, read=formed(reader(kind), form), person=name == "person")


def _put(spec: Spec, steps: list[str], leaf: Spec, above: list[Spec]) -> None:
    step, rest = steps[0], steps[1:]
    if not rest:
        if leaf.need.startswith("if "):
            leaf.when = _condition(leaf.need, above)
        if step in ("[]", "{}"):
            spec.each = leaf
        else:
            spec.keys[step] = leaf
        return
    below = spec.each if step in ("[]", "{}") else spec.keys[step]
    assert below is not None
    _put(below, rest, leaf, [below, *above] if below.kind == "object" else above)


def _condition(need: str, above: list[Spec]) -> Condition:
    key, wanted = need.removeprefix("if ").split(" is ")
    values = {"src": ("room", "param", "dims"), "status": ("CONSTRUCTION", "WARRANTY")}[key]
    level = next(level for level, spec in enumerate(above) if key in spec.keys)
    return Condition(key, wanted, level, frozenset(values))


class Walk:
    """One walk down a part of the file; gathers the faults and every `person` that was named on the way."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.people: list[tuple[Place, str]] = []
        self._around: list[dict[str, Any]] = []

    def take(self, spec: Spec, value: Any, place: Place) -> Any:
        """`value` as the rules see it, or BAD after its fault has been noted."""
        if spec.read is not None:
            return self._scalar(spec, value, place)
        if value is None and spec.nullable:
            return None
        if spec.kind == "list":
            return self._list(spec, value, place)
        if type(value) is not dict:
            self.findings.fault(place, f"is {shown(value)}, not an object")
            return BAD
        return self._map(spec, value, place) if spec.kind == "map" else self.object(spec, value, place)

    def object(self, spec: Spec, value: dict[str, Any], place: Place | None) -> Node:
        node = Node(place or Place(None, ""))
        self._around.append(value)
        for name, inner in value.items():
            below = spec.keys.get(name) or _yearly(spec, name)
            here = Place(place, name)
            if below is None:
                self.findings.warn(here, "unknown key")
                continue
            if below.when is not None and self._holds(below.when) is False:
                self.findings.fault(here, f"is there, but only belongs here {below.need}")
                node.bad.add(name)
                continue
            taken = self.take(below, inner, here)
            if taken is BAD:
                node.bad.add(name)
            else:
                node[name] = taken
        for name, below in spec.keys.items():
            if name not in value and self._needed(below):
                self.findings.fault(Place(place, name), "is missing")
        self._around.pop()
        return node

    def _scalar(self, spec: Spec, value: Any, place: Place) -> Any:
        assert spec.read is not None
        try:
            taken = spec.read(value)
        except Unfit as unfit:
            self.findings.fault(place, str(unfit))
            return BAD
        if spec.person:
            self.people.append((place, taken))
        return taken

    def _list(self, spec: Spec, value: Any, place: Place) -> Any:
        if type(value) is not list:
            self.findings.fault(place, f"is {shown(value)}, not an array")
            return BAD
        assert spec.each is not None
        taken = Items(place)
        if not spec.least <= len(value) <= spec.most:
            taken.sound = False
            many = str(spec.least) if spec.least == spec.most else f"{spec.least} to {spec.most}"
            self.findings.fault(place, f"has {len(value)} elements, not {many}")
        for index, inner in enumerate(value[: spec.most]):  # a surplus is one fault
            taken.append(self.take(spec.each, inner, Place(place, index)))
        return taken

    def _map(self, spec: Spec, value: dict[str, Any], place: Place) -> Node:
        assert spec.each is not None
        node = Node(place)
        for name, inner in value.items():
            here = Place(place, name)
            try:
                _MAP_KEY(name)
            except Unfit as unfit:
                self.findings.fault(here, f"its key {unfit}")
                node.bad.add(name)
                continue
            taken = self.take(spec.each, inner, here)
            if taken is BAD:
                node.bad.add(name)
            else:
                node[name] = taken
        return node

    def _needed(self, spec: Spec) -> bool:
        return spec.need == "yes" or (spec.when is not None and self._holds(spec.when) is True)

    def _holds(self, when: Condition) -> bool | None:
        """None when the key that decides is itself at fault."""
        found = self._around[-1 - when.levels].get(when.key)
        return found == when.wanted if isinstance(found, str) and found in when.known else None


def _yearly(spec: Spec, name: str) -> Spec | None:
    return spec.yearly if _YEARLY.fullmatch(name) else None
