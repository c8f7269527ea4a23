"""What must never be false of codes for a vote, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen
from deliberate.voting.guard_words import UNCOUNTED, state_of
from deliberate.voting.totals_guards import not_forgotten

BEFORE_THE_END = "('sealed', 'receiving', 'paused')"


GUARDS: tuple[Guard, ...] = (
    frozen(
        "code_batch",
        "id",
        "tenant_id",
        "poll_id",
        "no",
        "codes",
        "ordered_by",
        "ordered_at",
        "list_hash",
        "instead_of",
    ),
    Guard(
        name="code_batch_comes_instead_of_void_codes",
        table="code_batch",
        event="INSERT",
        message="issued: in place of void codes come no more than there are",
        refuse_when=(
            "NEW.instead_of IS NOT NULL AND NEW.codes + (SELECT coalesce(sum(b.codes), 0) "
            "FROM code_batch b WHERE b.poll_id = NEW.poll_id AND b.instead_of = NEW.instead_of "
            "AND b.withdrawn_at IS NULL) > (SELECT count(*) FROM voting_code c "
            "JOIN code_batch b ON b.id = c.batch_id WHERE b.poll_id = NEW.poll_id "
            "AND b.no = NEW.instead_of AND c.state = 'void')"
        ),
    ),
    Guard(
        name="code_batch_is_printed_once_by_two",
        table="code_batch",
        event="UPDATE OF printed_at",
        message="two_persons: codes are made once, after a second person agreed",
        refuse_when=(
            "OLD.printed_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NOT EXISTS ("
            "SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id "
            "AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' "
            "AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) "
            "OR (NEW.list_hash IS NOT NULL AND NEW.codes <> "
            "(SELECT count(*) FROM code_addressee d WHERE d.batch_id = NEW.id))"
        ),
    ),
    Guard(
        name="code_batch_is_withdrawn_before_it_is_printed",
        table="code_batch",
        event="UPDATE OF withdrawn_at",
        message="frozen: codes are withdrawn once, before they are made",
        refuse_when="OLD.withdrawn_at IS NOT NULL OR OLD.printed_at IS NOT NULL",
    ),
    Guard(
        name="code_batch_never_goes",
        table="code_batch",
        event="DELETE",
        message="append_only: a batch of codes stays on record",
    ),
    Guard(
        name="code_addressee_comes_with_its_batch",
        table="code_addressee",
        event="INSERT",
        message="closed: addressees come with an order, as many as its codes",
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id "
            "AND b.list_hash IS NOT NULL AND b.printed_at IS NULL AND b.withdrawn_at IS NULL "
            "AND b.codes > (SELECT count(*) FROM code_addressee d WHERE d.batch_id = b.id))"
        ),
    ),
    Guard(
        name="code_addressee_never_changes",
        table="code_addressee",
        event="UPDATE",
        message="frozen: an addressee stays as two persons saw it",
    ),
    Guard(
        name="code_holder_comes_before_the_end",
        table="code_holder",
        event="INSERT",
        message="closed: codes are given between the sealing and the end",
        refuse_when=f"{state_of('NEW.poll_id')} NOT IN {BEFORE_THE_END}",
    ),
    Guard(
        name="code_holder_only_forgets_its_batch",
        table="code_holder",
        event="UPDATE",
        message="frozen: who got a code is not changed; only the batch is forgotten",
        refuse_when=(
            "NEW.batch_id IS NOT NULL OR OLD.tenant_id <> NEW.tenant_id "
            "OR OLD.poll_id <> NEW.poll_id OR OLD.hash <> NEW.hash OR OLD.kind <> NEW.kind"
        ),
    ),
    Guard(
        name="code_holder_stays_once_it_has_a_code",
        table="code_holder",
        event="DELETE",
        message="append_only: one person, one code, until the persons of a vote are forgotten",
        refuse_when=f"OLD.batch_id IS NULL AND {not_forgotten('OLD.poll_id')}",
    ),
    Guard(
        name="voting_code_comes_unused_when_printed",
        table="voting_code",
        event="INSERT",
        message="closed: codes come unused, as many as were ordered, when they are printed",
        refuse_when=(
            "NEW.state <> 'unused' OR NEW.serial < 1 OR NOT EXISTS ("  # noqa: S608
            "SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id "
            "AND b.printed_at IS NOT NULL AND NEW.serial <= b.codes) "
            f"OR {state_of('NEW.poll_id')} NOT IN {BEFORE_THE_END}"
        ),
    ),
    frozen("voting_code", "hash", "tenant_id", "poll_id", "batch_id", "serial"),
    Guard(
        name="voting_code_is_used_or_void_once",
        table="voting_code",
        event="UPDATE",
        message="frozen: a code is used by a vote or made void, once, before the count",
        refuse_when=(
            "OLD.state <> 'unused' OR "  # noqa: S608 - our own words
            f"{state_of('OLD.poll_id')} NOT IN {UNCOUNTED} OR (NEW.state = 'used' "
            "AND NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id "
            "AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key))"
        ),
    ),
    Guard(
        name="voting_code_goes_with_the_persons",
        table="voting_code",
        event="DELETE",
        message="append_only: codes stay until the persons of a vote are forgotten",
        refuse_when=not_forgotten("OLD.poll_id"),
    ),
)
