"""Votes that are held: what they have in common, a letter, five days, an explanation."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FORMER_KINDS = "kind IN ('household', 'not_mine', 'disputed')"
KINDS = "kind IN ('household', 'not_mine', 'disputed', 'suspicion')"

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.person_key IS NOT NEW.person_key OR OLD.given_name IS NOT NEW.given_name OR OLD.surname IS NOT NEW.surname OR OLD.street IS NOT NEW.street OR OLD.house_no IS NOT NEW.house_no OR OLD.flat IS NOT NEW.flat OR OLD.contact_kind IS NOT NEW.contact_kind OR OLD.contact_hash IS NOT NEW.contact_hash OR OLD.contact_sealed IS NOT NEW.contact_sealed OR OLD.locale IS NOT NEW.locale) BEGIN SELECT RAISE(ABORT, 'frozen: voter can no longer be changed'); END",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW WHEN NOT (NEW.kind = 'suspicion') AND (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no vote_case outside a sealed, receiving poll'); END",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.kind IS NOT NEW.kind OR OLD.person_key IS NOT NEW.person_key OR OLD.opened_at IS NOT NEW.opened_at OR OLD.opened_by IS NOT NEW.opened_by OR OLD.grounds IS NOT NEW.grounds OR OLD.reason IS NOT NEW.reason) BEGIN SELECT RAISE(ABORT, 'frozen: vote_case can no longer be changed'); END",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a case stays on record'); END",
    "CREATE TRIGGER vote_case_of_suspicion_comes_in_working_up BEFORE INSERT ON vote_case FOR EACH ROW WHEN NEW.kind = 'suspicion' AND ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'closed: a vote is held after the end, before the count, and never one on paper'); END",
    "CREATE TRIGGER case_letter_comes_for_a_held_vote BEFORE INSERT ON case_letter FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') OR (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' BEGIN SELECT RAISE(ABORT, 'closed: a letter is about a vote that is held, before the count'); END",
    "CREATE TRIGGER case_letter_gives_five_days BEFORE INSERT ON case_letter FOR EACH ROW WHEN NEW.answer_until < datetime(NEW.written_at, '+5 days') BEGIN SELECT RAISE(ABORT, 'five_days: whoever is written to has five days to explain'); END",
    "CREATE TRIGGER case_letter_written_anew_gives_five_days BEFORE UPDATE ON case_letter FOR EACH ROW WHEN NEW.answer_until < datetime(NEW.written_at, '+5 days') BEGIN SELECT RAISE(ABORT, 'five_days: whoever is written to has five days to explain'); END",
    "CREATE TRIGGER case_letter_is_frozen BEFORE UPDATE ON case_letter FOR EACH ROW WHEN (TRUE) AND (OLD.case_id IS NOT NEW.case_id OR OLD.tenant_id IS NOT NEW.tenant_id) BEGIN SELECT RAISE(ABORT, 'frozen: case_letter can no longer be changed'); END",
    "CREATE TRIGGER case_letter_is_written_anew_before_an_answer BEFORE UPDATE ON case_letter FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NEW.written_at IS NULL OR NEW.answer_until < OLD.answer_until OR EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) OR EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id) BEGIN SELECT RAISE(ABORT, 'frozen: a letter is written anew before there is an answer, and time only grows'); END",
    "CREATE TRIGGER case_letter_stays_until_the_count BEFORE DELETE ON case_letter FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: case_letter rows stay until the votes are counted'); END",
    "CREATE TRIGGER case_explanation_comes_in_time BEFORE INSERT ON case_explanation FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id AND l.answer_until > CURRENT_TIMESTAMP) BEGIN SELECT RAISE(ABORT, 'closed: a voter explains in the days that their letter gives'); END",
    "CREATE TRIGGER case_explanation_never_changes BEFORE UPDATE ON case_explanation FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: case_explanation rows are never changed'); END",
    "CREATE TRIGGER case_explanation_stays_until_the_count BEFORE DELETE ON case_explanation FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: case_explanation rows stay until the votes are counted'); END",
    "CREATE TRIGGER vote_verdict_waits_for_the_voter BEFORE INSERT ON vote_verdict FOR EACH ROW WHEN EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') AND NOT (EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) OR EXISTS (SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id AND l.answer_until <= CURRENT_TIMESTAMP)) BEGIN SELECT RAISE(ABORT, 'five_days: nobody decides about a held vote before its voter answered or the time'); END",
    "CREATE TRIGGER vote_verdict_takes_no_card_out BEFORE INSERT ON vote_verdict FOR EACH ROW WHEN NEW.verdict = 'take_out' AND EXISTS (SELECT 1 FROM vote_case c JOIN participation p ON p.tenant_id = c.tenant_id AND p.poll_id = c.poll_id AND p.person_key = c.person_key WHERE c.id = NEW.case_id AND p.channel = 'paper') BEGIN SELECT RAISE(ABORT, 'paper: a card in the box cannot be taken out'); END",
    "CREATE TRIGGER vote_verdict_turns_to_no_card BEFORE UPDATE ON vote_verdict FOR EACH ROW WHEN NEW.verdict = 'take_out' AND EXISTS (SELECT 1 FROM vote_case c JOIN participation p ON p.tenant_id = c.tenant_id AND p.poll_id = c.poll_id AND p.person_key = c.person_key WHERE c.id = NEW.case_id AND p.channel = 'paper') BEGIN SELECT RAISE(ABORT, 'paper: a card in the box cannot be taken out'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER vote_verdict_turns_to_no_card",
    "DROP TRIGGER vote_verdict_takes_no_card_out",
    "DROP TRIGGER vote_verdict_waits_for_the_voter",
    "DROP TRIGGER case_explanation_stays_until_the_count",
    "DROP TRIGGER case_explanation_never_changes",
    "DROP TRIGGER case_explanation_comes_in_time",
    "DROP TRIGGER case_letter_stays_until_the_count",
    "DROP TRIGGER case_letter_is_written_anew_before_an_answer",
    "DROP TRIGGER case_letter_is_frozen",
    "DROP TRIGGER case_letter_written_anew_gives_five_days",
    "DROP TRIGGER case_letter_gives_five_days",
    "DROP TRIGGER case_letter_comes_for_a_held_vote",
    "DROP TRIGGER vote_case_of_suspicion_comes_in_working_up",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll",
    "DROP TRIGGER vote_case_is_frozen",
    "DROP TRIGGER vote_case_comes_while_open",
    "DROP TRIGGER voter_is_frozen",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.person_key IS NOT NEW.person_key OR OLD.given_name IS NOT NEW.given_name OR OLD.surname IS NOT NEW.surname OR OLD.street IS NOT NEW.street OR OLD.house_no IS NOT NEW.house_no OR OLD.flat IS NOT NEW.flat OR OLD.contact_kind IS NOT NEW.contact_kind OR OLD.contact_hash IS NOT NEW.contact_hash) BEGIN SELECT RAISE(ABORT, 'frozen: voter can no longer be changed'); END",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no vote_case outside a sealed, receiving poll'); END",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.kind IS NOT NEW.kind OR OLD.person_key IS NOT NEW.person_key OR OLD.opened_at IS NOT NEW.opened_at) BEGIN SELECT RAISE(ABORT, 'frozen: vote_case can no longer be changed'); END",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a case stays on record'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll",
    "DROP TRIGGER vote_case_is_frozen",
    "DROP TRIGGER vote_case_comes_while_open",
    "DROP TRIGGER voter_is_frozen",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION voter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.given_name IS DISTINCT FROM NEW.given_name OR OLD.surname IS DISTINCT FROM NEW.surname OR OLD.street IS DISTINCT FROM NEW.street OR OLD.house_no IS DISTINCT FROM NEW.house_no OR OLD.flat IS DISTINCT FROM NEW.flat OR OLD.contact_kind IS DISTINCT FROM NEW.contact_kind OR OLD.contact_hash IS DISTINCT FROM NEW.contact_hash OR OLD.contact_sealed IS DISTINCT FROM NEW.contact_sealed OR OLD.locale IS DISTINCT FROM NEW.locale) THEN RAISE EXCEPTION 'frozen: voter can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW EXECUTE FUNCTION voter_is_frozen()",
    "CREATE FUNCTION vote_case_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (NEW.kind = 'suspicion') AND (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no vote_case outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_comes_while_open()",
    "CREATE FUNCTION vote_case_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR OLD.opened_by IS DISTINCT FROM NEW.opened_by OR OLD.grounds IS DISTINCT FROM NEW.grounds OR OLD.reason IS DISTINCT FROM NEW.reason) THEN RAISE EXCEPTION 'frozen: vote_case can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_is_frozen()",
    "CREATE FUNCTION vote_case_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a case stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "CREATE FUNCTION vote_case_of_suspicion_comes_in_working_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind = 'suspicion' AND ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key AND p.channel <> 'paper')) THEN RAISE EXCEPTION 'closed: a vote is held after the end, before the count, and never one on paper' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_of_suspicion_comes_in_working_up BEFORE INSERT ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_of_suspicion_comes_in_working_up()",
    "CREATE FUNCTION case_letter_comes_for_a_held_vote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') OR (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' THEN RAISE EXCEPTION 'closed: a letter is about a vote that is held, before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_letter_comes_for_a_held_vote BEFORE INSERT ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_comes_for_a_held_vote()",
    "CREATE FUNCTION case_letter_gives_five_days() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.answer_until < NEW.written_at + interval '5 days' THEN RAISE EXCEPTION 'five_days: whoever is written to has five days to explain' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_letter_gives_five_days BEFORE INSERT ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_gives_five_days()",
    "CREATE FUNCTION case_letter_written_anew_gives_five_days() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.answer_until < NEW.written_at + interval '5 days' THEN RAISE EXCEPTION 'five_days: whoever is written to has five days to explain' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_letter_written_anew_gives_five_days BEFORE UPDATE ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_written_anew_gives_five_days()",
    "CREATE FUNCTION case_letter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) THEN RAISE EXCEPTION 'frozen: case_letter can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_letter_is_frozen BEFORE UPDATE ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_is_frozen()",
    "CREATE FUNCTION case_letter_is_written_anew_before_an_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NEW.written_at IS NULL OR NEW.answer_until < OLD.answer_until OR EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) OR EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id) THEN RAISE EXCEPTION 'frozen: a letter is written anew before there is an answer, and time only grows' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_letter_is_written_anew_before_an_answer BEFORE UPDATE ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_is_written_anew_before_an_answer()",
    "CREATE FUNCTION case_letter_stays_until_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'append_only: case_letter rows stay until the votes are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER case_letter_stays_until_the_count BEFORE DELETE ON case_letter FOR EACH ROW EXECUTE FUNCTION case_letter_stays_until_the_count()",
    "CREATE FUNCTION case_explanation_comes_in_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id AND l.answer_until > CURRENT_TIMESTAMP) THEN RAISE EXCEPTION 'closed: a voter explains in the days that their letter gives' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_explanation_comes_in_time BEFORE INSERT ON case_explanation FOR EACH ROW EXECUTE FUNCTION case_explanation_comes_in_time()",
    "CREATE FUNCTION case_explanation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: case_explanation rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_explanation_never_changes BEFORE UPDATE ON case_explanation FOR EACH ROW EXECUTE FUNCTION case_explanation_never_changes()",
    "CREATE FUNCTION case_explanation_stays_until_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'append_only: case_explanation rows stay until the votes are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER case_explanation_stays_until_the_count BEFORE DELETE ON case_explanation FOR EACH ROW EXECUTE FUNCTION case_explanation_stays_until_the_count()",
    "CREATE FUNCTION vote_verdict_waits_for_the_voter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') AND NOT (EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) OR EXISTS (SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id AND l.answer_until <= CURRENT_TIMESTAMP)) THEN RAISE EXCEPTION 'five_days: nobody decides about a held vote before its voter answered or the time' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_waits_for_the_voter BEFORE INSERT ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_waits_for_the_voter()",
    "CREATE FUNCTION vote_verdict_takes_no_card_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.verdict = 'take_out' AND EXISTS (SELECT 1 FROM vote_case c JOIN participation p ON p.tenant_id = c.tenant_id AND p.poll_id = c.poll_id AND p.person_key = c.person_key WHERE c.id = NEW.case_id AND p.channel = 'paper') THEN RAISE EXCEPTION 'paper: a card in the box cannot be taken out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_takes_no_card_out BEFORE INSERT ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_takes_no_card_out()",
    "CREATE FUNCTION vote_verdict_turns_to_no_card() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.verdict = 'take_out' AND EXISTS (SELECT 1 FROM vote_case c JOIN participation p ON p.tenant_id = c.tenant_id AND p.poll_id = c.poll_id AND p.person_key = c.person_key WHERE c.id = NEW.case_id AND p.channel = 'paper') THEN RAISE EXCEPTION 'paper: a card in the box cannot be taken out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_turns_to_no_card BEFORE UPDATE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_turns_to_no_card()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER vote_verdict_turns_to_no_card ON vote_verdict",
    "DROP FUNCTION vote_verdict_turns_to_no_card()",
    "DROP TRIGGER vote_verdict_takes_no_card_out ON vote_verdict",
    "DROP FUNCTION vote_verdict_takes_no_card_out()",
    "DROP TRIGGER vote_verdict_waits_for_the_voter ON vote_verdict",
    "DROP FUNCTION vote_verdict_waits_for_the_voter()",
    "DROP TRIGGER case_explanation_stays_until_the_count ON case_explanation",
    "DROP FUNCTION case_explanation_stays_until_the_count()",
    "DROP TRIGGER case_explanation_never_changes ON case_explanation",
    "DROP FUNCTION case_explanation_never_changes()",
    "DROP TRIGGER case_explanation_comes_in_time ON case_explanation",
    "DROP FUNCTION case_explanation_comes_in_time()",
    "DROP TRIGGER case_letter_stays_until_the_count ON case_letter",
    "DROP FUNCTION case_letter_stays_until_the_count()",
    "DROP TRIGGER case_letter_is_written_anew_before_an_answer ON case_letter",
    "DROP FUNCTION case_letter_is_written_anew_before_an_answer()",
    "DROP TRIGGER case_letter_is_frozen ON case_letter",
    "DROP FUNCTION case_letter_is_frozen()",
    "DROP TRIGGER case_letter_written_anew_gives_five_days ON case_letter",
    "DROP FUNCTION case_letter_written_anew_gives_five_days()",
    "DROP TRIGGER case_letter_gives_five_days ON case_letter",
    "DROP FUNCTION case_letter_gives_five_days()",
    "DROP TRIGGER case_letter_comes_for_a_held_vote ON case_letter",
    "DROP FUNCTION case_letter_comes_for_a_held_vote()",
    "DROP TRIGGER vote_case_of_suspicion_comes_in_working_up ON vote_case",
    "DROP FUNCTION vote_case_of_suspicion_comes_in_working_up()",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll ON vote_case",
    "DROP FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "DROP TRIGGER vote_case_is_frozen ON vote_case",
    "DROP FUNCTION vote_case_is_frozen()",
    "DROP TRIGGER vote_case_comes_while_open ON vote_case",
    "DROP FUNCTION vote_case_comes_while_open()",
    "DROP TRIGGER voter_is_frozen ON voter",
    "DROP FUNCTION voter_is_frozen()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION voter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.given_name IS DISTINCT FROM NEW.given_name OR OLD.surname IS DISTINCT FROM NEW.surname OR OLD.street IS DISTINCT FROM NEW.street OR OLD.house_no IS DISTINCT FROM NEW.house_no OR OLD.flat IS DISTINCT FROM NEW.flat OR OLD.contact_kind IS DISTINCT FROM NEW.contact_kind OR OLD.contact_hash IS DISTINCT FROM NEW.contact_hash) THEN RAISE EXCEPTION 'frozen: voter can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW EXECUTE FUNCTION voter_is_frozen()",
    "CREATE FUNCTION vote_case_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no vote_case outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_comes_while_open()",
    "CREATE FUNCTION vote_case_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.opened_at IS DISTINCT FROM NEW.opened_at) THEN RAISE EXCEPTION 'frozen: vote_case can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_is_frozen()",
    "CREATE FUNCTION vote_case_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a case stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll ON vote_case",
    "DROP FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "DROP TRIGGER vote_case_is_frozen ON vote_case",
    "DROP FUNCTION vote_case_is_frozen()",
    "DROP TRIGGER vote_case_comes_while_open ON vote_case",
    "DROP FUNCTION vote_case_comes_while_open()",
    "DROP TRIGGER voter_is_frozen ON voter",
    "DROP FUNCTION voter_is_frozen()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    for column, usual in (("contact_sealed", ""), ("locale", "pl")):
        op.add_column("voter", sa.Column(column, sa.Text(), nullable=False, server_default=usual))
    _tell_whose_signals_are()
    _open_by_the_office()
    _create_tables()
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    op.drop_table("case_explanation")
    op.drop_table("case_letter")
    _open_by_voters_only()
    _count_signals_only()
    for column in ("locale", "contact_sealed"):
        op.drop_column("voter", column)
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _refuse_what_has_no_place_before() -> None:
    """The former program would show a held vote without its reason, and decide without hearing."""
    held = sa.text("SELECT count(*) FROM vote_case WHERE kind = 'suspicion'")
    if op.get_bind().scalar(held):
        raise RuntimeError("There are votes that are held, which the former version does not know.")


def _tell_whose_signals_are() -> None:
    """Signals of nobody's are left behind: nothing could have been done with them."""
    op.drop_table("vote_signal")
    _create_signals(sa.Column("person_key", sa.Text(), nullable=False))
    op.create_index("ix_vote_signal_poll", "vote_signal", ["poll_id", "person_key"])


def _count_signals_only() -> None:
    op.drop_table("vote_signal")
    _create_signals()
    op.create_index("ix_vote_signal_poll", "vote_signal", ["poll_id", "kind", "value_hash"])


def _create_signals(*more: sa.Column) -> None:
    op.create_table(
        "vote_signal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        *more,
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_hash", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contact', 'network', 'home')", name=op.f("ck_vote_signal_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_vote_signal_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_signal")),
        sqlite_with_rowid=False,
    )


def _open_by_the_office() -> None:
    _as_one_table(True)
    with op.batch_alter_table("vote_case") as batch:
        batch.add_column(sa.Column("opened_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("grounds", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch.create_foreign_key(op.f("fk_vote_case_opened_by"), "person", ["opened_by"], ["id"])
        batch.drop_constraint(op.f("ck_vote_case_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_vote_case_kind"), KINDS)
        batch.create_check_constraint(
            op.f("ck_vote_case_opened_by"), "(kind = 'suspicion') = (opened_by IS NOT NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_vote_case_reason"), "(kind = 'suspicion') = (length(reason) >= 10)"
        )
    _as_one_table(False)


def _open_by_voters_only() -> None:
    _as_one_table(True)
    with op.batch_alter_table("vote_case") as batch:
        batch.drop_constraint(op.f("ck_vote_case_reason"), type_="check")
        batch.drop_constraint(op.f("ck_vote_case_opened_by"), type_="check")
        batch.drop_constraint(op.f("ck_vote_case_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_vote_case_kind"), FORMER_KINDS)
        batch.drop_constraint(op.f("fk_vote_case_opened_by"), type_="foreignkey")
        batch.drop_column("reason")
        batch.drop_column("grounds")
        batch.drop_column("opened_by")
    _as_one_table(False)


def _as_one_table(begins: bool) -> None:
    """Let SQLite build vote_case anew while guards of other tables name it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA legacy_alter_table={'ON' if begins else 'OFF'}")


def _create_tables() -> None:
    op.create_table(
        "case_letter",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("way IN ('email', 'sms', 'paper')", name=op.f("ck_case_letter_way")),
        sa.CheckConstraint(
            "(written_at IS NULL) = (code_hash IS NULL) "
            "AND (written_at IS NULL) = (answer_until IS NULL)",
            name=op.f("ck_case_letter_written"),
        ),
        sa.CheckConstraint(
            "way = 'paper' OR written_at IS NOT NULL", name=op.f("ck_case_letter_sent_at_once")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["vote_case.tenant_id", "vote_case.id"],
            name=op.f("fk_case_letter_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_case_letter_tenant_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_letter")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_case_letter_code_hash")),
    )
    op.create_index(op.f("ix_case_letter_tenant_id"), "case_letter", ["tenant_id"])
    op.create_table(
        "case_explanation",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "1 <= length(text) AND length(text) <= 2000", name=op.f("ck_case_explanation_text")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["vote_case.tenant_id", "vote_case.id"],
            name=op.f("fk_case_explanation_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_case_explanation_tenant_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_explanation")),
    )
    op.create_index(op.f("ix_case_explanation_tenant_id"), "case_explanation", ["tenant_id"])


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
