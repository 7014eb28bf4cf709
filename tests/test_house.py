"""The house guards itself: floors, locks, names, words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from jinja2 import nodes

from portal import i18n
from portal.extensions import db

PORTAL = Path("portal")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# floor → what its files may not import (architecture.md, "Who may import whom")
FORBIDDEN = {
    "rules": ("portal.models", "portal.actions", "portal.staff", "portal.customer", "portal.front", "portal.extensions",
              "portal.clock", "portal.scope", "flask", "sqlalchemy", "flask_babel"),
    "models": ("portal.actions", "portal.staff", "portal.customer", "portal.front", "portal.scope", "flask", "portal.clock"),
    "actions": ("portal.staff", "portal.customer", "portal.front", "flask.request", "flask_login", "portal.rendering"),
    "queries": ("portal.staff", "portal.customer", "portal.front", "flask_login", "portal.rendering"),
    "staff": ("portal.customer", "portal.models", "sqlalchemy"),
    "customer": ("portal.staff", "portal.models", "sqlalchemy"),
    "storage": ("portal.models", "portal.actions", "portal.staff", "portal.customer", "sqlalchemy", "flask"),
    "drawings": ("portal.models", "portal.actions", "portal.staff", "portal.customer", "sqlalchemy", "flask"),
    "documents": ("portal.models", "portal.actions", "portal.staff", "portal.customer", "sqlalchemy"),
}
ROOMS = ("staff", "customer")
# Pages that strangers may open. Anything else sends them to sign in.
PUBLIC_BLUEPRINTS = {"front", "account", "verify", "health", "calendar_feed", None}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("floor", FORBIDDEN)
def test_no_file_imports_above_its_floor(floor):
    wrong = [
        f"{path}: {name}"
        for path in (PORTAL / floor).rglob("*.py")
        for name in _imports(path)
        for forbidden in FORBIDDEN[floor]
        if name == forbidden or name.startswith(forbidden + ".")
    ]
    assert not wrong


def test_actions_and_rules_never_commit():
    wrong = [str(p) for floor in ("actions", "rules", "models", "queries") for p in (PORTAL / floor).rglob("*.py")
             if "session.commit(" in p.read_text()]
    assert not wrong


def test_role_names_stand_in_one_file():
    """Pages ask for capabilities; who has them is decided in rules/access.py."""
    role = re.compile(r"\bRole\.[A-Z]|in (current_user|user)\.roles")
    wrong = [str(path) for room in ROOMS for path in (PORTAL / room).rglob("*.py") if role.search(path.read_text())]
    assert not wrong


def test_only_the_clock_reads_the_clock():
    reading = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    allowed = {PORTAL / "clock.py"}
    wrong = [str(p) for p in PORTAL.rglob("*.py") if p not in allowed and reading.search(p.read_text())]
    assert not wrong


def test_files_stay_small():
    long = [f"{path}: {n}" for path in PORTAL.rglob("*.py") if (n := len(path.read_text().splitlines())) > 250]
    assert not long


def test_every_room_endpoint_carries_a_capability(whole_app):
    bare = [endpoint for endpoint, view in whole_app.view_functions.items()
            if endpoint.partition(".")[0] in ROOMS and not getattr(view, "capability", None)]
    assert not bare


def test_outside_the_rooms_only_the_listed_pages_are_public(whole_app):
    for endpoint, view in whole_app.view_functions.items():
        blueprint = endpoint.rpartition(".")[0] or None
        if endpoint.partition(".")[0] not in ROOMS and endpoint != "static":
            assert getattr(view, "capability", None) in ("public", "signed in"), endpoint
            assert blueprint in PUBLIC_BLUEPRINTS, endpoint


def test_every_page_owns_the_template_of_its_name(whole_app):
    wanted = {
        rule.endpoint for rule in whole_app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint != "static" and not getattr(whole_app.view_functions[rule.endpoint], "raw", False)
    }
    missing = [e for e in sorted(wanted) if not (PORTAL / "templates" / f"{e.replace('.', '/')}.html").exists()]
    assert not missing


# ── words ──

FUNCTIONS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "N_": None, "ngettext": (1, 2), "because": (2,), "Reason": (2,),
             "refuse": (2,), "Refused": (2,), "Term": None}


def _messages() -> dict[str, str]:
    """Every message with the place it stands at."""
    found = {}
    for path in sorted(PORTAL.rglob("*.py")):
        for _line, message, _c, _x in extract_from_file("python", path, keywords=FUNCTIONS):
            for text in message if isinstance(message, tuple) else (message,):
                found.setdefault(text, str(path))
    options = {"**/*.html": {"trimmed": "true"}}
    for name, line, message, _c, _x in extract_from_dir(PORTAL / "templates", [("**/*.html", "jinja2")], options, keywords=FUNCTIONS):
        for text in message if isinstance(message, tuple) else (message,):
            found.setdefault(text, f"templates/{name}:{line}")
    return {text: place for text, place in found.items() if text and CHINESE.search(text)}


def test_every_message_has_its_english():
    english = i18n.catalogue("en")._catalog
    missing = [f"{place}: {text}" for text, place in _messages().items() if not english.get(text)]
    assert not missing, "\n".join(missing)


def test_english_keeps_the_placeholders():
    english = i18n.catalogue("en")._catalog
    holes = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)[^}]*\}")
    wrong = [text for text, said in english.items()
             if isinstance(text, str) and text and set(holes.findall(text)) != set(holes.findall(said))]
    assert not wrong


def test_no_chinese_stands_untranslated_in_a_template():
    """Errors and documents speak both languages by themselves; everything else goes through _()."""
    wrong = []
    for path in (PORTAL / "templates").rglob("*.html"):
        if path.parts[2] in ("errors",):
            continue
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%\s*trans.*?endtrans\s*%\}|\{%.*?%\}", "", path.read_text(), flags=re.S)
        wrong += [f"{path}: {line.strip()}" for line in text.splitlines() if CHINESE.search(line)]
    assert not wrong


# Words of the data, not of the page: values of columns and of the project file.
DATA_WORDS = {"平层", "复式", "别墅"}
DATA_FOLDERS = {"project_import"}


def test_no_chinese_string_escapes_translation_in_a_room():
    """In rooms, actions and the front every Chinese sentence is a message."""
    wrong = []
    for floor in ("staff", "customer", "front", "actions", "notify"):
        for path in (PORTAL / floor).rglob("*.py"):
            if path.parent.name in DATA_FOLDERS:
                continue
            wrong += [f"{path}:{line}: {text}" for line, text in _bare_chinese(ast.parse(path.read_text()))]
    assert not wrong, "\n".join(wrong)


def _bare_chinese(tree: ast.AST):
    spoken = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in FUNCTIONS:
            spoken |= {id(part) for argument in node.args for part in ast.walk(argument)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            spoken.add(id(body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value) and id(node) not in spoken and node.value not in DATA_WORDS:
            yield node.lineno, node.value


def _name(function: ast.AST) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


# ── what a homeowner may be shown ──

SECRET_FIELDS = {"main_fen", "aux_fen", "labor_fen", "loss_fen", "loss_rate", "password_hash", "token_hash", "code_hash", "key_hash"}


def test_homeowner_templates_show_only_listed_fields(whole_app):
    """A new column stays hidden from homeowners until somebody puts it on the list (R072)."""
    listed = set((Path("tests") / "homeowner_fields.txt").read_text().split())
    columns = {column.key for mapper in db.Model.registry.mappers for column in mapper.column_attrs}
    assert not listed & SECRET_FIELDS
    shown = {}
    for folder in ("customer", "documents"):
        for path in (PORTAL / "templates" / folder).rglob("*.html"):
            for node in whole_app.jinja_env.parse(path.read_text()).find_all((nodes.Getattr, nodes.Getitem)):
                name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
                if name in columns:
                    shown.setdefault(name, str(path))
    assert not {f"{name} in {path}" for name, path in shown.items() if name not in listed}
    assert not listed - shown.keys(), "listed, but shown nowhere"
