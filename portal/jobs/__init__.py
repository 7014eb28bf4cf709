"""Background work: a leased job table in the application's own database, and the worker that empties it.

A job is a row written in the same transaction as the business row that needs it. Killing the worker at any moment
loses nothing: the lease runs out and the job is taken up again.
"""

from portal.jobs.queue import enqueue
from portal.jobs.registry import every, job

__all__ = ["enqueue", "every", "job"]
