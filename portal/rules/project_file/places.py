"""Where a fault stands, and the list of them (section 1, "Place"; F5)."""

from __future__ import annotations

from dataclasses import dataclass

MOST_FAULTS = 100_000  # a hostile file of 16 MiB could be at fault millions of times: the answer stays finite


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or warning: `where` is a path such as `projects[0].budget.lines[12].amount_fen`, or `$`."""

    where: str
    what: str


class TooManyFaults(Exception):
    """There are more faults than anybody reads; looking for further ones stops."""


class Place:
    """A position in the file, written out only when it is needed: most places are never at fault."""

    __slots__ = ("above", "key")

    def __init__(self, above: Place | None, key: str | int) -> None:
        self.above, self.key = above, key

    def __str__(self) -> str:
        here = f"[{self.key}]" if isinstance(self.key, int) else self.key
        before = "" if self.above is None else str(self.above)
        return f"{before}.{here}" if before and isinstance(self.key, str) else before + here

    def at(self, key: str | int) -> Place:
        return Place(self, key)


class Findings:
    """Faults and warnings in the order they were met, one entry per place; what is wrong twice there is said in one."""

    def __init__(self) -> None:
        self._faults: dict[str, str] = {}
        self._warnings: dict[str, str] = {}

    def fault(self, where: Place | str, what: str) -> None:
        self._add(self._faults, str(where), what)

    def warn(self, where: Place | str, what: str) -> None:
        self._add(self._warnings, str(where), what)

    @property
    def faults(self) -> list[Fault]:
        return _listed(self._faults)

    @property
    def warnings(self) -> list[Fault]:
        return _listed(self._warnings)

    @staticmethod
    def _add(known: dict[str, str], where: str, what: str) -> None:
        before = known.get(where)
        if before is None and len(known) >= MOST_FAULTS:
            raise TooManyFaults
        if before is None or what not in before:
            known[where] = what if before is None else f"{before}; {what}"


def _listed(known: dict[str, str]) -> list[Fault]:
    return [Fault(_printable(where), _printable(what)) for where, what in known.items()]


def _printable(text: str) -> str:
    """Unpaired surrogates of a hostile key cannot be printed; they are shown as they were written."""
    return text.encode("utf-8", "backslashreplace").decode()
