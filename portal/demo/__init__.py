"""The demo company: the two sample projects, the price book, and one home on its way, so that every screen has life.

Everything goes through the same actions as in a real company; only the moments are chosen.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from portal.actions import catalogue, project_import
from portal.extensions import db
from portal.models import Project, User
from portal.rules import catalogue_file

HERE = Path(__file__).parent
FLAT, VILLA = "SAMPLE-FLAT-98", "SAMPLE-VILLA-320"


def is_loaded() -> bool:
    return db.session.scalar(select(Project.id).where(Project.import_id == FLAT)) is not None


def load(*, at: datetime, say) -> None:
    """Fill an empty portal. `say` is told each longer step. The caller commits once, at the end."""
    # Here and not above: what draws its floor plans takes a second to load, and sign-in needs `demo.people` only.
    from portal.demo import colleagues, complaints, leads, live_home, people, plans, signed

    say("the price book")
    book = (HERE / "catalogue.csv").read_bytes()
    catalogue.adopt(catalogue_file.read_csv(book).items, name="catalogue.csv", data=book, by=None, at=at)
    say("two sample projects")
    project_import.store(json.loads((HERE / "samples.json").read_text()), by=None, at=at)
    office = colleagues.complete(at=at)
    say("leads")
    leads.register(office, at=at)
    say("a home on its way")
    home = live_home.build(office, at=at)
    say("drawings")
    for drawn, designer in ((home, "陆一帆"), (_home(VILLA), "沈砚")):
        plans.draw(drawn, office[designer], at=at)
    say("a signed estimate")
    signed.villa(office, at=at - timedelta(days=3))
    say("complaints")
    complaints.file(_home(VILLA), _home(FLAT), at=at)
    people.give_password(db.session.scalars(select(User)))


def _home(import_id: str) -> Project:
    return db.session.scalars(select(Project).where(Project.import_id == import_id)).one()
