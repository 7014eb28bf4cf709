"""Files in: content-addressed, never overwritten, their type decided by what is in them."""

from portal.storage.content import DRAWINGS, PHOTOS, Kind, dwg_version, recognise
from portal.storage.names import safe_name
from portal.storage.partial import OutOfStep
from portal.storage.refusal import Refused, Term
from portal.storage.store import Storage, Stored

__all__ = [
    "DRAWINGS",
    "PHOTOS",
    "Kind",
    "OutOfStep",
    "Refused",
    "Storage",
    "Stored",
    "Term",
    "dwg_version",
    "recognise",
    "safe_name",
]
