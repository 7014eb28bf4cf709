"""The demo's two projects as a starting point, and how a test changes one thing in them."""

import json
from pathlib import Path

from portal.rules.project_file import Reading, read

DEMO = Path(__file__).parents[2] / "portal" / "demo"
SAMPLES = (DEMO / "samples.json").read_bytes()
GONE = type("Gone", (), {"__repr__": lambda self: "GONE"})()  # as a value: the key is taken away
_FLAT_ALONE = json.dumps({**json.loads(SAMPLES), "projects": json.loads(SAMPLES)["projects"][:1]})


def samples() -> dict:
    """A fresh copy of both projects."""
    return json.loads(SAMPLES)


def flat_alone() -> dict:
    """A fresh copy with the flat only: it is read three times as fast."""
    return json.loads(_FLAT_ALONE)


def written(document) -> bytes:
    return json.dumps(document).encode()


def places(reading: Reading) -> list[str]:
    return sorted(fault.where for fault in reading.faults)


def put(document, path: str, value) -> None:
    """Sets (or with GONE removes) what stands at `path`, written as the format writes places."""
    *way, last = [int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")]
    for step in way:
        document = document[step]
    if value is GONE:
        del document[last]
    else:
        document[last] = value


def faults_after(*changes: tuple[str, object]) -> list[str]:
    """The places of all faults after the changes to the samples; `F.` and `V.` stand for the flat and the villa."""
    document = samples() if any(path.startswith("V") for path, _ in changes) else flat_alone()
    for path, value in changes:
        put(document, long(path), value)
    return places(read(written(document)))


def long(path: str) -> str:
    head, dot, rest = path.partition(".")
    return f"projects[{'FV'.index(head)}]{dot}{rest}" if head in ("F", "V") else path


def terms_of(document, name: str, key: str, value) -> list[str]:
    """Places (from the project down) of the terms whose `key` is `value`, in the list called `name`."""
    lines = document["projects"][0][name]["lines"]
    return [
        f"F.{name}.lines[{number}].terms[{index}]"
        for number, line in enumerate(lines)
        for index, term in enumerate(line["terms"])
        if term.get(key) == value
    ]
