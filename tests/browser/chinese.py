"""What is still Chinese on an English page: data may be, our own words may not."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from lxml import html

from portal import i18n

HAN = re.compile(r"[\u3400-\u9fff]")
SPOKEN = ("alt", "title", "aria-label", "placeholder", "data-failed", "data-offline", "data-close", "data-left", "content")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+[^}]*\}")
APART = re.compile(r"[\s·:,.;?!()（）/|“”\"'—–\-]+")


class Data:
    """Every word that the company and its customers have written, from the tables themselves.

    A piece of text is data when it stands in a column. One of our own messages is data only when it is the whole of
    a column (a room that is called as a message is), and a message with gaps never.
    """

    def __init__(self, database: Path):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = (row for table in tables for row in connection.execute(f"SELECT * FROM {table}"))
            self.values = {text for row in rows for value in row for text in _texts(value)}

    @cached_property
    def together(self) -> str:
        return "\n".join(" ".join(value.split()) for value in self.values)

    def left_in(self, tree: html.HtmlElement) -> list[str]:
        """The Chinese pieces of an English page that are not data."""
        return sorted({text for text in _said(tree) if HAN.search(text) and not self._written(text)})

    def _written(self, text: str) -> bool:
        pieces = [piece for piece in APART.split(text) if HAN.search(piece)]
        if text in self.values or all(piece in self.values for piece in pieces):
            return True
        if any(piece in _messages() for piece in (text, *pieces)) or any(pattern.fullmatch(text) for pattern in _patterns()):
            return False
        return text in self.together or all(piece in self.together for piece in pieces)


def _texts(value) -> Iterator[str]:
    """The strings in a column, also those within JSON."""
    if isinstance(value, str) and (HAN.search(value) or "\\u" in value):
        try:
            yield from _strings(json.loads(value))
        except ValueError:
            yield value
            yield from (line.strip() for line in value.splitlines())


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _said(tree: html.HtmlElement) -> Iterator[str]:
    """Every text and every spoken attribute, except where the page itself says that it is Chinese."""
    foreign = set(tree.xpath("//*[starts-with(@lang, 'zh')]/descendant-or-self::*"))
    for element in tree.iter(html.etree.Element):
        if element in foreign or element.tag in ("script", "style"):
            continue
        texts = [element.text, *(child.tail for child in element)] if element.tag != "textarea" else []
        texts += [element.get(name) for name in SPOKEN]
        if element.tag == "input" and element.get("type") in ("submit", "button"):
            texts.append(element.get("value"))
        yield from (" ".join(text.split()) for text in texts if text and text.strip())


def _messages() -> dict:
    return i18n.catalogue("en")._catalog


_made: list[re.Pattern] = []


def _patterns() -> list[re.Pattern]:
    """Messages with gaps, as they look when the gaps are filled."""
    if not _made:
        for message in _messages():
            words = message if isinstance(message, str) else message[0]
            if HOLE.search(words) and HAN.search(HOLE.sub("", words)):
                _made.append(re.compile(".+?".join(re.escape(part) for part in HOLE.split(words)), re.DOTALL))
    return _made
