"""`portal verify FILE.pdf`: exit 0 and who signed what and when, or exit 1 and the reason. Needs no database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portal.documents.trust import trust_of
from portal.documents.verify import LARGEST_FILE_BYTES, verify
from portal.documents.words import words
from portal.documents.writing import translator


def verify_command(path: Path, keys: Path, roots: Sequence[Path] = (), language: str = "zh") -> tuple[int, str]:
    """Exit code and statement. Believed are `keys`/root.pem, what lies in `keys`/trusted/, and the PEM files of
    `roots`.
    """
    _ = translator(language)
    try:
        trust = trust_of(keys, *roots)
    except (OSError, ValueError) as problem:
        return 1, _("根证书读不出来：%(problem)s", problem=problem)
    try:
        with path.open("rb") as file:
            pdf = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as problem:
        return 1, _("文件读不出来：%(problem)s", problem=problem)
    found = verify(pdf, trust)
    return (0 if found.valid else 1), words(found, language)
