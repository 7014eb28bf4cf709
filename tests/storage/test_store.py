"""One content once, whole or not at all, up to the limit."""

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta

import pytest

from portal.storage import OutOfStep, Refused, Storage
from portal.storage.streams import CHUNK_BYTES, write

PLAN = b"%PDF-1.7 plan" * 1000
HASH = hashlib.sha256(PLAN).hexdigest()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path / "files")


def everything_in(storage_root):
    return [path for path in storage_root.rglob("*") if path.is_file()]


class Line:
    """A connection that brings `parts` one after another; an exception among them breaks it."""

    def __init__(self, *parts):
        self.parts = list(parts)
        self.most_asked = 0

    def read(self, size):
        self.most_asked = max(self.most_asked, size)
        part = self.parts.pop(0) if self.parts else b""
        if isinstance(part, Exception):
            raise part
        return part


def test_what_goes_in_comes_out_under_its_hash(storage):
    stored = storage.put(io.BytesIO(PLAN), limit_bytes=len(PLAN))
    assert (stored.sha256, stored.size) == (HASH, len(PLAN))
    assert storage.exists(HASH)
    assert storage.open(HASH).read() == PLAN
    assert storage.path(HASH).read_bytes() == PLAN
    assert storage.verify(HASH)


def test_the_same_content_is_kept_once_and_not_written_again(storage, tmp_path):
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    before = storage.path(HASH).stat()
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    after = storage.path(HASH).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(everything_in(tmp_path)) == 1


def test_a_content_that_the_disk_cut_short_is_made_whole_again(storage):
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    place = storage.path(HASH)
    place.chmod(0o600)
    place.write_bytes(PLAN[:100])
    assert not storage.verify(HASH)
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    assert storage.verify(HASH)


def test_a_changed_byte_is_noticed(storage):
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    place = storage.path(HASH)
    place.chmod(0o600)
    place.write_bytes(b"X" + PLAN[1:])
    assert not storage.verify(HASH)


@pytest.mark.parametrize(("limit_bytes", "taken"), [(len(PLAN), True), (len(PLAN) - 1, False)])
def test_the_limit_is_the_last_byte_that_fits(storage, tmp_path, limit_bytes, taken):
    if taken:
        assert storage.put(io.BytesIO(PLAN), limit_bytes=limit_bytes).size == len(PLAN)
        return
    with pytest.raises(Refused) as refused:
        storage.put(io.BytesIO(PLAN), limit_bytes=limit_bytes)
    assert refused.value.code == "too_large"
    assert everything_in(tmp_path) == []


def test_the_limit_is_said_in_megabytes(storage):
    with pytest.raises(Refused) as refused:
        storage.put(Line(*[b"x" * CHUNK_BYTES] * 9), limit_bytes=2 * 1024 * 1024)
    assert "2 MB" in str(refused.value)


def test_a_stream_is_never_asked_for_more_than_a_piece_and_not_read_on_beyond_the_limit(storage):
    line = Line(*[b"x" * CHUNK_BYTES] * 10)
    with pytest.raises(Refused):
        storage.put(line, limit_bytes=3 * CHUNK_BYTES)
    assert line.most_asked == CHUNK_BYTES
    assert len(line.parts) == 6


def test_a_broken_stream_leaves_nothing(storage, tmp_path):
    with pytest.raises(ConnectionError):
        storage.put(Line(b"half", ConnectionError()), limit_bytes=100)
    assert everything_in(tmp_path) == []


def test_a_full_disk_is_said_plainly():
    with open("/dev/full", "wb", buffering=0) as disk, pytest.raises(Refused) as refused:
        write(disk, PLAN)
    assert refused.value.code == "no_space"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, HASH.upper(), HASH + "/..", "\x00", "0" * 64])
def test_only_a_known_hash_opens_a_file(storage, name):
    storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    assert not storage.exists(name)
    for way in (storage.path, storage.open, storage.verify):
        with pytest.raises(FileNotFoundError):
            way(name)


def test_an_upload_in_parts_is_stored_like_one_in_a_piece(storage, tmp_path):
    token = storage.begin()
    assert storage.append(token, 0, io.BytesIO(PLAN[:5000])) == 5000
    assert storage.append(token, 5000, io.BytesIO(PLAN[5000:])) == len(PLAN)
    assert storage.finish(token).sha256 == HASH
    assert everything_in(tmp_path) == [storage.path(HASH)]


def test_a_broken_connection_goes_on_where_it_stopped(storage):
    token = storage.begin()
    with pytest.raises(ConnectionError):
        storage.append(token, 0, Line(PLAN[:700], PLAN[700:900], ConnectionError()))
    assert storage.received(token) == 900
    storage.append(token, 900, io.BytesIO(PLAN[900:]))
    assert storage.finish(token).sha256 == HASH


@pytest.mark.parametrize("offset", [0, 99, 101, -1, 10**12])
def test_a_sender_out_of_step_is_told_the_real_place(storage, offset):
    token = storage.begin()
    storage.append(token, 0, io.BytesIO(PLAN[:100]))
    with pytest.raises(OutOfStep) as out_of_step:
        storage.append(token, offset, io.BytesIO(b"never taken"))
    assert out_of_step.value.received == 100
    assert storage.received(token) == 100


def test_two_connections_cannot_write_into_one_upload(storage):
    token = storage.begin()

    class Meddler(Line):
        def read(self, size):
            if self.parts:
                with pytest.raises(OutOfStep):
                    storage.append(token, 0, io.BytesIO(b"the same again"))
            return super().read(size)

    storage.append(token, 0, Meddler(b"first", b" second"))
    assert storage.open(storage.finish(token).sha256).read() == b"first second"


def test_a_late_writer_cannot_reach_what_is_stored(storage):
    token = storage.begin()
    storage.append(token, 0, io.BytesIO(PLAN))
    late = storage._partials.open(token, "r+b")
    stored = storage.finish(token)
    late.write(b"something else")
    late.close()
    assert storage.verify(stored.sha256)


def test_the_limit_holds_for_all_parts_together(tmp_path):
    storage = Storage(tmp_path, partial_limit_bytes=1000)
    token = storage.begin()
    storage.append(token, 0, io.BytesIO(b"x" * 900))
    with pytest.raises(Refused) as refused:
        storage.append(token, 900, Line(b"x" * 60, b"x" * 41))
    assert refused.value.code == "too_large"
    assert storage.received(token) == 900
    assert storage.append(token, 900, io.BytesIO(b"x" * 100)) == 1000
    with pytest.raises(Refused):
        storage.append(token, 1000, io.BytesIO(b"xxxxx"), limit_bytes=1004)


@pytest.mark.parametrize("token", ["", "../files", "part-", "part-" + "0" * 48, "put-abc", "\x00"])
def test_a_token_nobody_was_given_opens_nothing(storage, token):
    storage.begin()
    for way in (storage.received, storage.finish, lambda token: storage.append(token, 0, io.BytesIO(b"x"))):
        with pytest.raises(Refused) as refused:
            way(token)
        assert refused.value.code == "upload_unknown"


def test_a_forgotten_upload_is_gone_and_forgetting_twice_is_no_error(storage, tmp_path):
    token = storage.begin()
    storage.append(token, 0, io.BytesIO(PLAN))
    storage.discard(token)
    storage.discard(token)
    assert everything_in(tmp_path) == []
    with pytest.raises(Refused):
        storage.finish(token)


def test_sweeping_takes_what_nobody_touched_and_leaves_the_rest(storage, tmp_path):
    stored = storage.put(io.BytesIO(PLAN), limit_bytes=10**6)
    old, young = storage.begin(), storage.begin()
    stamp = (LONG_AGO + timedelta(days=1)).timestamp()
    for path in (tmp_path / "files" / "unfinished" / old, storage.path(stored.sha256)):
        os.utime(path, (stamp, stamp))
    assert storage.sweep(LONG_AGO) == 0
    assert storage.sweep(LONG_AGO + timedelta(days=2)) == 1
    assert storage.received(young) == 0
    assert storage.exists(stored.sha256)
    with pytest.raises(Refused):
        storage.received(old)


def test_sweeping_an_empty_store_is_no_error(storage):
    assert storage.sweep(LONG_AGO) == 0
