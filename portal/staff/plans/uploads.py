"""Files come in: in pieces with their progress, or whole with a form. The answers are for upload.js."""

from __future__ import annotations

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.plans import uploads
from portal.config import MEGABYTE
from portal.extensions import db
from portal.rendering import moved
from portal.security import accepts, needs, raw
from portal.staff.plans import bp
from portal.storage import OutOfStep, Refused

FORM_BYTES = 1024 * MEGABYTE  # several files at once without scripts; each of them has its own limit


@bp.post("/projects/<int:project_id>/files")
@accepts(FORM_BYTES)
@needs("drawing.upload")
def send(project_id: int) -> Response:
    """Several files with one form: each is taken or refused by itself."""
    home = scope.find(scope.projects(current_user), project_id)
    came = uploads.take(project=home, sent=request.files.getlist("files"), by=current_user, at=clock.now())
    db.session.commit()
    if any(one.fault is None for one in came):
        return moved(url_for(".confirm", project_id=project_id))
    said = _("没有收到文件，请先选择图纸。") if not came else _("这些文件都没有收下，原因写在下面。")
    return moved(url_for(".project", project_id=project_id), said=said, tone="bad")


@bp.post("/projects/<int:project_id>/uploads")
@raw
@needs("drawing.upload")
def begin(project_id: int) -> Response:
    """Announce a file (`name`, `size` in bytes, `stamp`); answers where to send it and how much of it is there already."""
    home = scope.find(scope.projects(current_user), project_id)
    name, stamp = request.form.get("name", "")[:1000], request.form.get("stamp", "")
    try:
        upload = uploads.begin(project=home, name=name, size=_size(), stamp=stamp, by=current_user, at=clock.now())
    except Refused as refused:
        return _refused(refused)
    answer = _about(upload)
    db.session.commit()
    return answer


@bp.get("/uploads/<int:upload_id>")
@raw
@needs("drawing.upload")
def status(upload_id: int) -> Response:
    """How much of a file has arrived: a broken one goes on there."""
    upload = scope.find(scope.uploads(current_user), upload_id)
    try:
        return _about(upload)
    except Refused as refused:
        return _refused(refused)


@bp.post("/uploads/<int:upload_id>/content")
@raw
@accepts(uploads.PIECE_BYTES)
@needs("drawing.upload")
def content(upload_id: int) -> Response:
    """The next piece of a file: the raw body, at most 8 MiB, belongs at `Upload-Offset`. 409 says where we really are."""
    upload = scope.find(scope.uploads(current_user), upload_id)
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
        return jsonify(says=_("没有说明从哪里续传，请重试。")), 422
    try:
        there = uploads.receive(upload, offset=int(offset), stream=request.stream, at=clock.now())
    except OutOfStep as step:
        return jsonify(received=step.received), 409
    except Refused as refused:
        return _refused(refused)
    return jsonify(received=there)


@bp.post("/uploads/<int:upload_id>/completion")
@raw
@needs("drawing.upload")
def complete(upload_id: int) -> Response:
    """Everything was sent: what kind of file is it? A second time gets the same answer."""
    upload = scope.find(scope.uploads(current_user), upload_id)
    try:
        uploads.finish(upload, by=current_user, at=clock.now())
    except OutOfStep as step:
        return jsonify(received=step.received), 409
    except Refused as refused:
        return _refused(refused)
    if upload.fault:
        return _refused(Refused.from_record(upload.fault))
    answer = jsonify(kind=upload.file_kind, received=upload.size_bytes)
    db.session.commit()
    return answer


@bp.post("/uploads/<int:upload_id>/removal")
@needs("drawing.upload")
def remove(upload_id: int) -> Response:
    """Forget a file that is no revision yet."""
    upload = scope.find(scope.uploads(current_user), upload_id)
    to = url_for(".project", project_id=upload.project_id)
    uploads.discard(upload, by=current_user, at=clock.now())
    db.session.commit()
    return moved(to, said=_("已移除"))


def _about(upload) -> Response:
    return jsonify(
        received=uploads.received(upload), size=upload.size_bytes, piece=uploads.PIECE_BYTES, kind=upload.file_kind,
        content=url_for(".content", upload_id=upload.id), completion=url_for(".complete", upload_id=upload.id),
        status=url_for(".status", upload_id=upload.id), removal=url_for(".remove", upload_id=upload.id),
        says=Refused.from_record(upload.fault).in_words(_) if upload.fault else "",
    )


def _refused(refused: Refused) -> tuple[Response, int]:
    """What was noted about the file before the refusal is kept."""
    db.session.commit()
    return jsonify(says=refused.in_words(_), code=refused.code), 422


def _size() -> int:
    text = request.form.get("size", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
