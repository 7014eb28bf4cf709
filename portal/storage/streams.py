"""Bytes on their way in: in pieces, up to a limit, with plain words when the disk is full."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from portal.storage.refusal import Refused

CHUNK_BYTES = 1024 * 1024
MEGABYTE = 1024 * 1024


class Readable(Protocol):
    """All that is asked of an incoming stream; an empty answer is its end."""

    def read(self, size: int, /) -> bytes: ...


def chunks(stream: Readable, limit_bytes: int) -> Iterator[bytes]:
    """The stream in pieces of at most 1 MiB. Raises Refused `too_large` when it goes beyond `limit_bytes`."""
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit_bytes:
            raise too_large(limit_bytes)
        yield chunk


def write(file: BinaryIO, chunk: bytes) -> None:
    """Writes through to the system. Raises Refused `no_space` when the disk is full."""
    try:
        file.write(chunk)
        file.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused("no_space", "服务器的存储空间不足，文件没有保存，请联系管理员") from error
        raise


def too_large(limit_bytes: int) -> Refused:
    limit_mb = f"{limit_bytes / MEGABYTE:.4g}"
    return Refused("too_large", "文件太大：最多 {limit_mb} MB，请压缩或拆分后再上传", {"limit_mb": limit_mb})
