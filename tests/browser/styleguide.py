"""A page that shows every macro once, in the portal's own frame and under its own security headers.

To look at it: `.venv/bin/python -m tests.browser.styleguide`, then http://127.0.0.1:5713/
(?lang=en for English, ?faults=1 for a refused form).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from flask import Flask, render_template, request, url_for
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock, i18n, rendering, security
from portal.rules.decision import because

HERE = Path(__file__).parent
PORTAL = Path(rendering.__file__).parent
ENDPOINTS = (
    "front.home", "account.login", "account.show", "account.logout", "account.language",
    "staff.today.show", "customer.home.show",
)
PLACES = [
    {"label": "今天", "url": "/", "current": True, "icon": "home", "count": 6},
    {"label": "线索", "url": "/leads", "icon": "users", "group": "销售", "count": 0},
    {"label": "方案", "url": "/plans", "icon": "plan", "group": "设计"},
    {"label": "预算", "url": "/estimates", "icon": "estimate", "group": "设计"},
    {"label": "订单", "url": "/orders", "icon": "order", "group": "施工"},
    {"label": "投诉", "url": "/complaints", "icon": "complaint", "group": "施工", "count": 2},
]


PACKAGES = {"half": "半包", "full": "全包", "labour": "清包"}


class Person:
    is_authenticated = True
    name = "周建国"
    language = "zh"


class Many(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EveryField(FlaskForm):
    name = StringField("姓名", [DataRequired("请填写姓名")])
    phone = StringField("手机号", [Length(min=11, message="手机号应该是11位数字，这里少了1位。")])
    area = DecimalField("建筑面积", [Optional()])
    price = StringField("单价", [Optional()])
    state = SelectField("意向", choices=[("high", "很高"), ("low", "一般")])
    on = DateField("预约日期", [Optional()])
    kind = RadioField("承包方式", [DataRequired("请选择承包方式")], choices=list(PACKAGES.items()))
    rooms = Many("涉及的房间", choices=[("kitchen", "厨房"), ("bath", "卫生间"), ("living", "客厅")])
    remark = TextAreaField("说明", [Length(max=200)])
    files = MultipleFileField("图纸和照片")
    consent = BooleanField("我已看过全部变化，同意按第3版施工。", [DataRequired("签字前请先勾选同意")])


def create_app() -> Flask:
    app = Flask("portal", template_folder=str(PORTAL / "templates"), static_folder=str(PORTAL / "static"))
    app.config.update(SECRET_KEY="only to look at", WTF_CSRF_TIME_LIMIT=None)
    Babel(app, default_locale="zh_Hans_CN", locale_selector=lambda: i18n.LANGUAGES[request.args.get("lang", "zh")])
    app.extensions["babel"].instance.domain_instance = i18n.PoDomain()
    CSRFProtect(app)
    rendering.init_app(app)
    app.jinja_env.globals.update(company_name="宅一家装", current_user=Person())
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(HERE)])
    app.after_request(lambda response: response.headers.set("Content-Security-Policy", security.POLICY) or response)
    app.add_url_rule("/", "show", show)
    for endpoint in ENDPOINTS:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "", methods=["GET", "POST"])
    return app


def show() -> str:
    now = clock.now()
    return render_template(
        "styleguide.html", navigation=PLACES, form=_form(), weeks=_weeks(),
        past=now - timedelta(hours=3), later=now + timedelta(days=9),
        soon=now + timedelta(hours=2), soon_end=now + timedelta(hours=3.5),
        icons=icon_names(), icon_url=url_for("static", filename="favicon.svg"),
        reasons=(
            because("R005", "{days}天没有跟进，超过了10天的保护期。", days=11),
            because("R007", "定金由{by}收取，所以记在他名下。", by="王强"),
        ),
    )


def icon_names() -> list[str]:
    return re.findall('symbol id="([a-z]+)"', (PORTAL / "static" / "icons.svg").read_text())


def _form() -> EveryField:
    if "faults" not in request.args:
        return EveryField(formdata=None, data={"phone": "13800138000", "kind": "half", "remark": "厨" * 160})
    form = EveryField(formdata=MultiDict({"phone": "1380013800", "state": "high"}), meta={"csrf": False})
    form.validate()
    return form


def _weeks() -> list[list[dict]]:
    """July 2026 with a busy third and a today on the second."""
    visits = [
        {"title": "水电验收", "time": "14:00", "url": "#main"},
        {"title": "橱柜复尺", "time": "16:00", "url": "#main", "tone": "attention"},
    ]
    days = [date(2026, 6, 29) + timedelta(n) for n in range(35)]
    cells = [
        {"day": day, "inside": day.month == 7, "today": day == date(2026, 7, 2), "off": day.weekday() > 4,
         "entries": visits if day == date(2026, 7, 3) else []}
        for day in days
    ]
    return [cells[n:n + 7] for n in range(0, 35, 7)]


if __name__ == "__main__":
    create_app().run(port=5713)
