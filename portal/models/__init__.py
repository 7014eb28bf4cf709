"""What we remember. Thin typed mappings: no queries, no decisions."""

from portal.models.audit import AuditEntry, AuditHead
from portal.models.company import Company
from portal.models.complaints import Complaint, ComplaintCounter, ComplaintEvent, ComplaintNotice
from portal.models.documents import Document, DocumentFile, DocumentPage, Refusal, Signature
from portal.models.drawings import Drawing, DrawingDecision, DrawingRevision, PreviewPage, Remark, Upload
from portal.models.estimates import (
    Catalogue,
    CatalogueItem,
    CatalogueSplit,
    Estimate,
    EstimateLine,
    EstimateRevision,
    EstimateView,
    LineSplit,
)
from portal.models.files import Blob, Photo
from portal.models.jobs import Job, WorkerBeat
from portal.models.leads import Lead, LeadContact
from portal.models.messages import Message
from portal.models.orders import Order, OrderStage, StageNote
from portal.models.people import Invitation, OneTimeCode, RoleGrant, SignInAttempt, User, UserSession
from portal.models.projects import Assignment, ImportedFact, Membership, Project, Room
from portal.models.visits import CalendarKey, MeasurementRecord, Visit, VisitMove

__all__ = [name for name in dir() if name[0].isupper()]
