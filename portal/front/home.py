"""The public front page."""

from __future__ import annotations

from flask import Blueprint, Response, redirect
from flask_login import current_user

from portal.front.account.sign_in import landing
from portal.rendering import page
from portal.security import public

bp = Blueprint("front", __name__)


@bp.get("/")
@public
def home() -> Response:
    """What the portal is; who is signed in goes to her own first screen."""
    if current_user.is_authenticated:
        return redirect(landing(current_user), 302)
    return page("front/home.html")
