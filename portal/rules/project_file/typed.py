"""The file as the rules see it: whatever is not of its type stays out of reach ("one mistake, one fault")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from portal.rules.project_file.places import Place


class Missing(Exception):
    """A value that a check builds on is absent or not of its type: the check is skipped."""


class _Bad:
    """Stands where a value was that is not of its type."""

    def __repr__(self) -> str:
        return "BAD"


BAD = _Bad()


def where_readable() -> suppress:
    """The `with` around one check: it ends quietly as soon as it needs a value that is not there."""
    return suppress(Missing)


class Node(dict[str, Any]):
    """An object: `node["key"]` is the value, or raises Missing when it is absent or not of its type."""

    __slots__ = ("bad", "place")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.bad: set[str] = set()

    def __missing__(self, key: str) -> Any:
        raise Missing(key)

    def at(self, *keys: str | int) -> Place:
        """The place of a key (and further down)."""
        place = self.place
        for key in keys:
            place = place.at(key)
        return place

    def has(self, key: str) -> bool:
        """Whether the key stands in the file, with a value of its type or not."""
        return key in self or key in self.bad


class Items(list[Any]):
    """An array, elements that are not of their type being BAD. `sound` is false when its length is not allowed."""

    __slots__ = ("place", "sound")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.sound = True

    def at(self, *keys: str | int) -> Place:
        place = self.place
        for key in keys:
            place = place.at(key)
        return place

    def good(self) -> Iterator[tuple[int, Any]]:
        """(index, element) of every element that is of its type."""
        return ((index, element) for index, element in enumerate(self) if element is not BAD)

    def whole(self) -> Items:
        """Itself, when every element is of its type and their number is allowed; else Missing."""
        if not self.sound or BAD in self:
            raise Missing
        return self

    def in_order(self) -> Items:
        """Itself, when its length is allowed, for checks that go by position; else Missing."""
        if not self.sound:
            raise Missing
        return self


def items(node: Node, *path: str) -> list[tuple[int, Any]]:
    """(index, element) of the readable elements of the array down `path`; nothing when it cannot be read."""
    try:
        here: Any = node
        for key in path:
            here = here[key]
        return list(here.good())
    except Missing:
        return []


def child(node: Node, *path: str) -> Node:
    """The object down `path`; an empty one that raises Missing for every key when there is none."""
    here: Any = node
    for key in path:
        if key not in here or here[key] is None:
            return Node(node.place)
        here = here[key]
    return here  # type: ignore[no-any-return]
