"""An accepted project file becomes rows: people, home, prices, order, visits, complaints; the rest is kept as facts.

Nothing is copied that can be computed: every amount and total is worked out again from quantities and prices.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.actions.project_import import complaints, facts, home, people, prices, site
from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, Company, EstimateRevision, Project, User
from portal.rules.project_file import answer_project, answer_revision


def store(document: dict[str, Any], *, by: User | None, at: datetime) -> list[dict[str, Any]]:
    """Rows for every project of a validated `document`; what the command prints about them (format.md, section 5)."""
    _company(document["companies"])
    as_of = date.fromisoformat(document["meta"]["as_of"])
    return [_project(source, as_of=as_of, by=by, at=at) for source in document["projects"]]


def known_ids() -> tuple[set[str], set[str]]:
    """Project ids and contract numbers that the portal already holds: importing them again is a fault."""
    rows = db.session.execute(select(Project.import_id, Project.contract_no)).all()
    return {row.import_id for row in rows if row.import_id}, {row.contract_no for row in rows if row.contract_no}


def price_book() -> dict[str, int | None] | None:
    """Code → unit price in fen of the price book in force, None for percent items; None when there is no book (U2)."""
    newest = select(Catalogue.id).order_by(Catalogue.id.desc()).limit(1).scalar_subquery()
    rows = select(CatalogueItem.code, CatalogueItem.unit_price_fen).where(CatalogueItem.catalogue_id == newest)
    return dict(db.session.execute(rows).tuples().all()) or None


def _project(source: dict[str, Any], *, as_of: date, by: User | None, at: datetime) -> dict[str, Any]:
    team = people.team(source["team"], at=at)
    project = home.project(source, at=at)
    people.assign(project, source["team"], team, at=at)
    owner = people.owner(project, source["customer"], at=at)
    home.rooms(project, source["rooms"])
    home.lead(project, source, team, at=at)
    revisions = prices.revisions(project, source, team)
    site.order(project, revisions["budget"], source, team, at=at)
    site.visits(project, source, team, at=at)
    complaints.store(project, source["complaints"], team, owner)
    facts.keep(project, source, as_of=as_of)
    audit.record("project.imported", project, by=by, at=at, import_id=source["id"])
    return answer_project(source["id"], [_said(kind, revision) for kind, revision in revisions.items()])


def _said(kind: str, revision: EstimateRevision) -> dict[str, Any]:
    return answer_revision(
        kind=kind, version=revision.label, number=revision.number, total_fen=revision.total_fen, lines=len(revision.lines)
    )


def _company(source: dict[str, Any]) -> None:
    """The file names the company; one that is already set up keeps its own name."""
    if db.session.get(Company, 1) is None:
        db.session.add(Company(id=1, name=source["name"], city=source["city"]))
