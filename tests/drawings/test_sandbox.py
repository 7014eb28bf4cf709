"""The child knows nothing of the application, and its word is not trusted."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import portal.drawings.preview
import portal.storage
from portal.drawings import sandbox
from portal.drawings.limits import Limits
from portal.drawings.preview import make_previews
from portal.storage import Kind, Refused
from tests.drawings import material

HOUSE = Path(portal.storage.__file__).parents[1]


def test_the_child_loads_neither_flask_nor_a_database(tmp_path):
    request = {
        "task": "preview",
        "source": str(material.plan(tmp_path / "plan.dxf")),
        "out_dir": str(tmp_path),
        "limits": Limits().as_record(),
        "kind": "dxf",
        "first": 1,
        "dwg_command": "",
    }
    run = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", str(sandbox.CHILD)],
        input=json.dumps(request).encode(),
        capture_output=True,
    )
    loaded = run.stderr.decode()
    assert "portal.drawings.dxf" in loaded
    assert b'"done": true' in run.stdout
    for foreign in ("flask", "sqlalchemy", "portal.models", "portal.config"):
        assert foreign not in loaded


@pytest.mark.parametrize(
    "lie",
    [
        {"image": "../../secret.png"},
        {"thumb": "/etc/passwd"},
        {"image": "page-0002.png"},
        {"image": "page-0001.svg"},
        {"width": "wide"},
    ],
)
def test_what_the_child_answers_is_checked(tmp_path, monkeypatch, lie):
    (tmp_path / "page-0001.png").touch()
    (tmp_path / "thumb-0001.webp").touch()
    page = {"number": 1, "title": "", "image": "page-0001.png", "thumb": "thumb-0001.webp", "width": 2, "height": 2}
    answers = [{"page": page | lie}, {"done": True, "total": 1, "next": None}]
    monkeypatch.setattr(portal.drawings.preview.sandbox, "run", lambda *args, **more: (answers, None))
    with pytest.raises((Refused, ValueError)):
        make_previews(tmp_path / "x", Kind.PDF, tmp_path)


@pytest.mark.slow
def test_pages_made_before_the_end_are_kept_and_the_end_is_told(tmp_path):
    """The second sheet is a bomb; the first is worth showing."""

    def sheets(document, model):
        for level in range(7):
            block = document.blocks.new(f"B{level}")
            for index in range(10):
                if level:
                    block.add_blockref(f"B{level - 1}", (index, level))
                else:
                    block.add_line((index, 0), (index, 1))
        document.layouts.new("一").add_line((0, 0), (400, 200))
        document.layouts.new("二").add_blockref("B6", (0, 0))

    pages = make_previews(
        material.plan(tmp_path / "p.dxf", more=sheets), Kind.DXF, tmp_path / "out", Limits(cpu_seconds=3)
    )
    assert [page.title for page in pages] == ["一"]
    assert [note.code for note in pages.notes] == ["cut_short"]


def words_in(folder):
    """Every Chinese sentence that a refusal or a term of these packages can show."""
    for path in (HOUSE / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Refused", "Term"):
                yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and not arg.value.isascii())


def test_every_sentence_has_its_english_with_the_same_facts():
    with (HOUSE / "translations/en/files.po").open("rb") as file:
        english = {message.id: message.string for message in read_po(file) if message.id}
    spoken = {*words_in("storage"), *words_in("drawings")}
    assert len(spoken) > 30
    assert set(english) == spoken
    for chinese, translated in english.items():
        facts = {part.split("}")[0] for part in chinese.split("{")[1:]}
        assert facts == {part.split("}")[0] for part in translated.split("{")[1:]}
