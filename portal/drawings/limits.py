"""How much a single file may cost. Everything that opens a file from outside obeys one of these."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Of one child process, except `total_seconds`, which holds for all children of one file together."""

    cpu_seconds: int = 30
    wall_seconds: float = 120
    total_seconds: float = 600
    memory_bytes: int = 1024 * MEGABYTE
    written_file_bytes: int = 64 * MEGABYTE
    total_written_bytes: int = 512 * MEGABYTE
    dxf_bytes: int = 20 * MEGABYTE
    pages: int = 200
    side_px: int = 2400
    thumb_px: int = 320
    photo_px: int = 1600
    pixels: int = 50_000_000

    def as_record(self) -> dict:
        return asdict(self)
