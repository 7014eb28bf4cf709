"""Which rows may this person see: one function per noun, and find(). The privacy of the portal is this package.

`home…` are the homeowner's own; the other functions are for staff. What is not yours does not exist: 404.
"""

from portal.scope.find import LARGEST_ID, every, find
from portal.scope.homeowner import (
    STAFF_ONLY_PHOTOS,
    home_complaints,
    home_documents,
    home_drawing_revisions,
    home_drawings,
    home_orders,
    home_pages,
    home_photos,
    home_revisions,
    home_visits,
    homes,
)
from portal.scope.own import devices
from portal.scope.sales import (
    leads,
    own_leads,
)
from portal.scope.staff import (
    assignments,
    colleagues,
    complaints,
    documents,
    drawing_revisions,
    drawings,
    estimates,
    messages,
    orders,
    pages,
    people,
    photos,
    projects,
    remarks,
    revisions,
    uploads,
    visits,
)

__all__ = [
    "LARGEST_ID",
    "STAFF_ONLY_PHOTOS",
    "assignments",
    "colleagues",
    "complaints",
    "devices",
    "documents",
    "drawing_revisions",
    "drawings",
    "estimates",
    "every",
    "find",
    "home_complaints",
    "home_documents",
    "home_drawing_revisions",
    "home_drawings",
    "home_orders",
    "home_pages",
    "home_photos",
    "home_revisions",
    "home_visits",
    "homes",
    "leads",
    "messages",
    "orders",
    "own_leads",
    "pages",
    "people",
    "photos",
    "projects",
    "remarks",
    "revisions",
    "uploads",
    "visits",
]
