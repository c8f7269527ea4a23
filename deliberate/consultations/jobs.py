"""Letters to many about consultations, written by the worker."""

from __future__ import annotations

from deliberate.consultations import notices
from deliberate.notifications import mailings

JOBS = (mailings.job(notices.PUBLISHED), mailings.job(notices.CHANGED))
