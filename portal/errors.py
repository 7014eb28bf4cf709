"""Error pages in plain words. No trace of the program ever reaches a person."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.extensions import db
from portal.rendering import page

PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


class Conflict(Exception):
    """Something newer exists or this was done already; `says` tells it in plain words."""

    def __init__(self, says: str):
        super().__init__(says)
        self.says = says


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda error: _answer(400))
    app.register_error_handler(Conflict, lambda error: _answer(409, says=error.says))
    app.register_error_handler(StaleDataError, lambda error: _answer(409))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(500, lambda error: _answer(500))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    says = error.description if getattr(error, "in_plain_words", False) else ""
    response = _answer(error.code, says=says)
    if error.code in (405, 429):
        response.headers.extend(h for h in error.get_headers() if h[0] in ("Allow", "Retry-After"))
    return response


def _busy(error: OperationalError) -> Response:
    if "locked" in str(error) or "busy" in str(error):
        return _answer(503)
    raise error


def _answer(code: int, says: str = "") -> Response:
    db.session.rollback()
    response = page(f"errors/{code if code in PAGES else 400 if code < 500 else 500}.html", says=says, path=request.path)
    response.status_code = code
    if getattr(request, "htmx", None) and code in (409, 422):
        # HTMX swaps these two; a whole page belongs in the body, not in the region that asked.
        response.headers.extend({"HX-Retarget": "body", "HX-Reswap": "innerHTML"})
    return response
