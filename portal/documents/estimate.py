"""The estimate as a paper: what it shows and nothing else. It has no place for a cost or a split, so none can slip
in (R072).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from portal.documents import signature_page
from portal.documents.html import document_html


@dataclass(frozen=True)
class Issuer:
    """The company on the head of the paper."""

    name: str
    address: str = ""
    phone: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Line:
    """One priced item. `quantity` in `unit`, price and amount in fen."""

    no: int
    code: str
    name: str
    unit: str
    quantity: Decimal
    unit_price_fen: int
    amount_fen: int
    note: str = ""


@dataclass(frozen=True)
class Room:
    """A room, or a wider place such as 全屋, with its lines in order."""

    name: str
    lines: tuple[Line, ...]
    amount_fen: int


@dataclass(frozen=True)
class Share:
    """A named part of the direct cost: a trade in the summary by group."""

    name: str
    amount_fen: int


@dataclass(frozen=True)
class Totals:
    """Fen and hundredths of a percent; `discount_fen` is positive and taken off."""

    direct_fen: int
    management_rate_bp: int
    management_fen: int
    discount_fen: int
    tax_rate_bp: int
    tax_fen: int
    total_fen: int
    per_m2_fen: int | None = None


@dataclass(frozen=True)
class Change:
    """One line that differs from the base revision. `before` and `after` are what is compared, e.g. "12.00 ㎡"; ""
    = absent.
    """

    room: str
    name: str
    before: str
    after: str
    difference_fen: int
    reason: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed since the revision she last saw or signed."""

    base_number: int
    base_total_fen: int
    entries: tuple[Change, ...]


@dataclass(frozen=True)
class Drawing:
    """A drawing that the signature covers by its hash (64 hexadecimal digits)."""

    title: str
    revision: int
    sha256: str


@dataclass(frozen=True)
class Signer:
    """Somebody who has to sign. `key` names the field: letters, digits and hyphens, unique, never "company"."""

    key: str
    name: str
    role: str


@dataclass(frozen=True)
class EstimateDocument:
    """All facts of the paper. `kind` is "estimate" (估算) or "budget" (预算); `terms` are ready sentences in the
    document's language.
    """

    issuer: Issuer
    kind: str
    revision: int
    project_title: str
    project_address: str
    customer_name: str
    prepared_on: date
    prepared_by: str
    valid_until: date
    rooms: tuple[Room, ...]
    groups: tuple[Share, ...]
    totals: Totals
    signers: tuple[Signer, ...]
    project_number: str = ""
    area_m2: Decimal | None = None
    changes: Changes | None = None
    drawings: tuple[Drawing, ...] = ()
    excluded: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def line_count(self) -> int:
        return sum(len(room.lines) for room in self.rooms)

    @property
    def fingerprint(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 over every fact of the paper, in one fixed order.

        It stands on every page. The hash of the file itself cannot: it would have to contain itself.
        """
        facts = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(facts.encode()).hexdigest()[:16]


def estimate_html(document: EstimateDocument, language: str) -> str:
    """The paper as HTML in "zh" or "en"."""
    places = signature_page.boxes(len(document.signers) + 1)
    return document_html(
        "estimate.html",
        language,
        document=document,
        totals=document.totals,
        sheet=signature_page,
        company_box=places[0],
        signer_boxes=list(zip(document.signers, places[1:], strict=True)),
    )


def estimate_pdf(document: EstimateDocument, language: str) -> bytes:
    """The paper as PDF: the same bytes for the same facts and language."""
    from portal.documents.render import render_pdf

    return render_pdf(estimate_html(document, language))
