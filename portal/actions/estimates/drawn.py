"""The stroke of a signature, as the browser sends it: a PNG in a data address."""

from __future__ import annotations

import base64
import binascii

from portal.documents.stamp import LARGEST_DRAWING_BYTES, UnusableDrawing, ink

PREFIX = "data:image/png;base64,"
LONGEST = LARGEST_DRAWING_BYTES * 4 // 3 + len(PREFIX) + 4


def png_of(address: str) -> bytes:
    """The ink of the drawing, as a small PNG of our own making. Raises UnusableDrawing for anything else.

    What passes here can be set into the sealed file: it went through the very function that will do it.
    """
    if not address.startswith(PREFIX) or len(address) > LONGEST:
        raise UnusableDrawing("not a small PNG in a data address")
    try:
        return ink(base64.b64decode(address[len(PREFIX) :], validate=True))
    except binascii.Error as problem:
        raise UnusableDrawing("not base64") from problem
