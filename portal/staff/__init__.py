"""The office. One module per noun: its form, its routes. The gate lets only staff in."""

from flask import Blueprint
from flask_login import current_user

from portal.security import gate

room = Blueprint("staff", __name__, url_prefix="/staff")
room.before_request(gate(lambda: current_user.is_staff))
