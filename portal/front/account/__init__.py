"""One's own account: signing in, the password, the devices, invitations."""

from flask import Blueprint

bp = Blueprint("account", __name__)

from portal.front.account import forgotten, invitations, own, sign_in  # noqa: E402, F401  (their routes belong to bp)
