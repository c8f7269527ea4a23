"""Voting on paper: cards in numbered batches, keyed by two persons after the end."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER card_batch_comes_while_open BEFORE INSERT ON card_batch FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') OR NEW.said_by IS NOT NULL OR EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.poll_id AND b.first <= NEW.last AND NEW.first <= b.last) BEGIN SELECT RAISE(ABORT, 'closed: cards are numbered before the end, and nothing is said of them yet'); END",
    "CREATE TRIGGER card_batch_is_frozen BEFORE UPDATE ON card_batch FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.place IS NOT NEW.place OR OLD.first IS NOT NEW.first OR OLD.last IS NOT NEW.last OR OLD.made_by IS NOT NEW.made_by OR OLD.made_at IS NOT NEW.made_at) BEGIN SELECT RAISE(ABORT, 'frozen: card_batch can no longer be changed'); END",
    "CREATE TRIGGER card_batch_is_settled_after_the_end BEFORE UPDATE ON card_batch FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR NEW.in_box < (SELECT count(*) FROM card c WHERE c.batch_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'closed: what became of cards is said after the end, before the count'); END",
    "CREATE TRIGGER card_batch_is_confirmed_as_it_was_said BEFORE UPDATE ON card_batch FOR EACH ROW WHEN NEW.confirmed_by IS NOT NULL AND (OLD.said_by IS NULL OR OLD.said_by <> NEW.said_by OR OLD.in_box <> NEW.in_box OR OLD.spoiled <> NEW.spoiled OR OLD.missing <> NEW.missing OR OLD.unused <> NEW.unused) BEGIN SELECT RAISE(ABORT, 'two_persons: what is confirmed is what the other person said'); END",
    "CREATE TRIGGER card_batch_never_goes BEFORE DELETE ON card_batch FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: a batch of cards stays on record'); END",
    "CREATE TRIGGER card_comes_from_a_settled_box BEFORE INSERT ON card FOR EACH ROW WHEN NEW.state <> 'once' OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.poll_id AND b.confirmed_by IS NULL) OR NOT EXISTS (SELECT 1 FROM card_batch b WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id AND NEW.serial BETWEEN b.first AND b.last AND (SELECT count(*) FROM card c WHERE c.batch_id = NEW.batch_id) < b.in_box) BEGIN SELECT RAISE(ABORT, 'closed: a card is keyed after the end, from a box that two persons counted'); END",
    "CREATE TRIGGER card_is_frozen BEFORE UPDATE ON card FOR EACH ROW WHEN (TRUE) AND (OLD.poll_id IS NOT NEW.poll_id OR OLD.serial IS NOT NEW.serial OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.batch_id IS NOT NEW.batch_id OR OLD.entry1_by IS NOT NEW.entry1_by) BEGIN SELECT RAISE(ABORT, 'frozen: card can no longer be changed'); END",
    "CREATE TRIGGER card_is_keyed_by_who_says_so BEFORE UPDATE ON card FOR EACH ROW WHEN OLD.state IN ('agreed', 'decided') OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (OLD.state = 'once' AND NEW.state NOT IN ('agreed', 'disputed')) OR (OLD.state = 'disputed' AND (NEW.state <> 'decided' OR OLD.entry2_by <> NEW.entry2_by)) OR (NEW.state = 'agreed') <> ((SELECT count(DISTINCT k.choices) FROM card_keying k WHERE k.poll_id = NEW.poll_id AND k.serial = NEW.serial AND k.clerk_id IN (NEW.entry1_by, NEW.entry2_by)) = 1) OR (SELECT count(*) FROM card_keying k WHERE k.poll_id = NEW.poll_id AND k.serial = NEW.serial AND (k.clerk_id = NEW.entry1_by OR k.clerk_id = NEW.entry2_by OR k.clerk_id = NEW.decided_by)) <> (CASE WHEN NEW.state = 'decided' THEN 3 ELSE 2 END) BEGIN SELECT RAISE(ABORT, 'two_persons: a card is finished by two equal keyings, or by a third person'); END",
    "CREATE TRIGGER card_goes_only_at_the_count BEFORE DELETE ON card FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT (OLD.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: card rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER card_keying_never_changes BEFORE UPDATE ON card_keying FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: card_keying rows are never changed'); END",
    "CREATE TRIGGER card_keying_comes_for_an_open_card BEFORE INSERT ON card_keying FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = NEW.poll_id AND c.serial = NEW.serial AND c.state IN ('once', 'disputed')) OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' BEGIN SELECT RAISE(ABORT, 'closed: a card is keyed until it is finished'); END",
    "CREATE TRIGGER card_keying_goes_only_at_the_count BEFORE DELETE ON card_keying FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')) BEGIN SELECT RAISE(ABORT, 'append_only: card_keying rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER poll_counts_every_card BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'counted' AND OLD.state <> NEW.state AND (EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.id AND b.confirmed_by IS NULL) OR (SELECT count(*) FROM card c WHERE c.poll_id = NEW.id AND c.state IN ('agreed', 'decided')) <> (SELECT coalesce(sum(b.in_box), 0) FROM card_batch b WHERE b.poll_id = NEW.id) OR (SELECT count(*) FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.id AND p.channel = 'paper') <> (SELECT coalesce(sum(b.in_box + b.missing), 0) FROM card_batch b WHERE b.poll_id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'cards: every card is keyed by two, and as many took part on paper, before a count'); END",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') AND NOT (NEW.channel = 'paper' AND (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) = 'working_up') BEGIN SELECT RAISE(ABORT, 'closed: no participation outside a receiving poll, but for posted cards'); END",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') AND NOT ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) = 'working_up' AND (SELECT count(*) FROM ballot b WHERE b.poll_id = NEW.poll_id AND b.section_no = NEW.section_no) < (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) + (SELECT count(*) FROM card c WHERE c.poll_id = NEW.poll_id AND c.state IN ('agreed', 'decided'))) BEGIN SELECT RAISE(ABORT, 'closed: no ballot outside a receiving poll, but one for each finished card'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW WHEN OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'append_only: a receipt is marked only for a vote that two persons took out'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER receipt_is_marked_as_taken_out",
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_comes_while_open",
    "DROP TRIGGER participation_comes_while_open",
    "DROP TRIGGER poll_counts_every_card",
    "DROP TRIGGER card_keying_goes_only_at_the_count",
    "DROP TRIGGER card_keying_comes_for_an_open_card",
    "DROP TRIGGER card_keying_never_changes",
    "DROP TRIGGER card_goes_only_at_the_count",
    "DROP TRIGGER card_is_keyed_by_who_says_so",
    "DROP TRIGGER card_is_frozen",
    "DROP TRIGGER card_comes_from_a_settled_box",
    "DROP TRIGGER card_batch_never_goes",
    "DROP TRIGGER card_batch_is_confirmed_as_it_was_said",
    "DROP TRIGGER card_batch_is_settled_after_the_end",
    "DROP TRIGGER card_batch_is_frozen",
    "DROP TRIGGER card_batch_comes_while_open",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no participation outside a sealed, receiving poll'); END",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no ballot outside a sealed, receiving poll'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW WHEN OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: a receipt is marked only for a vote that two persons took out'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER receipt_is_marked_as_taken_out",
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_comes_while_open",
    "DROP TRIGGER participation_comes_while_open",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION card_batch_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') OR NEW.said_by IS NOT NULL OR EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.poll_id AND b.first <= NEW.last AND NEW.first <= b.last) THEN RAISE EXCEPTION 'closed: cards are numbered before the end, and nothing is said of them yet' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_batch_comes_while_open BEFORE INSERT ON card_batch FOR EACH ROW EXECUTE FUNCTION card_batch_comes_while_open()",
    "CREATE FUNCTION card_batch_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.place IS DISTINCT FROM NEW.place OR OLD.first IS DISTINCT FROM NEW.first OR OLD.last IS DISTINCT FROM NEW.last OR OLD.made_by IS DISTINCT FROM NEW.made_by OR OLD.made_at IS DISTINCT FROM NEW.made_at) THEN RAISE EXCEPTION 'frozen: card_batch can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_batch_is_frozen BEFORE UPDATE ON card_batch FOR EACH ROW EXECUTE FUNCTION card_batch_is_frozen()",
    "CREATE FUNCTION card_batch_is_settled_after_the_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR NEW.in_box < (SELECT count(*) FROM card c WHERE c.batch_id = NEW.id) THEN RAISE EXCEPTION 'closed: what became of cards is said after the end, before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_batch_is_settled_after_the_end BEFORE UPDATE ON card_batch FOR EACH ROW EXECUTE FUNCTION card_batch_is_settled_after_the_end()",
    "CREATE FUNCTION card_batch_is_confirmed_as_it_was_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.confirmed_by IS NOT NULL AND (OLD.said_by IS NULL OR OLD.said_by <> NEW.said_by OR OLD.in_box <> NEW.in_box OR OLD.spoiled <> NEW.spoiled OR OLD.missing <> NEW.missing OR OLD.unused <> NEW.unused) THEN RAISE EXCEPTION 'two_persons: what is confirmed is what the other person said' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_batch_is_confirmed_as_it_was_said BEFORE UPDATE ON card_batch FOR EACH ROW EXECUTE FUNCTION card_batch_is_confirmed_as_it_was_said()",
    "CREATE FUNCTION card_batch_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: a batch of cards stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER card_batch_never_goes BEFORE DELETE ON card_batch FOR EACH ROW EXECUTE FUNCTION card_batch_never_goes()",
    "CREATE FUNCTION card_comes_from_a_settled_box() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state <> 'once' OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.poll_id AND b.confirmed_by IS NULL) OR NOT EXISTS (SELECT 1 FROM card_batch b WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id AND NEW.serial BETWEEN b.first AND b.last AND (SELECT count(*) FROM card c WHERE c.batch_id = NEW.batch_id) < b.in_box) THEN RAISE EXCEPTION 'closed: a card is keyed after the end, from a box that two persons counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_comes_from_a_settled_box BEFORE INSERT ON card FOR EACH ROW EXECUTE FUNCTION card_comes_from_a_settled_box()",
    "CREATE FUNCTION card_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.serial IS DISTINCT FROM NEW.serial OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.batch_id IS DISTINCT FROM NEW.batch_id OR OLD.entry1_by IS DISTINCT FROM NEW.entry1_by) THEN RAISE EXCEPTION 'frozen: card can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_is_frozen BEFORE UPDATE ON card FOR EACH ROW EXECUTE FUNCTION card_is_frozen()",
    "CREATE FUNCTION card_is_keyed_by_who_says_so() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state IN ('agreed', 'decided') OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (OLD.state = 'once' AND NEW.state NOT IN ('agreed', 'disputed')) OR (OLD.state = 'disputed' AND (NEW.state <> 'decided' OR OLD.entry2_by <> NEW.entry2_by)) OR (NEW.state = 'agreed') <> ((SELECT count(DISTINCT k.choices) FROM card_keying k WHERE k.poll_id = NEW.poll_id AND k.serial = NEW.serial AND k.clerk_id IN (NEW.entry1_by, NEW.entry2_by)) = 1) OR (SELECT count(*) FROM card_keying k WHERE k.poll_id = NEW.poll_id AND k.serial = NEW.serial AND (k.clerk_id = NEW.entry1_by OR k.clerk_id = NEW.entry2_by OR k.clerk_id = NEW.decided_by)) <> (CASE WHEN NEW.state = 'decided' THEN 3 ELSE 2 END) THEN RAISE EXCEPTION 'two_persons: a card is finished by two equal keyings, or by a third person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_is_keyed_by_who_says_so BEFORE UPDATE ON card FOR EACH ROW EXECUTE FUNCTION card_is_keyed_by_who_says_so()",
    "CREATE FUNCTION card_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT (OLD.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up') THEN RAISE EXCEPTION 'append_only: card rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER card_goes_only_at_the_count BEFORE DELETE ON card FOR EACH ROW EXECUTE FUNCTION card_goes_only_at_the_count()",
    "CREATE FUNCTION card_keying_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: card_keying rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_keying_never_changes BEFORE UPDATE ON card_keying FOR EACH ROW EXECUTE FUNCTION card_keying_never_changes()",
    "CREATE FUNCTION card_keying_comes_for_an_open_card() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = NEW.poll_id AND c.serial = NEW.serial AND c.state IN ('once', 'disputed')) OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' THEN RAISE EXCEPTION 'closed: a card is keyed until it is finished' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER card_keying_comes_for_an_open_card BEFORE INSERT ON card_keying FOR EACH ROW EXECUTE FUNCTION card_keying_comes_for_an_open_card()",
    "CREATE FUNCTION card_keying_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')) THEN RAISE EXCEPTION 'append_only: card_keying rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER card_keying_goes_only_at_the_count BEFORE DELETE ON card_keying FOR EACH ROW EXECUTE FUNCTION card_keying_goes_only_at_the_count()",
    "CREATE FUNCTION poll_counts_every_card() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'counted' AND OLD.state <> NEW.state AND (EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.id AND b.confirmed_by IS NULL) OR (SELECT count(*) FROM card c WHERE c.poll_id = NEW.id AND c.state IN ('agreed', 'decided')) <> (SELECT coalesce(sum(b.in_box), 0) FROM card_batch b WHERE b.poll_id = NEW.id) OR (SELECT count(*) FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.id AND p.channel = 'paper') <> (SELECT coalesce(sum(b.in_box + b.missing), 0) FROM card_batch b WHERE b.poll_id = NEW.id)) THEN RAISE EXCEPTION 'cards: every card is keyed by two, and as many took part on paper, before a count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_counts_every_card BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_counts_every_card()",
    "CREATE FUNCTION participation_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') AND NOT (NEW.channel = 'paper' AND (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) = 'working_up') THEN RAISE EXCEPTION 'closed: no participation outside a receiving poll, but for posted cards' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW EXECUTE FUNCTION participation_comes_while_open()",
    "CREATE FUNCTION ballot_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') AND NOT ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) = 'working_up' AND (SELECT count(*) FROM ballot b WHERE b.poll_id = NEW.poll_id AND b.section_no = NEW.section_no) < (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) + (SELECT count(*) FROM card c WHERE c.poll_id = NEW.poll_id AND c.state IN ('agreed', 'decided'))) THEN RAISE EXCEPTION 'closed: no ballot outside a receiving poll, but one for each finished card' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_comes_while_open()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_is_marked_as_taken_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id AND p.channel <> 'paper')) THEN RAISE EXCEPTION 'append_only: a receipt is marked only for a vote that two persons took out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_marked_as_taken_out()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_is_marked_as_taken_out ON receipt",
    "DROP FUNCTION receipt_is_marked_as_taken_out()",
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_comes_while_open ON ballot",
    "DROP FUNCTION ballot_comes_while_open()",
    "DROP TRIGGER participation_comes_while_open ON participation",
    "DROP FUNCTION participation_comes_while_open()",
    "DROP TRIGGER poll_counts_every_card ON poll",
    "DROP FUNCTION poll_counts_every_card()",
    "DROP TRIGGER card_keying_goes_only_at_the_count ON card_keying",
    "DROP FUNCTION card_keying_goes_only_at_the_count()",
    "DROP TRIGGER card_keying_comes_for_an_open_card ON card_keying",
    "DROP FUNCTION card_keying_comes_for_an_open_card()",
    "DROP TRIGGER card_keying_never_changes ON card_keying",
    "DROP FUNCTION card_keying_never_changes()",
    "DROP TRIGGER card_goes_only_at_the_count ON card",
    "DROP FUNCTION card_goes_only_at_the_count()",
    "DROP TRIGGER card_is_keyed_by_who_says_so ON card",
    "DROP FUNCTION card_is_keyed_by_who_says_so()",
    "DROP TRIGGER card_is_frozen ON card",
    "DROP FUNCTION card_is_frozen()",
    "DROP TRIGGER card_comes_from_a_settled_box ON card",
    "DROP FUNCTION card_comes_from_a_settled_box()",
    "DROP TRIGGER card_batch_never_goes ON card_batch",
    "DROP FUNCTION card_batch_never_goes()",
    "DROP TRIGGER card_batch_is_confirmed_as_it_was_said ON card_batch",
    "DROP FUNCTION card_batch_is_confirmed_as_it_was_said()",
    "DROP TRIGGER card_batch_is_settled_after_the_end ON card_batch",
    "DROP FUNCTION card_batch_is_settled_after_the_end()",
    "DROP TRIGGER card_batch_is_frozen ON card_batch",
    "DROP FUNCTION card_batch_is_frozen()",
    "DROP TRIGGER card_batch_comes_while_open ON card_batch",
    "DROP FUNCTION card_batch_comes_while_open()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION participation_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no participation outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW EXECUTE FUNCTION participation_comes_while_open()",
    "CREATE FUNCTION ballot_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no ballot outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_comes_while_open()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_is_marked_as_taken_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id)) THEN RAISE EXCEPTION 'append_only: a receipt is marked only for a vote that two persons took out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_marked_as_taken_out()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_is_marked_as_taken_out ON receipt",
    "DROP FUNCTION receipt_is_marked_as_taken_out()",
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_comes_while_open ON ballot",
    "DROP FUNCTION ballot_comes_while_open()",
    "DROP TRIGGER participation_comes_while_open ON participation",
    "DROP FUNCTION participation_comes_while_open()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    op.add_column("poll_result", sa.Column("paper", sa.Text(), nullable=False, server_default="{}"))
    _create_tables()
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    _drop_tables()
    op.drop_column("poll_result", "paper")
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _refuse_what_has_no_place_before() -> None:
    """The former program counts a code for everybody, and who votes on paper has none."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM card_batch")):
        raise RuntimeError("There are votes on paper, which the former version does not know.")


def _create_tables() -> None:
    op.create_table(
        "card_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_box", sa.Integer(), nullable=True),
        sa.Column("spoiled", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=True),
        sa.Column("unused", sa.Integer(), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(said_by IS NULL AND in_box IS NULL AND spoiled IS NULL AND missing IS NULL AND unused IS NULL) OR (said_by IS NOT NULL AND in_box >= 0 AND spoiled >= 0 AND missing >= 0 AND unused >= 0 AND in_box + spoiled + missing + unused = last - first + 1)",
            name=op.f("ck_card_batch_adds_up"),
        ),
        sa.CheckConstraint(
            "1 <= first AND first <= last AND last - first < 1000",
            name=op.f("ck_card_batch_serials"),
        ),
        sa.CheckConstraint("confirmed_by <> said_by", name=op.f("ck_card_batch_two_persons")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR said_by IS NOT NULL", name=op.f("ck_card_batch_said_first")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_card_batch_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_card_batch_made_by")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_card_batch_said_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_card_batch_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_card_batch_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batch")),
        sa.UniqueConstraint("poll_id", "first", name=op.f("uq_card_batch_poll_id_first")),
        sa.UniqueConstraint("poll_id", "no", name=op.f("uq_card_batch_poll_id_no")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_card_batch_tenant_id_id")),
    )
    op.create_index(op.f("ix_card_batch_tenant_id"), "card_batch", ["tenant_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entry1_by", sa.Integer(), nullable=False),
        sa.Column("entry2_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("invalid", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'decided') = (decided_by IS NOT NULL)", name=op.f("ck_card_third")
        ),
        sa.CheckConstraint("(state = 'once') = (entry2_by IS NULL)", name=op.f("ck_card_second")),
        sa.CheckConstraint(
            "state IN ('once', 'agreed', 'disputed', 'decided')", name=op.f("ck_card_state")
        ),
        sa.CheckConstraint(
            "decided_by <> entry1_by AND decided_by <> entry2_by", name=op.f("ck_card_third_person")
        ),
        sa.CheckConstraint("entry1_by <> entry2_by", name=op.f("ck_card_two_persons")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_card_decided_by")),
        sa.ForeignKeyConstraint(["entry1_by"], ["person.id"], name=op.f("fk_card_entry1_by")),
        sa.ForeignKeyConstraint(["entry2_by"], ["person.id"], name=op.f("fk_card_entry2_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["card_batch.tenant_id", "card_batch.id"],
            name=op.f("fk_card_tenant_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_card_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "serial", name=op.f("pk_card")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_card_batch", "card", ["batch_id"], unique=False)
    op.create_table(
        "card_keying",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("clerk_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("fk_card_keying_clerk_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_card_keying_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "serial", "clerk_id", name=op.f("pk_card_keying")),
        sqlite_with_rowid=False,
    )


def _drop_tables() -> None:
    op.drop_table("card_keying")
    op.drop_index("ix_card_batch", table_name="card")
    op.drop_table("card")
    op.drop_index("ix_card_batch_tenant_id", table_name="card_batch")
    op.drop_table("card_batch")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
