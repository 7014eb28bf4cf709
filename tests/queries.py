"""How much a page asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from portal.extensions import db


@contextmanager
def count_queries(app) -> Iterator[list[str]]:
    """The SELECT, INSERT, UPDATE and DELETE statements sent inside the block; look at the list after it."""
    sent: list[str] = []

    def notice(_connection, _cursor, statement, *_more):
        if statement.lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", notice)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", notice)


def assert_same_cost(app, ask, grow) -> None:
    """`ask()` costs as many queries after `grow()` added rows as before; the first call warms what is kept in memory."""
    ask()
    with count_queries(app) as before:
        ask()
    grow()
    with count_queries(app) as after:
        ask()
    assert before, "the page asked nothing at all"
    assert len(after) == len(before), "\n".join(after)
