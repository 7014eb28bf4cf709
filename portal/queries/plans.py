"""Drawings for pages: the table of a home, one drawing with what was said about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import Blob, Drawing, DrawingDecision, DrawingRevision, Membership, PreviewPage, Project, Remark, Upload
from portal.rules.plans import PlanState, sheet_order, state_of

MOST_UPLOADS = 200


@dataclass(frozen=True)
class Sheet:
    """A drawing with its newest revision and the one the household sees; `first` is the first page of what is displayed."""

    drawing: Drawing
    newest: DrawingRevision
    shown: DrawingRevision | None
    first: PreviewPage | None
    decisions: Sequence[DrawingDecision] = ()
    open_remarks: int = 0

    @property
    def state(self) -> PlanState | None:
        """What the household said about the shown revision; None before it was shown any."""
        return state_of(one.approved for one in self.decisions) if self.shown else None


@dataclass(frozen=True)
class Viewed:
    """One page of one revision, with everything that stands around it."""

    drawing: Drawing
    revision: DrawingRevision
    revisions: Sequence[DrawingRevision]
    page: PreviewPage | None
    newest: int
    base: DrawingRevision | None
    base_page: PreviewPage | None
    notes: Sequence[DrawingRevision]
    remarks: Sequence[Remark]
    earlier: Sequence[Remark]
    sizes: dict[str, int]

    @property
    def is_current(self) -> bool:
        return self.revision.number == self.newest

    @property
    def can_compare(self) -> bool:
        """Whether this page was compared with a revision that may be seen here."""
        return self.base is not None and self.page is not None and self.page.changes is not None

    @property
    def pins(self) -> list[tuple[int, Remark]]:
        """(number in the list, remark) of those that stand at a place of this page."""
        number = self.page.number if self.page else 1
        return [(place, one) for place, one in enumerate(self.remarks, 1) if one.x is not None and one.page == number]


def sheets(rows: Select, project_ids: Iterable[int], *, for_homeowner: bool) -> dict[int, list[Sheet]]:
    """The drawings of each project in the order of a bound set: five queries, however many sheets."""
    idents = list(project_ids)
    found: dict[int, list[Sheet]] = {ident: [] for ident in idents}
    drawings = db.session.scalars(rows.where(Drawing.project_id.in_(idents)).options(selectinload(Drawing.revisions))).unique()
    bare = [sheet for drawing in drawings if (sheet := _sheet(drawing, for_homeowner))]
    firsts = _first_pages([sheet.newest.id for sheet in bare])
    decisions = _decisions([sheet.shown.id for sheet in bare if sheet.shown])
    remarks = _open_remarks([sheet.drawing.id for sheet in bare])
    for sheet in sorted(bare, key=lambda sheet: sheet_order(sheet.drawing.sheet_no)):
        drawing = sheet.drawing
        said = decisions.get(sheet.shown.id, ()) if sheet.shown else ()
        found[drawing.project_id].append(
            Sheet(drawing, sheet.newest, sheet.shown, firsts.get(sheet.newest.id), said, remarks.get(drawing.id, 0)))
    return found


def viewed(drawing: Drawing, *, number: int | None, page_number: int, for_homeowner: bool) -> Viewed | None:
    """Revision `number` (None: the newest) at a page; None when there is no such revision to be seen."""
    rows = select(DrawingRevision).where(DrawingRevision.drawing_id == drawing.id).order_by(DrawingRevision.number.desc())
    if for_homeowner:
        rows = rows.where(DrawingRevision.shown_at.is_not(None))
    people = joinedload(DrawingRevision.decisions).joinedload(DrawingDecision.by)
    revisions = list(db.session.scalars(rows.options(
        selectinload(DrawingRevision.pages), people, joinedload(DrawingRevision.uploaded_by))).unique())
    revision = next((one for one in revisions if number is None or one.number == number), None)
    if revision is None:
        return None
    page = next((one for one in revision.pages if one.number == page_number), revision.pages[0] if revision.pages else None)
    base = next((one for one in revisions if one.id == revision.compared_with_id), None)
    base_page = next((one for one in base.pages if page and one.number == page.number), None) if base else None
    now, earlier = _split(remarks_until(drawing, revision.number), revision)
    return Viewed(
        drawing=drawing, revision=revision, revisions=revisions, page=page, newest=revisions[0].number, base=base, base_page=base_page,
        notes=_notes(drawing, revision, revisions), remarks=now, earlier=earlier, sizes=_sizes(revision),
    )


def remarks_until(drawing: Drawing, number: int) -> list[Remark]:
    """Everything said about a drawing up to that revision, oldest first."""
    rows = select(Remark).join(Remark.revision).where(Remark.drawing_id == drawing.id, DrawingRevision.number <= number)
    people = [joinedload(relation) for relation in (Remark.by, Remark.answered_by, Remark.resolved_by)]
    return list(db.session.scalars(rows.order_by(Remark.at, Remark.id).options(joinedload(Remark.revision), *people)))


def uploads(rows: Select, project: Project, *, among: Iterable[int] | None = None) -> list[Upload]:
    """One's own files of a project that are no revision yet, oldest first."""
    rows = rows.where(Upload.project_id == project.id, Upload.revision_id.is_(None))
    rows = rows if among is None else rows.where(Upload.id.in_(list(among)))
    return list(db.session.scalars(rows.order_by(Upload.id).limit(MOST_UPLOADS)))


def revisions_among(rows: Select, project: Project, idents: Iterable[int]) -> list[DrawingRevision]:
    """Revisions of one project by their ids, in the order of the sheets."""
    rows = rows.where(Drawing.project_id == project.id, DrawingRevision.id.in_(list(idents))).options(joinedload(DrawingRevision.drawing))
    return sorted(db.session.scalars(rows).unique(), key=lambda one: sheet_order(one.drawing.sheet_no))


def household_signers(project_id: int) -> int:
    """How many of the household may approve."""
    rows = select(func.count()).select_from(Membership).where(
        Membership.project_id == project_id, Membership.ended_at.is_(None), Membership.right == "sign")
    return db.session.scalar(rows) or 0


def _sheet(drawing: Drawing, for_homeowner: bool) -> Sheet | None:
    shown = next((one for one in drawing.revisions if one.shown_at), None)
    newest = shown if for_homeowner else next(iter(drawing.revisions), None)
    return Sheet(drawing, newest, shown, None) if newest else None


def _first_pages(revision_ids: Sequence[int]) -> dict[int, PreviewPage]:
    rows = select(PreviewPage).where(PreviewPage.revision_id.in_(revision_ids), PreviewPage.number == 1)
    return {page.revision_id: page for page in db.session.scalars(rows)}


def _decisions(revision_ids: Sequence[int]) -> dict[int, list[DrawingDecision]]:
    rows = select(DrawingDecision).where(DrawingDecision.revision_id.in_(revision_ids)).order_by(DrawingDecision.at)
    found: dict[int, list[DrawingDecision]] = {}
    for one in db.session.scalars(rows.options(joinedload(DrawingDecision.by))):
        found.setdefault(one.revision_id, []).append(one)
    return found


def _open_remarks(drawing_ids: Sequence[int]) -> dict[int, int]:
    rows = select(Remark.drawing_id, func.count()).where(Remark.drawing_id.in_(drawing_ids), Remark.resolved_at.is_(None))
    return dict(db.session.execute(rows.group_by(Remark.drawing_id)).all())


def _split(remarks: Sequence[Remark], revision: DrawingRevision) -> tuple[list[Remark], list[Remark]]:
    """Those of this revision and those that were still open when it came; and what was settled before."""
    now = [one for one in remarks if one.revision_id == revision.id or one.resolved_at is None or one.resolved_at >= revision.uploaded_at]
    return now, [one for one in remarks if one not in now]


def _notes(drawing: Drawing, revision: DrawingRevision, revisions: Sequence[DrawingRevision]) -> list[DrawingRevision]:
    """The revisions whose notes tell what changed since the one shown before, newest first: also those never shown."""
    before = max((one.number for one in revisions if one.number < revision.number and one.shown_at), default=-1)
    since = max(before, revision.number - 10)
    rows = select(DrawingRevision).where(
        DrawingRevision.drawing_id == drawing.id, DrawingRevision.number > since, DrawingRevision.number <= revision.number,
        DrawingRevision.change_note != "")
    return list(db.session.scalars(rows.order_by(DrawingRevision.number.desc())))


def _sizes(revision: DrawingRevision) -> dict[str, int]:
    wanted = [hash_ for hash_ in (revision.file_sha256, revision.source_sha256) if hash_]
    return dict(db.session.execute(select(Blob.sha256, Blob.size_bytes).where(Blob.sha256.in_(wanted))).all())
