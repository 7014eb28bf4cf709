"""What stands in the way of an act, brought to the right place of the page."""

from __future__ import annotations

from contextlib import contextmanager

from flask_babel import gettext as _

from portal.actions.estimates.drafting import NotADraft
from portal.actions.estimates.lines import LineGone
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form
from portal.filters import reason
from portal.rules.words import Refused


@contextmanager
def settling(form: Form | None = None):
    """409 when the revision or the line is not what the page showed; a refusal stands beside the field it is about."""
    try:
        yield
    except NotADraft:
        raise Conflict(_("这一版已经出示或作废，不能再修改。需要调整请新建一版。")) from None
    except LineGone:
        raise Conflict(_("这一项刚被同事移除了，您的修改没有保存。")) from None
    except Refused as refused:
        db.session.rollback()
        blame(form, refused)


def blame(form: Form | None, refused: Refused) -> None:
    """Put the sentence beside its field, or above the form where it has none."""
    if form is None:
        raise Conflict(reason(refused.reason)) from refused
    field = form._fields.get(refused.field)
    if field is None:
        form.form_errors.append(reason(refused.reason))
    else:
        field.errors = [*field.errors, reason(refused.reason)]
