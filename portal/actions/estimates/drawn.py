"""The stroke of a signature, as the browser sends it: a PNG in a data address."""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image

PREFIX = "data:image/png;base64,"
LONGEST = 400_000
LARGEST_SIDE = 3000


def png_of(address: str | None) -> bytes | None:
    """The image, written anew so that nothing but the stroke remains; None when there is none or it is not a small PNG."""
    if not address or not address.startswith(PREFIX) or len(address) > LONGEST:
        return None
    try:
        content = base64.b64decode(address[len(PREFIX) :], validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if max(image.size) > LARGEST_SIDE or min(image.size) < 2:
                return None
            stroke = image.convert("RGBA")
    except (binascii.Error, OSError, ValueError, Image.DecompressionBombError):
        return None
    if stroke.getchannel("A").getextrema()[1] == 0:
        return None
    written = io.BytesIO()
    stroke.save(written, "PNG", optimize=True)
    return written.getvalue()
