"""Complaints: what they are about, how urgent, by when the company answers, and when they may be closed (R159–R165)."""

from portal.rules.complaint_clock.closing import (
    REOPEN_DAYS,
    CloseFacts,
    Closing,
    judge_close,
    judge_reopen,
    judge_solution,
    severity_after_reopening,
)
from portal.rules.complaint_clock.promises import (
    Clock,
    ComplaintState,
    Due,
    Progress,
    Promise,
    QueueItem,
    due_times,
    is_overdue,
    queue_order,
    running,
    state_of,
)
from portal.rules.complaint_clock.words import (
    MOST_PHOTOS,
    SUBCATEGORIES,
    Act,
    Category,
    Severity,
    default_severity,
)

__all__ = [
    "MOST_PHOTOS",
    "REOPEN_DAYS",
    "SUBCATEGORIES",
    "Act",
    "Category",
    "Clock",
    "CloseFacts",
    "Closing",
    "ComplaintState",
    "Due",
    "Progress",
    "Promise",
    "QueueItem",
    "Severity",
    "default_severity",
    "due_times",
    "is_overdue",
    "judge_close",
    "judge_reopen",
    "judge_solution",
    "queue_order",
    "running",
    "severity_after_reopening",
    "state_of",
]
