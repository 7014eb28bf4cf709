"""`/verify`: anybody drops a signed PDF and reads who signed what, and whether it is intact."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from portal import i18n
from portal.actions.estimates import record
from portal.documents.trust import trust_of
from portal.documents.verify import LARGEST_FILE_BYTES, verify
from portal.documents.words import words
from portal.fields import Form
from portal.rendering import page
from portal.security import accepts, public

bp = Blueprint("verify", __name__, url_prefix="/verify")


class FileForm(Form):
    """One PDF."""

    file = FileField(_l("已签署的PDF文件"))


@bp.get("/")
@public
def show() -> Response:
    """The question."""
    return page("verify/show.html", form=FileForm(formdata=None), **_nothing())


@bp.post("/")
@public
@accepts(LARGEST_FILE_BYTES + 1024 * 1024)
def check() -> Response:
    """The answer: from the file itself, and from the portal's own record of it. Nothing is kept."""
    form = FileForm()
    sent = form.file.data if form.validate() else None
    pdf = sent.stream.read(LARGEST_FILE_BYTES + 1) if sent else b""
    if not pdf:
        form.file.errors = [_("请选择一个PDF文件。")]
        return page("verify/show.html", "answer", form=form, **_nothing()), 422
    found = verify(pdf, trust_of(current_app.config["SETTINGS"].keys_dir))
    known = record.of_file(found.sha256)
    said = words(found, i18n.language()).splitlines()
    return page("verify/show.html", "answer", form=FileForm(formdata=None), found=found, said=said, known=known,
                beheaded=record.is_cut_off(found, known), name=(sent.filename or "")[:120])


def _nothing() -> dict:
    return {"found": None, "said": [], "known": None, "beheaded": False, "name": "", "request_path": request.path}
