"""What the command answers (section 5): the two JSON objects, ready to be printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.rules.project_file.places import Fault


def answer_accepted(projects: Iterable[dict[str, Any]], warnings: Iterable[Fault]) -> dict[str, Any]:
    """`projects` as `answer_project` makes them, in the order of the file."""
    return {"projects": list(projects), "warnings": _listed(warnings)}


def answer_project(project_id: str, revisions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """`project_id` is the id in the file; `revisions` as `answer_revision` makes them."""
    return {"id": project_id, "revisions": list(revisions)}


def answer_revision(*, kind: str, version: str, number: int, total_fen: int, lines: int) -> dict[str, Any]:
    """`kind` is estimate (number 1) or budget (number 2); `total_fen` what was computed and stored."""
    return {"kind": kind, "version": version, "number": number, "total_fen": total_fen, "lines": lines}


def answer_refused(faults: Iterable[Fault]) -> dict[str, Any]:
    """Every fault of a refused file."""
    return {"faults": _listed(faults)}


def _listed(faults: Iterable[Fault]) -> list[dict[str, str]]:
    return [{"where": fault.where, "what": fault.what} for fault in faults]
