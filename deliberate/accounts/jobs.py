"""What is done once a day: removing what has had its time, by every feature's rules."""

from __future__ import annotations

from collections.abc import Mapping

from deliberate.audit import entries as audit
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import transaction
from deliberate.kernel.jobs import Job
from deliberate.kernel.retention import RetentionRule


def remove_what_has_had_its_time() -> list[tuple[RetentionRule, int]]:
    """Run each rule in a transaction of its own; write down how much went, never what."""
    done = []
    for rule in retention.list_rules():
        now = clock.now()
        with transaction():
            gone = rule.remove(now)
            if gone:
                audit.record(
                    "retention.removed",
                    f"retention:{rule.key}",
                    actor=SYSTEM,
                    at=now,
                    count=gone,
                )
        done.append((rule, gone))
    return done


def _run(_payload: Mapping[str, object]) -> None:
    remove_what_has_had_its_time()


RETENTION = Job(name="retention", run=_run, daily=True)
