"""Estimates to test with: a price book, a draft, a paper that is ready to be signed, the code from the message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from portal import clock
from portal.extensions import db
from portal.models import (
    Catalogue,
    CatalogueItem,
    CatalogueSplit,
    Document,
    DocumentFile,
    EstimateRevision,
    Message,
    Project,
    User,
)
from portal.rules.access import Role
from tests import factories

# code, group, name, unit, price, main, aux, labour, loss, measure rule
ITEMS = (
    ("NW-001", "泥瓦", "地砖铺贴", "㎡", 6400, 137, 1913, 4211, 139, "FLOOR"),
    ("FS-001", "防水", "防水涂料", "㎡", 5500, 2800, 200, 2400, 100, "WALL_WP"),
    ("YS-001", "运输", "垃圾清运", "项", 30000, 0, 1000, 29000, 0, "ITEM"),
    ("YQ-007", "油漆", "墙面乳胶漆", "㎡", 1600, 800, 0, 760, 40, "WALL_PAINT"),
)


def make_book(**prices: int) -> Catalogue:
    """A new edition of the price book; `NW_001=7000` gives an item another price, made up of labour alone."""
    book = _kept(Catalogue(name="book.csv", sha256="0" * 64, imported_at=clock.now()))
    for position, (code, group, name, unit, price, main, aux, labour, loss, rule) in enumerate(ITEMS, 1):
        changed = prices.get(code.replace("-", "_"))
        item = _kept(
            CatalogueItem(
                catalogue_id=book.id,
                position=position,
                code=code,
                group_code=code[:2],
                group_name=group,
                name=name,
                unit=unit,
                unit_price_fen=changed or price,
                measure_rule=rule,
                measure_rule_text="按数量",
                stage_code="S05",
                warranty_class="GENERAL",
            )
        )
        parts = (0, 0, changed, 0) if changed else (main, aux, labour, loss)
        _kept(
            CatalogueSplit(
                item_id=item.id, loss_rate=Decimal(0), **dict(zip(("main_fen", "aux_fen", "labor_fen", "loss_fen"), parts, strict=True))
            )
        )
    _kept(
        CatalogueItem(
            catalogue_id=book.id,
            position=99,
            code="QT-001",
            group_code="QT",
            group_name="其他",
            name="管理费",
            unit="%",
            rate_bp=800,
            measure_rule="PCT",
            measure_rule_text="按比例",
            stage_code="ALL",
            warranty_class="NONE",
        )
    )
    db.session.commit()
    return book


@dataclass
class Home:
    """A home with its estimator, account manager and homeowner."""

    project: Project
    estimator: User
    manager: User
    owner: User


def make_home(**owner) -> Home:
    project = factories.make_project()
    estimator = factories.make_user(Role.ESTIMATOR, name="何清点")
    manager = factories.make_user(Role.ACCOUNT_MANAGER, name="苏小柠")
    factories.assign(project, estimator, Role.ESTIMATOR)
    factories.assign(project, manager, Role.ACCOUNT_MANAGER)
    homeowner = factories.make_homeowner(project, **({"name": "林知秋"} | owner))
    db.session.commit()
    return Home(project, estimator, manager, homeowner)


def make_paper(revision: EstimateRevision, *signers: User, language: str = "zh") -> Document:
    """The revision's document as if the worker had prepared it: for tests that look at acts, not at the file."""
    blob = factories.make_blob()
    document = _kept(
        Document(
            revision_id=revision.id,
            language=language,
            state="ready",
            shown_sha256=blob.sha256,
            prepared_at=clock.now(),
            signers=[
                {"user_id": one.id, "name": one.name, "relation": "owner", "field": f"signer-{n}"} for n, one in enumerate(signers, 1)
            ],
        )
    )
    for number, what in enumerate(("rendered", "certified")):
        _kept(DocumentFile(document_id=document.id, number=number, sha256=blob.sha256, made_at=clock.now(), what=what))
    db.session.commit()
    return document


def presented(home: Home, **facts) -> EstimateRevision:
    """A presented revision without its papers."""
    revision = factories.make_estimate(home.project, home.estimator, presented=True, **facts)
    db.session.commit()
    return revision


def code_for(user: User) -> str:
    """The code of the last message to this person."""
    db.session.rollback()
    message = db.session.query(Message).filter_by(user_id=user.id, kind="estimate.code").order_by(Message.id.desc()).first()
    body = message.body
    db.session.rollback()  # an open transaction of the test would keep everybody from writing
    return re.search(r"\d{6}", body)[0]


def signing_form(document: Document, **changed) -> dict:
    """What the page posts, filled in by somebody named 林知秋; the code is still missing."""
    return {"document_id": document.id, "shown_sha256": document.shown_sha256, "typed_name": "林知秋", "consent": "y", "code": ""} | changed


def later(**delta) -> None:
    """Let the frozen clock go on."""
    clock.stand_still(clock.now() + timedelta(**delta))


def _kept(row):
    db.session.add(row)
    db.session.flush()
    return row
