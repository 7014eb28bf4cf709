"""The homeowner's rooms. The gate lets only homeowners in."""

from flask import Blueprint
from flask_login import current_user

from portal.security import gate

room = Blueprint("customer", __name__, url_prefix="/customer")
room.before_request(gate(lambda: current_user.is_homeowner))
