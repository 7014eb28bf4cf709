"""A forgotten password: a code to the person's phone, then a new password."""

from __future__ import annotations

from flask import Response

from portal.front.account import bp
from portal.rendering import page
from portal.security import public


@bp.get("/password")
@public
def password() -> Response:
    return page("account/password.html")
