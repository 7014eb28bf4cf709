"""The endings that every kind of file may come to."""

from __future__ import annotations

from portal.storage.refusal import Refused


def too_heavy() -> Refused:
    return Refused("too_heavy", "文件展开后太大，超出了处理上限，请简化或拆分后再上传")


def broken() -> Refused:
    return Refused("broken", "文件已损坏或不完整，打不开，请重新导出后再上传")
