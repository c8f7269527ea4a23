"""A count on its way: two persons agreed, a task counts, and the office sees how far it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.kernel.db import db
from deliberate.kernel.jobs import Progress, find_progress
from deliberate.kernel.refusals import Refusal
from deliberate.voting import rules
from deliberate.voting.models import CountStop, Poll
from deliberate.voting.states import UNCOUNTED

ACT, KIND = "poll.count", "poll"  # of the approval


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """What became of the last count that two persons agreed on; at most one of both."""

    progress: Progress | None = None  # it is being done
    stopped: Refusal | None = None  # something had changed meanwhile

    @property
    def is_running(self) -> bool:
        return self.progress is not None and not self.progress.given_up


def task_key(approval_id: int) -> str:
    """Return the name under which the task of a count is found."""
    return f"voting.count:{approval_id}"


def find(poll: Poll) -> Underway:
    """Return how far the count of a poll is; nothing of one that is counted, or not agreed on."""
    approval = _find_agreed(poll)
    if poll.state not in UNCOUNTED or approval is None:
        return Underway()
    stop = db.session.get(CountStop, (poll.id, approval.id))
    if stop is not None:
        said = json.loads(stop.refusal)
        return Underway(stopped=Refusal(said["code"], said["message"], said["values"]))
    return Underway(progress=find_progress(task_key(approval.id)))


def refusal(poll: Poll) -> Refusal | None:
    """Return that votes are being counted already."""
    return rules.BEING_COUNTED if find(poll).is_running else None


def _find_agreed(poll: Poll) -> Approval | None:
    last = approvals.find_last(poll.tenant_id, ACT, KIND, poll.id)
    return last if last is not None and last.approved else None
