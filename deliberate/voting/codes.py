"""Reading the codes of a vote: batches, their numbers, and one code that somebody typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort
from sqlalchemy import func, select

from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.kernel.db import db
from deliberate.voting import canonical, keys
from deliberate.voting.models import CodeBatch, Poll, PollTotals, VotingCode
from deliberate.voting.receipts import ALPHABET, CHARACTERS, GROUP
from deliberate.voting.states import CodeState

ORDER, KIND = "poll.codes", "code_batch"  # the act of two persons, and what it is about
_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A batch and what became of its codes; issued = used + void + unused."""

    batch: CodeBatch
    states: Mapping[CodeState, int]
    replaced: int  # of the void ones: how many others came in their place

    @property
    def issued(self) -> int:
        return sum(self.states.values())

    @property
    def to_replace(self) -> int:
        return self.states.get(CodeState.VOID, 0) - self.replaced


def read_code(typed: str) -> str | None:
    """Return the twelve characters that were meant, or None. Misread letters are put right."""
    text = "".join(c for c in typed.upper() if c not in " -–\u00a0\t").translate(_MEANT)
    return text if len(text) == CHARACTERS and all(c in ALPHABET for c in text) else None


def in_groups(code: str) -> str:
    """Return a code as a letter has it: ``7KQ4-M2XD-9TRA``."""
    return "-".join(code[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))


def hash_of(poll: Poll, code: str) -> str:
    return keys.hashed(poll.tenant_id, poll.id, "voting_code", code)


def person_key(poll: Poll, code_hash: str) -> str:
    """Return under which key the holder of a code takes part."""
    return keys.hashed(poll.tenant_id, poll.id, "holder", code_hash)


def find_code(poll: Poll, code: str) -> VotingCode | None:
    found = db.session.get(VotingCode, hash_of(poll, code))
    return found if found is not None and found.poll_id == poll.id else None


def get_batch(poll: Poll, no: int) -> CodeBatch:
    found = select(CodeBatch).where(
        CodeBatch.tenant_id == poll.tenant_id, CodeBatch.poll_id == poll.id, CodeBatch.no == no
    )
    return db.session.scalar(found) or abort(404)


def get_batch_of(tenant_id: int, batch_id: int) -> CodeBatch:
    found = select(CodeBatch).where(CodeBatch.tenant_id == tenant_id, CodeBatch.id == batch_id)
    return db.session.scalar(found) or abort(404)


def list_issues(poll: Poll) -> list[Issue]:
    """Return the batches of a vote in their order."""
    batches = db.session.scalars(
        select(CodeBatch)
        .where(CodeBatch.tenant_id == poll.tenant_id, CodeBatch.poll_id == poll.id)
        .order_by(CodeBatch.no)
    ).all()
    states = count_states(poll)
    return [
        Issue(
            batch=batch,
            states={CodeState(state): n for state, n in states.get(batch.no, {}).items()},
            replaced=sum(
                each.codes
                for each in batches
                if each.instead_of == batch.no and each.withdrawn_at is None
            ),
        )
        for batch in batches
    ]


def count_states(poll: Poll) -> dict[int, dict[str, int]]:
    """Return number of a batch → state → codes, also when the codes themselves are forgotten."""
    if (totals := db.session.get(PollTotals, poll.id)) is not None:
        return {int(no): states for no, states in json.loads(totals.codes).items()}
    found: dict[int, dict[str, int]] = {}
    for no, state, number in db.session.execute(
        select(CodeBatch.no, VotingCode.state, func.count())
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.poll_id == poll.id)
        .group_by(CodeBatch.no, VotingCode.state)
    ):
        found.setdefault(no, {})[state] = number
    return found


def count_to_replace(poll: Poll, no: int) -> int:
    """Return how many void codes of a batch nothing has come in the place of; 404 without it."""
    get_batch(poll, no)
    return next(issue.to_replace for issue in list_issues(poll) if issue.batch.no == no)


def list_agreed(poll: Poll) -> frozenset[int]:
    """Return the ids of the batches to which a second person agreed."""
    found = select(Approval.subject_id).where(
        Approval.tenant_id == poll.tenant_id,
        Approval.act == ORDER,
        Approval.subject_kind == KIND,
        Approval.approved.is_(True),
        Approval.subject_id.in_(select(CodeBatch.id).where(CodeBatch.poll_id == poll.id)),
    )
    return frozenset(db.session.scalars(found))


def is_asked(poll: Poll, batch: CodeBatch) -> bool:
    """Tell whether a second person has been asked for a batch and has not answered."""
    return approvals.find_open(poll.tenant_id, ORDER, KIND, batch.id) is not None


def payload(poll: Poll, batch: CodeBatch) -> str:
    """Return the hash of what two persons agree to: so many codes for these rules and people."""
    said: dict[str, object] = {
        "rules": poll.rules_hash,
        "batch": batch.no,
        "codes": batch.codes,
        **({"list": batch.list_hash} if batch.list_hash is not None else {}),
        **({"instead_of": batch.instead_of} if batch.instead_of is not None else {}),
    }
    return canonical.digest(canonical.canonical(said))
