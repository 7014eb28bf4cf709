"""The least a server of this kind can do: a bare Flask answer, and fifty rows by raw SQL through Jinja."""

from __future__ import annotations

from flask import Flask
from jinja2 import Template
from sqlalchemy import text

ROW = "{% for row in rows %}<li><a href='/x/{{ row[0] }}'>{{ row[1]|e }}</a> {{ row[2]|e }}</li>{% endfor %}"


def bare() -> None:
    _client.get("/")


def fifty_rows(app):
    """A function that answers fifty project rows from the database of `app`."""
    template = Template(ROW)

    def answer() -> None:
        from portal.extensions import db

        with app.app_context():
            rows = db.session.execute(text("SELECT id, title, customer_name FROM project ORDER BY id DESC LIMIT 50")).all()
            template.render(rows=rows)

    return answer


_app = Flask("floor")
_app.add_url_rule("/", view_func=lambda: "ok")
_client = _app.test_client()
