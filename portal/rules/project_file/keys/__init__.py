"""Section 3 of the project file's format, row by row: every key with path, type, need and form."""

from portal.rules.project_file.keys.finish import FINISH
from portal.rules.project_file.keys.home import HEAD, HOME, ROOMS
from portal.rules.project_file.keys.lists import CONTRACT, PRICED_LISTS
from portal.rules.project_file.keys.works import WORKS

Row = tuple[str, str, str, str]


def rows() -> list[Row]:
    """(path, type, need, form) of every key; a parent stands before its children. Form is "" when the type says all."""
    found = []
    for table in (HEAD, HOME, ROOMS, PRICED_LISTS, CONTRACT, WORKS, FINISH):
        for line in table.strip().splitlines():
            path, kind, need, *form = line.split(" | ")
            for listed in _either_list(path):
                found.append((listed, kind, need, form[0] if form else ""))
    return found


def _either_list(path: str) -> list[str]:
    return [path.replace("estimate/budget", name) for name in ("estimate", "budget")] if "/" in path else [path]
