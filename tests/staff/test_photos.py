"""Photos: cleaned before they are kept, shown to nobody who may not see the home."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from portal import clock
from portal.actions import photos
from portal.storage import Refused
from tests import factories

SIZE = (800, 600)
GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112


def jpeg(*, exif: bool = False) -> bytes:
    """A photo as a phone makes it: with a place and lying on its side when `exif`."""
    picture, out = Image.new("RGB", SIZE, "teal"), io.BytesIO()
    data = Image.Exif()
    if exif:
        data[ORIENTATION_TAG] = 6
        data.get_ifd(GPS_TAG)[1] = "N"
    picture.save(out, "JPEG", exif=data)
    return out.getvalue()


def sent(content: bytes, name: str = "IMG_0001.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def photo(db, sally):
    project = factories.make_project()
    factories.assign(project, sally, "salesperson")
    db.session.commit()
    kept = photos.keep(
        photos.clean([sent(jpeg(exif=True))]), subject="measurement", subject_id=1, project_id=project.id, by=sally, at=clock.now()
    )
    db.session.commit()
    return kept[0]


def test_a_photo_is_turned_upright_and_loses_its_place(browser, photo, sally):
    page = browser.as_(sally).get("staff.photos.show", photo_id=photo.id)
    assert page.headers["Content-Type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(page.data))
    assert picture.size == SIZE[::-1]
    assert not picture.getexif().get_ifd(GPS_TAG)
    assert (photo.width, photo.height) == SIZE[::-1]


def test_the_thumbnail_is_small_and_stays_private(browser, photo, sally):
    page = browser.as_(sally).get("staff.photos.show", photo_id=photo.id, size="thumb")
    assert max(Image.open(io.BytesIO(page.data)).size) == 320
    assert page.headers["Cache-Control"].startswith("private")
    again = browser.as_(sally).client.get(f"/staff/photos/{photo.id}?size=thumb", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304


def test_strangers_and_other_homes_find_nothing(db, browser, photo, sam):
    mother = factories.make_homeowner(_project(db, photo))
    other = factories.make_homeowner(factories.make_project())
    db.session.commit()
    assert browser.as_(mother).get("customer.photos.show", photo_id=photo.id).status == 200
    assert browser.as_(other).get("customer.photos.show", photo_id=photo.id).status == 404
    assert browser.as_(sam).get("staff.photos.show", photo_id=photo.id).status == 404
    assert browser.as_(None).get("staff.photos.show", photo_id=photo.id).status == 302


def _project(db, photo):
    from portal.models import Project

    return db.session.get(Project, photo.project_id)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.jpg", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kitchen.jpg", "not_accepted"),
        (b"%PDF-1.7 \n", "plan.pdf", "not_accepted"),
        (jpeg()[:900], "broken.jpg", "broken"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(app, db, content, name, code):
    with pytest.raises(Refused) as refused:
        photos.clean([sent(content, name)])
    assert refused.value.code == code
    assert refused.value.facts["name"] == name


def test_too_many_at_once_are_refused_before_any_is_opened(app, db):
    with pytest.raises(Refused) as refused:
        photos.clean([sent(b"never read")] * (photos.MOST_AT_ONCE + 1))
    assert refused.value.code == "too_many"
