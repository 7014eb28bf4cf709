"""A home under construction for tests: signed, made an order, planned, and as far as is wanted."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image
from werkzeug.datastructures import FileStorage

from portal import clock
from portal.actions import orders, photos
from portal.extensions import db
from portal.models import Order, OrderStage, Project, User
from portal.rules.stages import Step
from tests import factories

MONDAY = date(2026, 11, 23)


def jpeg(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def photo(colour: str = "teal") -> list[photos.CleanPhoto]:
    return photos.clean([FileStorage(io.BytesIO(jpeg(colour)), filename="IMG_1.jpg")])


def signed(project: Project, by: User):
    """The revision behind an order."""
    return factories.make_estimate(project, by, presented=True)


def ordered(app, project: Project, by: User, *, start_on: date | None = MONDAY) -> Order:
    """The order of a home, planned from `start_on` on (None: not planned)."""
    revision = signed(project, by)
    with app.test_request_context():
        order = orders.make(revision, by=by, at=clock.now())
        if start_on:
            orders.plan(order, start_on=start_on, by=by, at=clock.now())
        db.session.commit()
    return order


def stage(order: Order, code: str) -> OrderStage:
    return next(one for one in order.stages if one.code == code)


def begin(app, order: Order, code: str, by: User, **word) -> OrderStage:
    """Begin one stage today, whatever it takes before it: earlier ones count as done on their planned days."""
    one = stage(order, code)
    for earlier in order.stages:
        if earlier.position < one.position:
            earlier.actual_start, earlier.actual_end = earlier.plan_start, min(earlier.plan_end, clock.today())
            earlier.actual_start = min(earlier.actual_start, earlier.actual_end)
    with app.test_request_context():
        decision = orders.start(one, on=clock.today(), word=orders.Word(**word), by=by, at=clock.now(), confirmed=True)
        assert decision.verdict is not Step.REFUSED, decision
        db.session.commit()
    return one
