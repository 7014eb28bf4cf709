"""The project file: its reader as pure rules, in the order of its format's text.

`source` is section 2, `values` and `forms` section 1, `keys` and `shape` section 3, `checks` section 4, `answers`
section 5. A value that is not of its type is reported once and then out of reach for every rule (`typed`): a rule that
needs it is skipped. All other values are used as they are written, so that one mistake is one fault.
"""

from portal.rules.project_file.answers import answer_accepted, answer_project, answer_refused, answer_revision
from portal.rules.project_file.places import Fault
from portal.rules.project_file.reading import Reading, read
from portal.rules.project_file.source import MAX_BYTES
from portal.rules.project_file.totals import Totals, totals

__all__ = [
    "MAX_BYTES",
    "Fault",
    "Reading",
    "Totals",
    "answer_accepted",
    "answer_project",
    "answer_refused",
    "answer_revision",
    "read",
    "totals",
]
