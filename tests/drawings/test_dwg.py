"""DWG: kept, and shown only where a converter is configured, which stays inside the limits, too."""

import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from portal.drawings.limits import MEGABYTE, Limits
from portal.drawings.preview import make_previews
from portal.storage import Kind, Refused
from tests.drawings import material

DWG = b"AC1032\x00\x00\x00\x00\x00\x00" + bytes(500)


@pytest.fixture
def dwg(tmp_path):
    path = tmp_path / "0f3a"
    path.write_bytes(DWG)
    return path


def command(code):
    """A converter written in Python; `source` and `target` are its two arguments."""
    return f"{sys.executable} -c {shlex.quote('import sys; source, target = sys.argv[1:]; ' + code)}"


def refusal(dwg, tmp_path, code, **limits):
    with pytest.raises(Refused) as refused:
        make_previews(dwg, Kind.DWG, tmp_path / "out", Limits(**limits), dwg_command=command(code))
    return refused.value


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(condition, seconds=10):
    for _ in range(seconds * 20):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_without_a_converter_the_original_is_kept_and_a_pdf_asked_for(dwg, tmp_path):
    with pytest.raises(Refused) as refused:
        make_previews(dwg, Kind.DWG, tmp_path / "out")
    assert refused.value.code == "dwg_stored"
    assert "PDF" in str(refused.value)


def test_a_converter_makes_the_dxf_that_is_shown(dwg, tmp_path):
    made = material.plan(tmp_path / "made.dxf")
    code = (
        "assert open(source, 'rb').read(6) == b'AC1032' and source.endswith('.dwg');"
        f"open(target, 'wb').write(open({str(made)!r}, 'rb').read())"
    )
    (page,) = make_previews(dwg, Kind.DWG, tmp_path / "out", dwg_command=command(code))
    assert page.width == 2400


def test_the_places_of_source_and_target_can_be_named(dwg, tmp_path):
    made = material.plan(tmp_path / "made.dxf")
    (page,) = make_previews(
        dwg, Kind.DWG, tmp_path / "out", dwg_command=f"sh -c 'test -s {{source}} && cp {made} {{target}}'"
    )
    assert page.width == 2400


@pytest.mark.parametrize("code", ["sys.exit(3)", "pass", "open(target, 'w').close() or sys.exit(1)"])
def test_a_converter_that_fails_is_no_drama(dwg, tmp_path, code):
    assert refusal(dwg, tmp_path, code).code == "dwg_not_converted"


def test_a_converter_that_is_not_there_is_no_drama(dwg, tmp_path):
    with pytest.raises(Refused) as refused:
        make_previews(dwg, Kind.DWG, tmp_path / "out", dwg_command="/nowhere/dwg2dxf")
    assert refused.value.code == "dwg_not_converted"


def test_no_secret_of_the_portal_reaches_the_converter(dwg, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    seen = tmp_path / "seen"
    refusal(dwg, tmp_path, f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    assert "PATH" in seen.read_text()
    assert "do-not-tell" not in seen.read_text()


def test_memory_is_limited(dwg, tmp_path):
    seen = tmp_path / "seen"
    code = f"memory = bytearray(900 * 2**20); open({str(seen)!r}, 'w').close()"
    assert refusal(dwg, tmp_path, code, memory_bytes=600 * MEGABYTE).code == "dwg_not_converted"
    assert not seen.exists()


def test_written_files_are_limited(dwg, tmp_path):
    seen = tmp_path / "seen"
    code = (
        "piece = bytes(2**20); file = open(target, 'wb'); [file.write(piece) for _ in range(50)]; file.close();"
        f"open({str(seen)!r}, 'w').close()"
    )
    assert refusal(dwg, tmp_path, code, written_file_bytes=5 * MEGABYTE).code == "dwg_not_converted"
    assert not seen.exists()


def test_the_wall_clock_ends_the_child_and_all_that_it_started(dwg, tmp_path):
    seen = tmp_path / "seen"
    code = (
        "import os, subprocess, time; helper = subprocess.Popen(['sleep', '300']);"
        f"open({str(seen)!r}, 'w').write(f'{{os.getpid()}} {{helper.pid}}'); time.sleep(300)"
    )
    started = time.monotonic()
    refused = refusal(dwg, tmp_path, code, wall_seconds=2)
    assert time.monotonic() - started < 20
    assert refused.code == "too_slow"
    assert refused.facts["seconds"] == 2
    assert wait_until(lambda: not any(alive(int(pid)) for pid in seen.read_text().split()))


def test_the_child_ends_with_the_worker_that_started_it(dwg, tmp_path):
    seen = tmp_path / "seen"
    sleeper = command(
        f"import os, time; open({str(seen)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}'); time.sleep(300)"
    )
    work = (
        "from pathlib import Path; from portal.drawings.preview import make_previews; from portal.storage import Kind;"
        f"make_previews(Path({str(dwg)!r}), Kind.DWG, Path({str(tmp_path / 'out')!r}), dwg_command={sleeper!r})"
    )
    worker = subprocess.Popen([sys.executable, "-c", work])
    try:
        assert wait_until(lambda: seen.exists() and len(seen.read_text().split()) == 2)
        pids = [int(pid) for pid in seen.read_text().split()]
        assert all(map(alive, pids))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert wait_until(lambda: not any(map(alive, pids)))
