"""The forms that section 3 adds to a text's type in its constraint column: codes, file names, versions."""

from __future__ import annotations

import re
from typing import Any

from portal.rules.project_file.values import STAGES, Reader, Unfit, shown

_PATTERNS = {
    "two capitals": ("[A-Z]{2}", "two capital letters"),
    "price code": ("[A-Z]{2}-[A-Z0-9]{3,6}", "two capital letters, a hyphen and 3 to 6 digits or capitals"),
    "bare file name": (r"[^./\\][^/\\]*", "a bare file name"),
    "R and number": ("R[0-9]{1,3}", "R and a number"),
    "E and number": ("E[0-9]{1,7}", "E and a number"),
    "B and number": ("B[0-9]{1,7}", "B and a number"),
    "S01–S20, ALL, D": ("|".join((*STAGES, "ALL", "D")), "S01 to S20, ALL or D"),
    "S01–S20, W": ("|".join((*STAGES, "W")), "S01 to S20 or W"),
}


def formed(read: Reader, form: str) -> Reader:
    """`read`, and then the form of that name; `read` itself when there is none."""
    if not form:
        return read
    pattern, words = _PATTERNS[form]
    fits = re.compile(pattern).fullmatch

    def checked(value: Any) -> Any:
        text = read(value)
        if not fits(text):
            raise Unfit(f"is {shown(text)}, not {words}")
        return text

    return checked
