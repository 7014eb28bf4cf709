"""A form field for photos: what comes out of it is cleaned, what cannot be taken is said beside it."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import MultipleFileField
from wtforms.validators import StopValidation

from portal.actions import photos
from portal.config import MEGABYTE
from portal.storage import Refused

ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,image/webp,.heic,.heif"

# What a form with photos may weigh; the route says `@accepts(PHOTO_FORM_BYTES)`.
PHOTO_FORM_BYTES = photos.MOST_AT_ONCE * 30 * MEGABYTE + MEGABYTE


class PhotosField(MultipleFileField):
    """`data` holds at most `most` `photos.CleanPhoto`s after `validate()`.

    `sent` says how many files came: a page that is shown again cannot keep them, and has to say so.
    """

    sent = 0

    def __init__(self, label=None, validators=(), *, most: int = photos.MOST_AT_ONCE, **kwargs):
        self.most = most
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist) -> None:
        super().process_formdata(valuelist)
        self.sent = sum(bool(getattr(file, "filename", "")) for file in self.data or [])

    def pre_validate(self, form) -> None:
        try:
            self.data = photos.clean(self.data or [], most=self.most)
        except Refused as refused:
            self.data = []
            raise StopValidation(_words(refused)) from None


def _words(refused: Refused) -> str:
    said = refused.in_words(gettext)
    name = refused.facts.get("name")
    return gettext("“%(name)s”：%(said)s", name=name, said=said) if name else said
