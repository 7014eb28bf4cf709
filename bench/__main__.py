"""`./run bench`: the pages of the line, on the demo company with a few hundred homes and with many.

Per page: queries, and the server's time (median of several answers, without the network). Beside it the floor: the
same framework answering "ok", and a raw list of 50 rows through the same template engine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from types import SimpleNamespace

from sqlalchemy import event, func, select

FEW = 500  # homes of the small company: enough that no list on a page is empty


def main() -> None:
    options = _options()
    home = options.home or tempfile.mkdtemp(prefix="portal-bench-")
    os.environ.update(PORTAL_HOME=home, PORTAL_MODE="demo")
    with _database(options.postgres):
        grown = _compare(options)
    if grown:
        print(f"Queries that grew: {grown}")
        sys.exit(1)


@contextmanager
def _database(postgres: bool):
    """The SQLite file of the home, or a private PostgreSQL server for as long as this takes, as in the tests."""
    if not postgres:
        yield
        return
    from tests.postgres import private_cluster

    with private_cluster() as cluster:
        os.environ["DATABASE_URL"] = cluster.create("bench")
        yield


def _compare(options) -> list[tuple[str, str]]:
    """Prints the table; answers the pages that need more queries for more homes."""
    from flask_migrate import upgrade

    from bench.grow import grow
    from portal.extensions import db
    from portal.serve import application

    app = application()
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        _load_demo()
        grow(FEW)
        _analyse()
    small = _measure(app, options.answers)
    with app.app_context():
        grow(options.projects)
        _analyse()
        projects = _count()
    large = _measure(app, options.answers)
    _print(small, large, projects, app)
    with app.app_context():
        db.engine.dispose()
    return [key for key in large if large[key][0] > small[key][0]]


def _options():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000, help="homes in the grown company")
    parser.add_argument("--answers", type=int, default=15, help="answers per page; the median counts")
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL server instead of SQLite")
    parser.add_argument("--home", help="keep the data in this folder, to run again")
    return parser.parse_args()


def _load_demo() -> None:
    from portal import clock, demo
    from portal.extensions import db

    if not demo.is_loaded():
        demo.load(at=clock.now(), say=lambda step: print(f"  … {step}", file=sys.stderr))
        db.session.commit()


def _pages(app) -> list[tuple[SimpleNamespace, str, str]]:
    """(person, page, address) of the line. No context stays open: Flask-Login would keep the first person for all."""
    from bench.pages import pages

    with app.app_context():
        return [(SimpleNamespace(id=person.id, name=person.name), page, address) for person, page, address in pages()]


def _measure(app, answers: int) -> dict[tuple[str, str], tuple[int, float, int, int]]:
    """(person, page) → queries, median ms, bytes, status."""
    from portal.extensions import db
    from tests.client import Browser

    found = {}
    browser = Browser(app)
    with app.app_context():
        engine = db.engine
    for person, page, address in _pages(app):
        client = browser.as_(person).client
        client.get(address)
        with _counting(engine) as queries:
            first = client.get(address)
        times = []
        for _ in range(answers):
            began = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - began) * 1000)
        found[person.name, page] = (queries(), statistics.median(times), len(first.data), first.status_code)
    return found


@contextmanager
def _counting(engine):
    count = [0]

    def one_more(*_args):
        count[0] += 1

    event.listen(engine, "before_cursor_execute", one_more)
    yield lambda: count[0]
    event.remove(engine, "before_cursor_execute", one_more)


def _floor(app, work: Callable[[], None], answers: int = 200) -> float:
    times = []
    for _ in range(answers):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _analyse() -> None:
    from portal.extensions import db

    db.session.connection().exec_driver_sql("ANALYZE")
    db.session.commit()


def _count() -> int:
    from portal.extensions import db
    from portal.models import Project

    return db.session.scalar(select(func.count()).select_from(Project))


def _print(small, large, projects: int, app) -> None:
    from bench.floor import bare, fifty_rows

    print(f"\n| person | page | queries, {FEW} homes | queries, {projects:,} homes | ms, {FEW} homes | ms, {projects:,} homes | kB |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for key, (queries, ms, size, status) in large.items():
        before = small[key]
        fault = "" if status == 200 else f" ({status})"
        print(f"| {key[0]} | {key[1]}{fault} | {before[0]} | {queries} | {before[1]:.1f} | {ms:.1f} | {size / 1024:.0f} |")
    print(f"\nFloor: bare answer {_floor(app, bare):.2f} ms; 50 rows by raw SQL through the template engine {_floor(app, fifty_rows(app)):.2f} ms.")


main()
