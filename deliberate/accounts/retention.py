"""How long data of accounts, letters and limits are kept: the rules, each a count and a removal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from deliberate.accounts import former_refusals, letters, rules, sessions
from deliberate.accounts.models import EmailToken, FormerRefusal, Residence, SignInSession
from deliberate.kernel import clock, mail, ratelimit
from deliberate.kernel.db import db
from deliberate.kernel.models import Attempt, Outbox, Task
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.tables import Base
from deliberate.kernel.texts import N_

KEPT_CODES = timedelta(days=1)
KEPT_ATTEMPTS = timedelta(days=1)
KEPT_TASKS = timedelta(days=30)

Condition = Callable[[datetime], ColumnElement[bool]]


def _ended_tokens(now: datetime) -> ColumnElement[bool]:
    return EmailToken.expires_at < now - KEPT_CODES


def _code_letters(now: datetime) -> ColumnElement[bool]:
    return (Outbox.kind == letters.CODE_KIND) & (Outbox.created_at < now - KEPT_CODES)


def _ended_sessions(now: datetime) -> ColumnElement[bool]:
    ended = func.coalesce(SignInSession.ended_at, SignInSession.expires_at)
    return ended < now - sessions.KEPT_AFTER_END


def _expired_addresses(now: datetime) -> ColumnElement[bool]:
    never_printed = Residence.letter_sent_at.is_(None) & (
        Residence.letter_asked_at < now - rules.LETTER_WAITS
    )
    return (Residence.letter_sent_at < now - rules.LETTER_VALID) | never_printed


def _former_refusals(now: datetime) -> ColumnElement[bool]:
    return FormerRefusal.kept_since < clock.local(now - former_refusals.KEPT).date()


def _old_attempts(now: datetime) -> ColumnElement[bool]:
    return Attempt.window_start < now - KEPT_ATTEMPTS


def _done_tasks(now: datetime) -> ColumnElement[bool]:
    return Task.finished_at < now - KEPT_TASKS


def _counting(table: type[Base], condition: Condition) -> Callable[[datetime], int]:
    def count(now: datetime) -> int:
        found = db.session.scalar(select(func.count()).select_from(table).where(condition(now)))
        return found or 0

    return count


def _deleting(table: type[Base], condition: Condition) -> Callable[[datetime], int]:
    def remove(now: datetime) -> int:
        gone = db.session.execute(delete(table).where(condition(now)))
        return gone.rowcount  # type: ignore[attr-defined, no-any-return]

    return remove


def _forget_addresses(now: datetime) -> int:
    forgotten = db.session.execute(
        update(Residence)
        .where(_expired_addresses(now))
        .values(
            letter_name=None,
            letter_address=None,
            letter_asked_at=None,
            letter_sent_at=None,
            letter_code_hash=None,
            letter_tries=0,
        )
    )
    return forgotten.rowcount  # type: ignore[attr-defined, no-any-return]


def _removal(
    key: str, label: str, keeps: str, table: type[Base], condition: Condition
) -> RetentionRule:
    return RetentionRule(
        key=key,
        label=label,
        keeps=keeps,
        count=_counting(table, condition),
        remove=_deleting(table, condition),
    )


RULES = (
    _removal(
        "accounts.codes",
        N_("Kody z e-maili"),
        N_("dzień po wygaśnięciu"),
        EmailToken,
        _ended_tokens,
    ),
    _removal(
        "accounts.code_letters",
        N_("Listy z kodami"),
        N_("dzień po napisaniu"),
        Outbox,
        _code_letters,
    ),
    _removal(
        "accounts.sessions",
        N_("Zakończone logowania (rodzaj przeglądarki, godziny)"),
        N_("30 dni po końcu"),
        SignInSession,
        _ended_sessions,
    ),
    RetentionRule(
        key="accounts.letter_addresses",
        label=N_("Imiona, nazwiska i adresy do listów z kodem"),
        keeps=N_("do użycia kodu, najdłużej 30 dni po wydruku albo 90 dni po prośbie"),
        count=_counting(Residence, _expired_addresses),
        remove=_forget_addresses,
    ),
    _removal(
        "accounts.former_refusals",
        N_("Odmowy zamieszkania po zamkniętych kontach (skrót adresu, bez nazwy)"),
        N_("dwa lata od zamknięcia konta"),
        FormerRefusal,
        _former_refusals,
    ),
    RetentionRule(
        key="kernel.letters",
        label=N_("Wysłane e-maile"),
        keeps=N_("30 dni po wysłaniu; listów z kodem do głosowania: do wysłania, najdłużej 7 dni"),
        count=_counting(Outbox, mail.is_old),
        remove=mail.forget,
    ),
    RetentionRule(
        key="kernel.attempts",
        label=N_("Liczniki prób (bez adresów, same skróty)"),
        keeps=N_("dobę"),
        count=_counting(Attempt, _old_attempts),
        remove=ratelimit.forget_old,
    ),
    _removal(
        "kernel.tasks",
        N_("Wykonane zadania"),
        N_("30 dni po wykonaniu"),
        Task,
        _done_tasks,
    ),
)
