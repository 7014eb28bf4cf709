"""Why a file cannot be taken or shown, in words a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Term(str):
    """A fact that is itself a Chinese phrase and is translated before it is put into a sentence."""

    __slots__ = ()


class Refused(Exception):
    """A file that is not taken or cannot be shown.

    `code` is stable and for programs, `words` is a Chinese sentence with `{placeholders}`, `facts` fill them.
    No fact ever holds a path of the server or words of a library.
    """

    def __init__(self, code: str, words: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        self.facts = dict(facts or {})

    def in_words(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language that `translate` gives; Chinese without it."""
        facts = {
            name: translate(str(value)) if isinstance(value, Term) else value for name, value in self.facts.items()
        }
        return translate(self.words).format(**facts)

    __str__ = in_words

    def as_record(self) -> dict[str, Any]:
        """JSON-ready form, to be kept with the row or to cross a process."""
        facts = {name: {"term": str(value)} if isinstance(value, Term) else value for name, value in self.facts.items()}
        return {"code": self.code, "words": self.words, "facts": facts}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Refused:
        """What `as_record` wrote down."""
        facts = {
            name: Term(value["term"]) if isinstance(value, dict) else value for name, value in record["facts"].items()
        }
        return cls(record["code"], record["words"], facts)
