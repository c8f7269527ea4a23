"""The ballot box: kinds of choice and sections, receipts and the public log, pauses, lots.

What was counted so far keeps its outcome, in the shape that results have from now on.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = (
    "state IN ('draft', 'sealed', 'receiving', 'paused', 'working_up', 'counted', 'published', "
    "'cancelled', 'annulled')"
)
FORMER_STATES = "state IN ('draft', 'sealed', 'receiving', 'working_up', 'counted', 'published')"
ELECTORATES = "electorate IN ('residents', 'declared', 'codes', 'listed')"
PUBLICATIONS = "publication IN ('totals', 'apart', 'linked')"
CHANNELS = "channel IN ('web', 'code', 'paper', 'assisted')"
KINDS = "kind IN ('single', 'approval', 'knapsack', 'ranked', 'score', 'points', 'questions')"

# Guards, written out: a migration never imports the application. SQLite changes a constraint by
# building the table anew, which loses its triggers, so all of this package are put back.
SQLITE_GUARDS = (
    "CREATE TRIGGER poll_begins_as_draft BEFORE INSERT ON poll FOR EACH ROW WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'transition: a poll begins as a draft'); END",
    "CREATE TRIGGER poll_state_steps BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('sealed')) OR (OLD.state = 'sealed' AND NEW.state IN ('receiving', 'paused', 'working_up', 'cancelled')) OR (OLD.state = 'receiving' AND NEW.state IN ('paused', 'working_up', 'cancelled')) OR (OLD.state = 'paused' AND NEW.state IN ('receiving', 'cancelled')) OR (OLD.state = 'working_up' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('published', 'annulled')) OR (OLD.state = 'published' AND NEW.state IN ('annulled'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of poll.state'); END",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW WHEN (OLD.state <> 'draft') AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.repeat_no IS NOT NEW.repeat_no OR OLD.repeats_id IS NOT NEW.repeats_id OR OLD.title IS NOT NEW.title OR OLD.electorate IS NOT NEW.electorate OR OLD.needs IS NOT NEW.needs OR OLD.age_rule IS NOT NEW.age_rule OR OLD.age IS NOT NEW.age OR OLD.area_lock IS NOT NEW.area_lock OR OLD.areas_most IS NOT NEW.areas_most OR OLD.revote IS NOT NEW.revote OR OLD.publication IS NOT NEW.publication OR OLD.effect IS NOT NEW.effect OR OLD.decided_by IS NOT NEW.decided_by OR OLD.decision_due IS NOT NEW.decision_due OR OLD.result_due IS NOT NEW.result_due OR OLD.order_seed IS NOT NEW.order_seed OR OLD.randomness_source IS NOT NEW.randomness_source OR OLD.randomness_shape IS NOT NEW.randomness_shape OR OLD.randomness_at IS NOT NEW.randomness_at OR OLD.signing_key IS NOT NEW.signing_key OR OLD.rules IS NOT NEW.rules OR OLD.rules_hash IS NOT NEW.rules_hash OR OLD.opens_at IS NOT NEW.opens_at OR OLD.sealed_at IS NOT NEW.sealed_at) BEGIN SELECT RAISE(ABORT, 'frozen: poll can no longer be changed'); END",
    "CREATE TRIGGER poll_end_only_grows BEFORE UPDATE OF ends_at ON poll FOR EACH ROW WHEN OLD.state <> 'draft' AND OLD.ends_at <> NEW.ends_at AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving', 'paused')) BEGIN SELECT RAISE(ABORT, 'frozen: the end of a sealed poll only grows, and only before the count'); END",
    "CREATE TRIGGER poll_seed_is_typed_once BEFORE UPDATE OF seed ON poll FOR EACH ROW WHEN OLD.seed IS NOT NEW.seed AND (OLD.seed IS NOT NULL OR OLD.state <> 'working_up' OR (SELECT count(*) FROM seed_typing t WHERE t.poll_id = NEW.id AND t.value = NEW.seed) < 2) BEGIN SELECT RAISE(ABORT, 'frozen: the seed of lots is set once, before the count, as two persons typed it'); END",
    "CREATE TRIGGER poll_keeps_why_it_stopped BEFORE UPDATE OF stop_reason ON poll FOR EACH ROW WHEN OLD.state IN ('cancelled', 'annulled') AND OLD.stop_reason IS NOT NEW.stop_reason BEGIN SELECT RAISE(ABORT, 'frozen: why a poll was cancelled or annulled stays as it was said'); END",
    "CREATE TRIGGER poll_never_goes_once_sealed BEFORE DELETE ON poll FOR EACH ROW WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'append_only: a sealed poll is never removed'); END",
    "CREATE TRIGGER poll_sealing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'sealed' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.seal' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: sealing needs the approval of a second person'); END",
    "CREATE TRIGGER poll_counting_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'counted' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.count' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: counting needs the approval of a second person'); END",
    "CREATE TRIGGER poll_publishing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'published' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.publish' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: publishing needs the approval of a second person'); END",
    "CREATE TRIGGER poll_cancelling_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'cancelled' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.cancel' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: cancelling needs the approval of a second person'); END",
    "CREATE TRIGGER poll_annulling_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'annulled' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.annul' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: annulling needs the approval of a second person'); END",
    "CREATE TRIGGER section_never_comes_once_sealed BEFORE INSERT ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER section_never_changes_once_sealed BEFORE UPDATE ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER section_never_goes_once_sealed BEFORE DELETE ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_comes_once_sealed BEFORE INSERT ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_changes_once_sealed BEFORE UPDATE ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_goes_once_sealed BEFORE DELETE ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER poll_pause_never_goes BEFORE DELETE ON poll_pause FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: a pause stays on record'); END",
    "CREATE TRIGGER poll_pause_is_frozen BEFORE UPDATE ON poll_pause FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.reason IS NOT NEW.reason OR OLD.paused_by IS NOT NEW.paused_by OR OLD.paused_at IS NOT NEW.paused_at) BEGIN SELECT RAISE(ABORT, 'frozen: poll_pause can no longer be changed'); END",
    "CREATE TRIGGER poll_pause_is_confirmed_and_lifted_once BEFORE UPDATE ON poll_pause FOR EACH ROW WHEN OLD.lifted_at IS NOT NULL OR (OLD.confirmed_by IS NOT NULL AND OLD.confirmed_by IS NOT NEW.confirmed_by) BEGIN SELECT RAISE(ABORT, 'frozen: a pause is confirmed once, before it is lifted, and lifted once'); END",
    "CREATE TRIGGER eligibility_never_changes BEFORE UPDATE ON eligibility FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows are never changed'); END",
    "CREATE TRIGGER eligibility_goes_only_with_a_cancelled_poll BEFORE DELETE ON eligibility FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows go only when the poll is cancelled'); END",
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation rows are never changed'); END",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no participation outside a sealed, receiving poll'); END",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_never_changes BEFORE UPDATE ON ballot FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows are never changed'); END",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no ballot outside a sealed, receiving poll'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_names_options_within_limits BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('single', 'approval', 'knapsack', 'ranked') THEN substr(NEW.choices, 1, 1) <> '[' OR (SELECT count(*) FROM (SELECT CASE m.type WHEN 'integer' THEN m.value END AS option_no FROM json_each(NEW.choices) m) e) NOT BETWEEN s.least AND s.most OR (SELECT count(DISTINCT o.no) FROM (SELECT CASE m.type WHEN 'integer' THEN m.value END AS option_no FROM json_each(NEW.choices) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) <> (SELECT count(*) FROM (SELECT CASE m.type WHEN 'integer' THEN m.value END AS option_no FROM json_each(NEW.choices) m) e) END)) BEGIN SELECT RAISE(ABORT, 'limits: a ballot names each option once, from its section, within least and most'); END",
    "CREATE TRIGGER ballot_judges_options_within_limits BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('score', 'points', 'questions') THEN substr(NEW.choices, 1, 1) <> '[' OR (SELECT count(*) FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e) NOT BETWEEN s.least AND s.most OR (SELECT count(DISTINCT o.no) FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) <> (SELECT count(*) FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e) OR EXISTS (SELECT 1 FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e WHERE e.parts <> 2) END)) BEGIN SELECT RAISE(ABORT, 'limits: a ballot judges each option once, from its section, within least and most'); END",
    "CREATE TRIGGER ballot_stays_within_the_budget BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('knapsack') THEN (SELECT coalesce(sum(o.cost), 0) FROM (SELECT CASE m.type WHEN 'integer' THEN m.value END AS option_no FROM json_each(NEW.choices) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) > s.budget END)) BEGIN SELECT RAISE(ABORT, 'limits: the chosen options cost more than the section allows'); END",
    "CREATE TRIGGER ballot_stays_on_the_scale BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('score') THEN EXISTS (SELECT 1 FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e WHERE e.said <> CAST(CAST(e.said AS INTEGER) AS TEXT) OR CAST(e.said AS INTEGER) NOT BETWEEN s.lowest AND s.highest) END)) BEGIN SELECT RAISE(ABORT, 'limits: a score lies outside the scale'); END",
    "CREATE TRIGGER ballot_hands_out_its_points BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('points') THEN EXISTS (SELECT 1 FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e WHERE e.said <> CAST(CAST(e.said AS INTEGER) AS TEXT) OR CAST(e.said AS INTEGER) < 1 OR CAST(e.said AS INTEGER) > coalesce(s.each_most, s.points)) OR (SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e) > s.points OR (s.spend_all AND (SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e) < s.points) END)) BEGIN SELECT RAISE(ABORT, 'limits: points are handed out in whole numbers, as many as there are'); END",
    "CREATE TRIGGER ballot_answers_in_known_words BEFORE INSERT ON ballot FOR EACH ROW WHEN EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('questions') THEN EXISTS (SELECT 1 FROM (SELECT CASE json_type(m.value, '$[0]') WHEN 'integer' THEN json_extract(m.value, '$[0]') END AS option_no, json_quote(json_extract(m.value, '$[1]')) AS said, json_array_length(m.value) AS parts FROM json_each(NEW.choices) m) e WHERE e.said NOT IN ('\"yes\"', '\"no\"', '\"abstain\"')) END)) BEGIN SELECT RAISE(ABORT, 'limits: an answer is yes, no or abstain'); END",
    "CREATE TRIGGER receipt_comes_while_open BEFORE INSERT ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no receipt outside a sealed, receiving poll'); END",
    "CREATE TRIGGER receipt_is_frozen BEFORE UPDATE ON receipt FOR EACH ROW WHEN (TRUE) AND (OLD.leaf IS NOT NEW.leaf OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.link_tag IS NOT NEW.link_tag OR OLD.nonce IS NOT NEW.nonce) BEGIN SELECT RAISE(ABORT, 'frozen: receipt can no longer be changed'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: ballot_final rows come only when they are counted'); END",
    "CREATE TRIGGER ballot_final_never_changes BEFORE UPDATE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never changed'); END",
    "CREATE TRIGGER ballot_final_never_goes BEFORE DELETE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never removed'); END",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count BEFORE INSERT ON receipt_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: receipt_final rows come only when they are counted'); END",
    "CREATE TRIGGER receipt_final_never_changes BEFORE UPDATE ON receipt_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: receipt_final rows are never changed'); END",
    "CREATE TRIGGER receipt_final_never_goes BEFORE DELETE ON receipt_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: receipt_final rows are never removed'); END",
    "CREATE TRIGGER participation_final_comes_only_at_the_count BEFORE INSERT ON participation_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: participation_final rows come only when they are counted'); END",
    "CREATE TRIGGER participation_final_never_changes BEFORE UPDATE ON participation_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation_final rows are never changed'); END",
    "CREATE TRIGGER participation_final_never_goes BEFORE DELETE ON participation_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation_final rows are never removed'); END",
    "CREATE TRIGGER log_head_never_changes BEFORE UPDATE ON log_head FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: log_head rows are never changed'); END",
    "CREATE TRIGGER log_head_never_goes BEFORE DELETE ON log_head FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: log_head rows are never removed'); END",
    "CREATE TRIGGER seed_typing_comes_before_the_seed BEFORE INSERT ON seed_typing FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT p.seed FROM poll p WHERE p.id = NEW.poll_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'closed: a drawn value is typed after the end, before it is settled'); END",
    "CREATE TRIGGER seed_typing_is_frozen BEFORE UPDATE ON seed_typing FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.person_id IS NOT NEW.person_id) BEGIN SELECT RAISE(ABORT, 'frozen: seed_typing can no longer be changed'); END",
    "CREATE TRIGGER seed_typing_is_corrected_before_the_seed BEFORE UPDATE ON seed_typing FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'working_up' OR (SELECT p.seed FROM poll p WHERE p.id = OLD.poll_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'frozen: a typed value is corrected by its person until two agree'); END",
    "CREATE TRIGGER seed_typing_never_goes BEFORE DELETE ON seed_typing FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: seed_typing rows are never removed'); END",
    "CREATE TRIGGER poll_result_never_changes BEFORE UPDATE ON poll_result FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_result rows are never changed'); END",
    "CREATE TRIGGER poll_result_never_goes BEFORE DELETE ON poll_result FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_result rows are never removed'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER poll_result_never_goes",
    "DROP TRIGGER poll_result_never_changes",
    "DROP TRIGGER seed_typing_never_goes",
    "DROP TRIGGER seed_typing_is_corrected_before_the_seed",
    "DROP TRIGGER seed_typing_is_frozen",
    "DROP TRIGGER seed_typing_comes_before_the_seed",
    "DROP TRIGGER log_head_never_goes",
    "DROP TRIGGER log_head_never_changes",
    "DROP TRIGGER participation_final_never_goes",
    "DROP TRIGGER participation_final_never_changes",
    "DROP TRIGGER participation_final_comes_only_at_the_count",
    "DROP TRIGGER receipt_final_never_goes",
    "DROP TRIGGER receipt_final_never_changes",
    "DROP TRIGGER receipt_final_comes_only_at_the_count",
    "DROP TRIGGER ballot_final_never_goes",
    "DROP TRIGGER ballot_final_never_changes",
    "DROP TRIGGER ballot_final_comes_only_at_the_count",
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER receipt_is_frozen",
    "DROP TRIGGER receipt_comes_while_open",
    "DROP TRIGGER ballot_answers_in_known_words",
    "DROP TRIGGER ballot_hands_out_its_points",
    "DROP TRIGGER ballot_stays_on_the_scale",
    "DROP TRIGGER ballot_stays_within_the_budget",
    "DROP TRIGGER ballot_judges_options_within_limits",
    "DROP TRIGGER ballot_names_options_within_limits",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER ballot_comes_while_open",
    "DROP TRIGGER ballot_never_changes",
    "DROP TRIGGER participation_goes_only_at_the_count",
    "DROP TRIGGER participation_comes_while_open",
    "DROP TRIGGER participation_never_changes",
    "DROP TRIGGER eligibility_goes_only_with_a_cancelled_poll",
    "DROP TRIGGER eligibility_never_changes",
    "DROP TRIGGER poll_pause_is_confirmed_and_lifted_once",
    "DROP TRIGGER poll_pause_is_frozen",
    "DROP TRIGGER poll_pause_never_goes",
    "DROP TRIGGER poll_option_never_goes_once_sealed",
    "DROP TRIGGER poll_option_never_changes_once_sealed",
    "DROP TRIGGER poll_option_never_comes_once_sealed",
    "DROP TRIGGER section_never_goes_once_sealed",
    "DROP TRIGGER section_never_changes_once_sealed",
    "DROP TRIGGER section_never_comes_once_sealed",
    "DROP TRIGGER poll_annulling_needs_two",
    "DROP TRIGGER poll_cancelling_needs_two",
    "DROP TRIGGER poll_publishing_needs_two",
    "DROP TRIGGER poll_counting_needs_two",
    "DROP TRIGGER poll_sealing_needs_two",
    "DROP TRIGGER poll_never_goes_once_sealed",
    "DROP TRIGGER poll_keeps_why_it_stopped",
    "DROP TRIGGER poll_seed_is_typed_once",
    "DROP TRIGGER poll_end_only_grows",
    "DROP TRIGGER poll_is_frozen",
    "DROP TRIGGER poll_state_steps",
    "DROP TRIGGER poll_begins_as_draft",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER poll_begins_as_draft BEFORE INSERT ON poll FOR EACH ROW WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'transition: a poll begins as a draft'); END",
    "CREATE TRIGGER poll_state_steps BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('sealed')) OR (OLD.state = 'sealed' AND NEW.state IN ('receiving', 'working_up')) OR (OLD.state = 'receiving' AND NEW.state IN ('working_up')) OR (OLD.state = 'working_up' AND NEW.state IN ('counted')) OR (OLD.state = 'counted' AND NEW.state IN ('published'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of poll.state'); END",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW WHEN (OLD.state <> 'draft') AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.title IS NOT NEW.title OR OLD.electorate IS NOT NEW.electorate OR OLD.needs IS NOT NEW.needs OR OLD.method IS NOT NEW.method OR OLD.publication IS NOT NEW.publication OR OLD.effect IS NOT NEW.effect OR OLD.decided_by IS NOT NEW.decided_by OR OLD.decision_due IS NOT NEW.decision_due OR OLD.result_due IS NOT NEW.result_due OR OLD.order_seed IS NOT NEW.order_seed OR OLD.rules IS NOT NEW.rules OR OLD.rules_hash IS NOT NEW.rules_hash OR OLD.opens_at IS NOT NEW.opens_at OR OLD.sealed_at IS NOT NEW.sealed_at) BEGIN SELECT RAISE(ABORT, 'frozen: poll can no longer be changed'); END",
    "CREATE TRIGGER poll_end_only_grows BEFORE UPDATE OF ends_at ON poll FOR EACH ROW WHEN OLD.state <> 'draft' AND OLD.ends_at <> NEW.ends_at AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving')) BEGIN SELECT RAISE(ABORT, 'frozen: the end of a sealed poll only grows, and only before the count'); END",
    "CREATE TRIGGER poll_never_goes_once_sealed BEFORE DELETE ON poll FOR EACH ROW WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'append_only: a sealed poll is never removed'); END",
    "CREATE TRIGGER poll_sealing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'sealed' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.seal' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: sealing needs the approval of a second person'); END",
    "CREATE TRIGGER poll_counting_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'counted' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.count' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: counting needs the approval of a second person'); END",
    "CREATE TRIGGER section_never_comes_once_sealed BEFORE INSERT ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER section_never_changes_once_sealed BEFORE UPDATE ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER section_never_goes_once_sealed BEFORE DELETE ON section FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: section of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_comes_once_sealed BEFORE INSERT ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_changes_once_sealed BEFORE UPDATE ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER poll_option_never_goes_once_sealed BEFORE DELETE ON poll_option FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: poll_option of a sealed poll'); END",
    "CREATE TRIGGER eligibility_never_changes BEFORE UPDATE ON eligibility FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows are never changed'); END",
    "CREATE TRIGGER eligibility_never_goes BEFORE DELETE ON eligibility FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows are never removed'); END",
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation rows are never changed'); END",
    "CREATE TRIGGER participation_never_goes BEFORE DELETE ON participation FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation rows are never removed'); END",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no participation outside a sealed, receiving poll'); END",
    "CREATE TRIGGER ballot_never_changes BEFORE UPDATE ON ballot FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows are never changed'); END",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no ballot outside a sealed, receiving poll'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted'); END",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: final ballots come only when they are counted'); END",
    "CREATE TRIGGER ballot_final_never_changes BEFORE UPDATE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never changed'); END",
    "CREATE TRIGGER ballot_final_never_goes BEFORE DELETE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never removed'); END",
    "CREATE TRIGGER poll_result_never_changes BEFORE UPDATE ON poll_result FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_result rows are never changed'); END",
    "CREATE TRIGGER poll_result_never_goes BEFORE DELETE ON poll_result FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_result rows are never removed'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER poll_result_never_goes",
    "DROP TRIGGER poll_result_never_changes",
    "DROP TRIGGER ballot_final_never_goes",
    "DROP TRIGGER ballot_final_never_changes",
    "DROP TRIGGER ballot_final_comes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER ballot_comes_while_open",
    "DROP TRIGGER ballot_never_changes",
    "DROP TRIGGER participation_comes_while_open",
    "DROP TRIGGER participation_never_goes",
    "DROP TRIGGER participation_never_changes",
    "DROP TRIGGER eligibility_never_goes",
    "DROP TRIGGER eligibility_never_changes",
    "DROP TRIGGER poll_option_never_goes_once_sealed",
    "DROP TRIGGER poll_option_never_changes_once_sealed",
    "DROP TRIGGER poll_option_never_comes_once_sealed",
    "DROP TRIGGER section_never_goes_once_sealed",
    "DROP TRIGGER section_never_changes_once_sealed",
    "DROP TRIGGER section_never_comes_once_sealed",
    "DROP TRIGGER poll_counting_needs_two",
    "DROP TRIGGER poll_sealing_needs_two",
    "DROP TRIGGER poll_never_goes_once_sealed",
    "DROP TRIGGER poll_end_only_grows",
    "DROP TRIGGER poll_is_frozen",
    "DROP TRIGGER poll_state_steps",
    "DROP TRIGGER poll_begins_as_draft",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION poll_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'transition: a poll begins as a draft' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_begins_as_draft BEFORE INSERT ON poll FOR EACH ROW EXECUTE FUNCTION poll_begins_as_draft()",
    "CREATE FUNCTION poll_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('sealed')) OR (OLD.state = 'sealed' AND NEW.state IN ('receiving', 'paused', 'working_up', 'cancelled')) OR (OLD.state = 'receiving' AND NEW.state IN ('paused', 'working_up', 'cancelled')) OR (OLD.state = 'paused' AND NEW.state IN ('receiving', 'cancelled')) OR (OLD.state = 'working_up' AND NEW.state IN ('counted', 'cancelled')) OR (OLD.state = 'counted' AND NEW.state IN ('published', 'annulled')) OR (OLD.state = 'published' AND NEW.state IN ('annulled'))) THEN RAISE EXCEPTION 'transition: no such step of poll.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_state_steps BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_state_steps()",
    "CREATE FUNCTION poll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state <> 'draft') AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.repeat_no IS DISTINCT FROM NEW.repeat_no OR OLD.repeats_id IS DISTINCT FROM NEW.repeats_id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.electorate IS DISTINCT FROM NEW.electorate OR OLD.needs IS DISTINCT FROM NEW.needs OR OLD.age_rule IS DISTINCT FROM NEW.age_rule OR OLD.age IS DISTINCT FROM NEW.age OR OLD.area_lock IS DISTINCT FROM NEW.area_lock OR OLD.areas_most IS DISTINCT FROM NEW.areas_most OR OLD.revote IS DISTINCT FROM NEW.revote OR OLD.publication IS DISTINCT FROM NEW.publication OR OLD.effect IS DISTINCT FROM NEW.effect OR OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decision_due IS DISTINCT FROM NEW.decision_due OR OLD.result_due IS DISTINCT FROM NEW.result_due OR OLD.order_seed IS DISTINCT FROM NEW.order_seed OR OLD.randomness_source IS DISTINCT FROM NEW.randomness_source OR OLD.randomness_shape IS DISTINCT FROM NEW.randomness_shape OR OLD.randomness_at IS DISTINCT FROM NEW.randomness_at OR OLD.signing_key IS DISTINCT FROM NEW.signing_key OR OLD.rules IS DISTINCT FROM NEW.rules OR OLD.rules_hash IS DISTINCT FROM NEW.rules_hash OR OLD.opens_at IS DISTINCT FROM NEW.opens_at OR OLD.sealed_at IS DISTINCT FROM NEW.sealed_at) THEN RAISE EXCEPTION 'frozen: poll can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION poll_is_frozen()",
    "CREATE FUNCTION poll_end_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' AND OLD.ends_at <> NEW.ends_at AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving', 'paused')) THEN RAISE EXCEPTION 'frozen: the end of a sealed poll only grows, and only before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_end_only_grows BEFORE UPDATE OF ends_at ON poll FOR EACH ROW EXECUTE FUNCTION poll_end_only_grows()",
    "CREATE FUNCTION poll_seed_is_typed_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.seed IS DISTINCT FROM NEW.seed AND (OLD.seed IS NOT NULL OR OLD.state <> 'working_up' OR (SELECT count(*) FROM seed_typing t WHERE t.poll_id = NEW.id AND t.value = NEW.seed) < 2) THEN RAISE EXCEPTION 'frozen: the seed of lots is set once, before the count, as two persons typed it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_seed_is_typed_once BEFORE UPDATE OF seed ON poll FOR EACH ROW EXECUTE FUNCTION poll_seed_is_typed_once()",
    "CREATE FUNCTION poll_keeps_why_it_stopped() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state IN ('cancelled', 'annulled') AND OLD.stop_reason IS DISTINCT FROM NEW.stop_reason THEN RAISE EXCEPTION 'frozen: why a poll was cancelled or annulled stays as it was said' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_keeps_why_it_stopped BEFORE UPDATE OF stop_reason ON poll FOR EACH ROW EXECUTE FUNCTION poll_keeps_why_it_stopped()",
    "CREATE FUNCTION poll_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'append_only: a sealed poll is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_never_goes_once_sealed BEFORE DELETE ON poll FOR EACH ROW EXECUTE FUNCTION poll_never_goes_once_sealed()",
    "CREATE FUNCTION poll_sealing_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'sealed' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.seal' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: sealing needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_sealing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_sealing_needs_two()",
    "CREATE FUNCTION poll_counting_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'counted' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.count' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: counting needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_counting_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_counting_needs_two()",
    "CREATE FUNCTION poll_publishing_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'published' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.publish' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: publishing needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_publishing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_publishing_needs_two()",
    "CREATE FUNCTION poll_cancelling_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'cancelled' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.cancel' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: cancelling needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_cancelling_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_cancelling_needs_two()",
    "CREATE FUNCTION poll_annulling_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'annulled' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.annul' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: annulling needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_annulling_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_annulling_needs_two()",
    "CREATE FUNCTION section_never_comes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER section_never_comes_once_sealed BEFORE INSERT ON section FOR EACH ROW EXECUTE FUNCTION section_never_comes_once_sealed()",
    "CREATE FUNCTION section_never_changes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER section_never_changes_once_sealed BEFORE UPDATE ON section FOR EACH ROW EXECUTE FUNCTION section_never_changes_once_sealed()",
    "CREATE FUNCTION section_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER section_never_goes_once_sealed BEFORE DELETE ON section FOR EACH ROW EXECUTE FUNCTION section_never_goes_once_sealed()",
    "CREATE FUNCTION poll_option_never_comes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_option_never_comes_once_sealed BEFORE INSERT ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_comes_once_sealed()",
    "CREATE FUNCTION poll_option_never_changes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_option_never_changes_once_sealed BEFORE UPDATE ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_changes_once_sealed()",
    "CREATE FUNCTION poll_option_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_option_never_goes_once_sealed BEFORE DELETE ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_goes_once_sealed()",
    "CREATE FUNCTION poll_pause_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: a pause stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_pause_never_goes BEFORE DELETE ON poll_pause FOR EACH ROW EXECUTE FUNCTION poll_pause_never_goes()",
    "CREATE FUNCTION poll_pause_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.paused_by IS DISTINCT FROM NEW.paused_by OR OLD.paused_at IS DISTINCT FROM NEW.paused_at) THEN RAISE EXCEPTION 'frozen: poll_pause can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_pause_is_frozen BEFORE UPDATE ON poll_pause FOR EACH ROW EXECUTE FUNCTION poll_pause_is_frozen()",
    "CREATE FUNCTION poll_pause_is_confirmed_and_lifted_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.lifted_at IS NOT NULL OR (OLD.confirmed_by IS NOT NULL AND OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by) THEN RAISE EXCEPTION 'frozen: a pause is confirmed once, before it is lifted, and lifted once' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_pause_is_confirmed_and_lifted_once BEFORE UPDATE ON poll_pause FOR EACH ROW EXECUTE FUNCTION poll_pause_is_confirmed_and_lifted_once()",
    "CREATE FUNCTION eligibility_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: eligibility rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER eligibility_never_changes BEFORE UPDATE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_never_changes()",
    "CREATE FUNCTION eligibility_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: eligibility rows go only when the poll is cancelled' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER eligibility_goes_only_with_a_cancelled_poll BEFORE DELETE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_goes_only_with_a_cancelled_poll()",
    "CREATE FUNCTION participation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW EXECUTE FUNCTION participation_never_changes()",
    "CREATE FUNCTION participation_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no participation outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW EXECUTE FUNCTION participation_comes_while_open()",
    "CREATE FUNCTION participation_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: participation rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_never_changes BEFORE UPDATE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_never_changes()",
    "CREATE FUNCTION ballot_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no ballot outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_comes_while_open()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_names_options_within_limits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('single', 'approval', 'knapsack', 'ranked') THEN substr(NEW.choices, 1, 1) <> '[' OR (SELECT count(*) FROM (SELECT m.value::text::integer AS option_no FROM jsonb_array_elements(NEW.choices::jsonb) m) e) NOT BETWEEN s.least AND s.most OR (SELECT count(DISTINCT o.no) FROM (SELECT m.value::text::integer AS option_no FROM jsonb_array_elements(NEW.choices::jsonb) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) <> (SELECT count(*) FROM (SELECT m.value::text::integer AS option_no FROM jsonb_array_elements(NEW.choices::jsonb) m) e) END)) THEN RAISE EXCEPTION 'limits: a ballot names each option once, from its section, within least and most' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_names_options_within_limits BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_names_options_within_limits()",
    "CREATE FUNCTION ballot_judges_options_within_limits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('score', 'points', 'questions') THEN substr(NEW.choices, 1, 1) <> '[' OR (SELECT count(*) FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e) NOT BETWEEN s.least AND s.most OR (SELECT count(DISTINCT o.no) FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) <> (SELECT count(*) FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e) OR EXISTS (SELECT 1 FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e WHERE e.parts <> 2) END)) THEN RAISE EXCEPTION 'limits: a ballot judges each option once, from its section, within least and most' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_judges_options_within_limits BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_judges_options_within_limits()",
    "CREATE FUNCTION ballot_stays_within_the_budget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('knapsack') THEN (SELECT coalesce(sum(o.cost), 0) FROM (SELECT m.value::text::integer AS option_no FROM jsonb_array_elements(NEW.choices::jsonb) m) e JOIN poll_option o ON o.poll_id = s.poll_id AND o.section_no = s.no AND o.no = e.option_no) > s.budget END)) THEN RAISE EXCEPTION 'limits: the chosen options cost more than the section allows' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_stays_within_the_budget BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_stays_within_the_budget()",
    "CREATE FUNCTION ballot_stays_on_the_scale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('score') THEN EXISTS (SELECT 1 FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e WHERE e.said <> CAST(CAST(e.said AS INTEGER) AS TEXT) OR CAST(e.said AS INTEGER) NOT BETWEEN s.lowest AND s.highest) END)) THEN RAISE EXCEPTION 'limits: a score lies outside the scale' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_stays_on_the_scale BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_stays_on_the_scale()",
    "CREATE FUNCTION ballot_hands_out_its_points() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('points') THEN EXISTS (SELECT 1 FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e WHERE e.said <> CAST(CAST(e.said AS INTEGER) AS TEXT) OR CAST(e.said AS INTEGER) < 1 OR CAST(e.said AS INTEGER) > coalesce(s.each_most, s.points)) OR (SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e) > s.points OR (s.spend_all AND (SELECT coalesce(sum(CAST(e.said AS INTEGER)), 0) FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e) < s.points) END)) THEN RAISE EXCEPTION 'limits: points are handed out in whole numbers, as many as there are' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_hands_out_its_points BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_hands_out_its_points()",
    "CREATE FUNCTION ballot_answers_in_known_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM section s WHERE s.poll_id = NEW.poll_id AND s.no = NEW.section_no AND (CASE WHEN s.kind IN ('questions') THEN EXISTS (SELECT 1 FROM (SELECT (m.value->0)::text::integer AS option_no, (m.value->1)::text AS said, jsonb_array_length(m.value) AS parts FROM jsonb_array_elements(NEW.choices::jsonb) m) e WHERE e.said NOT IN ('\"yes\"', '\"no\"', '\"abstain\"')) END)) THEN RAISE EXCEPTION 'limits: an answer is yes, no or abstain' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_answers_in_known_words BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_answers_in_known_words()",
    "CREATE FUNCTION receipt_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no receipt outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_comes_while_open BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_comes_while_open()",
    "CREATE FUNCTION receipt_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.leaf IS DISTINCT FROM NEW.leaf OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.link_tag IS DISTINCT FROM NEW.link_tag OR OLD.nonce IS DISTINCT FROM NEW.nonce) THEN RAISE EXCEPTION 'frozen: receipt can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_is_frozen BEFORE UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_frozen()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: ballot_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_comes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot_final rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_final_never_changes BEFORE UPDATE ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_never_changes()",
    "CREATE FUNCTION ballot_final_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot_final rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_final_never_goes BEFORE DELETE ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_never_goes()",
    "CREATE FUNCTION receipt_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: receipt_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count BEFORE INSERT ON receipt_final FOR EACH ROW EXECUTE FUNCTION receipt_final_comes_only_at_the_count()",
    "CREATE FUNCTION receipt_final_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: receipt_final rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_final_never_changes BEFORE UPDATE ON receipt_final FOR EACH ROW EXECUTE FUNCTION receipt_final_never_changes()",
    "CREATE FUNCTION receipt_final_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: receipt_final rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_final_never_goes BEFORE DELETE ON receipt_final FOR EACH ROW EXECUTE FUNCTION receipt_final_never_goes()",
    "CREATE FUNCTION participation_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: participation_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_final_comes_only_at_the_count BEFORE INSERT ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_comes_only_at_the_count()",
    "CREATE FUNCTION participation_final_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation_final rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_final_never_changes BEFORE UPDATE ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_never_changes()",
    "CREATE FUNCTION participation_final_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation_final rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_final_never_goes BEFORE DELETE ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_never_goes()",
    "CREATE FUNCTION log_head_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: log_head rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER log_head_never_changes BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION log_head_never_changes()",
    "CREATE FUNCTION log_head_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: log_head rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER log_head_never_goes BEFORE DELETE ON log_head FOR EACH ROW EXECUTE FUNCTION log_head_never_goes()",
    "CREATE FUNCTION seed_typing_comes_before_the_seed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT p.seed FROM poll p WHERE p.id = NEW.poll_id) IS NOT NULL THEN RAISE EXCEPTION 'closed: a drawn value is typed after the end, before it is settled' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER seed_typing_comes_before_the_seed BEFORE INSERT ON seed_typing FOR EACH ROW EXECUTE FUNCTION seed_typing_comes_before_the_seed()",
    "CREATE FUNCTION seed_typing_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.person_id IS DISTINCT FROM NEW.person_id) THEN RAISE EXCEPTION 'frozen: seed_typing can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER seed_typing_is_frozen BEFORE UPDATE ON seed_typing FOR EACH ROW EXECUTE FUNCTION seed_typing_is_frozen()",
    "CREATE FUNCTION seed_typing_is_corrected_before_the_seed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'working_up' OR (SELECT p.seed FROM poll p WHERE p.id = OLD.poll_id) IS NOT NULL THEN RAISE EXCEPTION 'frozen: a typed value is corrected by its person until two agree' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER seed_typing_is_corrected_before_the_seed BEFORE UPDATE ON seed_typing FOR EACH ROW EXECUTE FUNCTION seed_typing_is_corrected_before_the_seed()",
    "CREATE FUNCTION seed_typing_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: seed_typing rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER seed_typing_never_goes BEFORE DELETE ON seed_typing FOR EACH ROW EXECUTE FUNCTION seed_typing_never_goes()",
    "CREATE FUNCTION poll_result_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_result rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_result_never_changes BEFORE UPDATE ON poll_result FOR EACH ROW EXECUTE FUNCTION poll_result_never_changes()",
    "CREATE FUNCTION poll_result_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_result rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_result_never_goes BEFORE DELETE ON poll_result FOR EACH ROW EXECUTE FUNCTION poll_result_never_goes()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER poll_result_never_goes ON poll_result",
    "DROP FUNCTION poll_result_never_goes()",
    "DROP TRIGGER poll_result_never_changes ON poll_result",
    "DROP FUNCTION poll_result_never_changes()",
    "DROP TRIGGER seed_typing_never_goes ON seed_typing",
    "DROP FUNCTION seed_typing_never_goes()",
    "DROP TRIGGER seed_typing_is_corrected_before_the_seed ON seed_typing",
    "DROP FUNCTION seed_typing_is_corrected_before_the_seed()",
    "DROP TRIGGER seed_typing_is_frozen ON seed_typing",
    "DROP FUNCTION seed_typing_is_frozen()",
    "DROP TRIGGER seed_typing_comes_before_the_seed ON seed_typing",
    "DROP FUNCTION seed_typing_comes_before_the_seed()",
    "DROP TRIGGER log_head_never_goes ON log_head",
    "DROP FUNCTION log_head_never_goes()",
    "DROP TRIGGER log_head_never_changes ON log_head",
    "DROP FUNCTION log_head_never_changes()",
    "DROP TRIGGER participation_final_never_goes ON participation_final",
    "DROP FUNCTION participation_final_never_goes()",
    "DROP TRIGGER participation_final_never_changes ON participation_final",
    "DROP FUNCTION participation_final_never_changes()",
    "DROP TRIGGER participation_final_comes_only_at_the_count ON participation_final",
    "DROP FUNCTION participation_final_comes_only_at_the_count()",
    "DROP TRIGGER receipt_final_never_goes ON receipt_final",
    "DROP FUNCTION receipt_final_never_goes()",
    "DROP TRIGGER receipt_final_never_changes ON receipt_final",
    "DROP FUNCTION receipt_final_never_changes()",
    "DROP TRIGGER receipt_final_comes_only_at_the_count ON receipt_final",
    "DROP FUNCTION receipt_final_comes_only_at_the_count()",
    "DROP TRIGGER ballot_final_never_goes ON ballot_final",
    "DROP FUNCTION ballot_final_never_goes()",
    "DROP TRIGGER ballot_final_never_changes ON ballot_final",
    "DROP FUNCTION ballot_final_never_changes()",
    "DROP TRIGGER ballot_final_comes_only_at_the_count ON ballot_final",
    "DROP FUNCTION ballot_final_comes_only_at_the_count()",
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER receipt_is_frozen ON receipt",
    "DROP FUNCTION receipt_is_frozen()",
    "DROP TRIGGER receipt_comes_while_open ON receipt",
    "DROP FUNCTION receipt_comes_while_open()",
    "DROP TRIGGER ballot_answers_in_known_words ON ballot",
    "DROP FUNCTION ballot_answers_in_known_words()",
    "DROP TRIGGER ballot_hands_out_its_points ON ballot",
    "DROP FUNCTION ballot_hands_out_its_points()",
    "DROP TRIGGER ballot_stays_on_the_scale ON ballot",
    "DROP FUNCTION ballot_stays_on_the_scale()",
    "DROP TRIGGER ballot_stays_within_the_budget ON ballot",
    "DROP FUNCTION ballot_stays_within_the_budget()",
    "DROP TRIGGER ballot_judges_options_within_limits ON ballot",
    "DROP FUNCTION ballot_judges_options_within_limits()",
    "DROP TRIGGER ballot_names_options_within_limits ON ballot",
    "DROP FUNCTION ballot_names_options_within_limits()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER ballot_comes_while_open ON ballot",
    "DROP FUNCTION ballot_comes_while_open()",
    "DROP TRIGGER ballot_never_changes ON ballot",
    "DROP FUNCTION ballot_never_changes()",
    "DROP TRIGGER participation_goes_only_at_the_count ON participation",
    "DROP FUNCTION participation_goes_only_at_the_count()",
    "DROP TRIGGER participation_comes_while_open ON participation",
    "DROP FUNCTION participation_comes_while_open()",
    "DROP TRIGGER participation_never_changes ON participation",
    "DROP FUNCTION participation_never_changes()",
    "DROP TRIGGER eligibility_goes_only_with_a_cancelled_poll ON eligibility",
    "DROP FUNCTION eligibility_goes_only_with_a_cancelled_poll()",
    "DROP TRIGGER eligibility_never_changes ON eligibility",
    "DROP FUNCTION eligibility_never_changes()",
    "DROP TRIGGER poll_pause_is_confirmed_and_lifted_once ON poll_pause",
    "DROP FUNCTION poll_pause_is_confirmed_and_lifted_once()",
    "DROP TRIGGER poll_pause_is_frozen ON poll_pause",
    "DROP FUNCTION poll_pause_is_frozen()",
    "DROP TRIGGER poll_pause_never_goes ON poll_pause",
    "DROP FUNCTION poll_pause_never_goes()",
    "DROP TRIGGER poll_option_never_goes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_goes_once_sealed()",
    "DROP TRIGGER poll_option_never_changes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_changes_once_sealed()",
    "DROP TRIGGER poll_option_never_comes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_comes_once_sealed()",
    "DROP TRIGGER section_never_goes_once_sealed ON section",
    "DROP FUNCTION section_never_goes_once_sealed()",
    "DROP TRIGGER section_never_changes_once_sealed ON section",
    "DROP FUNCTION section_never_changes_once_sealed()",
    "DROP TRIGGER section_never_comes_once_sealed ON section",
    "DROP FUNCTION section_never_comes_once_sealed()",
    "DROP TRIGGER poll_annulling_needs_two ON poll",
    "DROP FUNCTION poll_annulling_needs_two()",
    "DROP TRIGGER poll_cancelling_needs_two ON poll",
    "DROP FUNCTION poll_cancelling_needs_two()",
    "DROP TRIGGER poll_publishing_needs_two ON poll",
    "DROP FUNCTION poll_publishing_needs_two()",
    "DROP TRIGGER poll_counting_needs_two ON poll",
    "DROP FUNCTION poll_counting_needs_two()",
    "DROP TRIGGER poll_sealing_needs_two ON poll",
    "DROP FUNCTION poll_sealing_needs_two()",
    "DROP TRIGGER poll_never_goes_once_sealed ON poll",
    "DROP FUNCTION poll_never_goes_once_sealed()",
    "DROP TRIGGER poll_keeps_why_it_stopped ON poll",
    "DROP FUNCTION poll_keeps_why_it_stopped()",
    "DROP TRIGGER poll_seed_is_typed_once ON poll",
    "DROP FUNCTION poll_seed_is_typed_once()",
    "DROP TRIGGER poll_end_only_grows ON poll",
    "DROP FUNCTION poll_end_only_grows()",
    "DROP TRIGGER poll_is_frozen ON poll",
    "DROP FUNCTION poll_is_frozen()",
    "DROP TRIGGER poll_state_steps ON poll",
    "DROP FUNCTION poll_state_steps()",
    "DROP TRIGGER poll_begins_as_draft ON poll",
    "DROP FUNCTION poll_begins_as_draft()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION poll_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'transition: a poll begins as a draft' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_begins_as_draft BEFORE INSERT ON poll FOR EACH ROW EXECUTE FUNCTION poll_begins_as_draft()",
    "CREATE FUNCTION poll_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('sealed')) OR (OLD.state = 'sealed' AND NEW.state IN ('receiving', 'working_up')) OR (OLD.state = 'receiving' AND NEW.state IN ('working_up')) OR (OLD.state = 'working_up' AND NEW.state IN ('counted')) OR (OLD.state = 'counted' AND NEW.state IN ('published'))) THEN RAISE EXCEPTION 'transition: no such step of poll.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_state_steps BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_state_steps()",
    "CREATE FUNCTION poll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state <> 'draft') AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.electorate IS DISTINCT FROM NEW.electorate OR OLD.needs IS DISTINCT FROM NEW.needs OR OLD.method IS DISTINCT FROM NEW.method OR OLD.publication IS DISTINCT FROM NEW.publication OR OLD.effect IS DISTINCT FROM NEW.effect OR OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decision_due IS DISTINCT FROM NEW.decision_due OR OLD.result_due IS DISTINCT FROM NEW.result_due OR OLD.order_seed IS DISTINCT FROM NEW.order_seed OR OLD.rules IS DISTINCT FROM NEW.rules OR OLD.rules_hash IS DISTINCT FROM NEW.rules_hash OR OLD.opens_at IS DISTINCT FROM NEW.opens_at OR OLD.sealed_at IS DISTINCT FROM NEW.sealed_at) THEN RAISE EXCEPTION 'frozen: poll can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION poll_is_frozen()",
    "CREATE FUNCTION poll_end_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' AND OLD.ends_at <> NEW.ends_at AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving')) THEN RAISE EXCEPTION 'frozen: the end of a sealed poll only grows, and only before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_end_only_grows BEFORE UPDATE OF ends_at ON poll FOR EACH ROW EXECUTE FUNCTION poll_end_only_grows()",
    "CREATE FUNCTION poll_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'append_only: a sealed poll is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_never_goes_once_sealed BEFORE DELETE ON poll FOR EACH ROW EXECUTE FUNCTION poll_never_goes_once_sealed()",
    "CREATE FUNCTION poll_sealing_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'sealed' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.seal' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: sealing needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_sealing_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_sealing_needs_two()",
    "CREATE FUNCTION poll_counting_needs_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'counted' AND OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.count' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: counting needs the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_counting_needs_two BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_counting_needs_two()",
    "CREATE FUNCTION section_never_comes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER section_never_comes_once_sealed BEFORE INSERT ON section FOR EACH ROW EXECUTE FUNCTION section_never_comes_once_sealed()",
    "CREATE FUNCTION section_never_changes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER section_never_changes_once_sealed BEFORE UPDATE ON section FOR EACH ROW EXECUTE FUNCTION section_never_changes_once_sealed()",
    "CREATE FUNCTION section_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: section of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER section_never_goes_once_sealed BEFORE DELETE ON section FOR EACH ROW EXECUTE FUNCTION section_never_goes_once_sealed()",
    "CREATE FUNCTION poll_option_never_comes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_option_never_comes_once_sealed BEFORE INSERT ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_comes_once_sealed()",
    "CREATE FUNCTION poll_option_never_changes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_option_never_changes_once_sealed BEFORE UPDATE ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_changes_once_sealed()",
    "CREATE FUNCTION poll_option_never_goes_once_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'draft' THEN RAISE EXCEPTION 'frozen: poll_option of a sealed poll' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_option_never_goes_once_sealed BEFORE DELETE ON poll_option FOR EACH ROW EXECUTE FUNCTION poll_option_never_goes_once_sealed()",
    "CREATE FUNCTION eligibility_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: eligibility rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER eligibility_never_changes BEFORE UPDATE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_never_changes()",
    "CREATE FUNCTION eligibility_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: eligibility rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER eligibility_never_goes BEFORE DELETE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_never_goes()",
    "CREATE FUNCTION participation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW EXECUTE FUNCTION participation_never_changes()",
    "CREATE FUNCTION participation_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_never_goes BEFORE DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_never_goes()",
    "CREATE FUNCTION participation_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no participation outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW EXECUTE FUNCTION participation_comes_while_open()",
    "CREATE FUNCTION ballot_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_never_changes BEFORE UPDATE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_never_changes()",
    "CREATE FUNCTION ballot_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no ballot outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_comes_while_open BEFORE INSERT ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_comes_while_open()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: final ballots come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_comes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot_final rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_final_never_changes BEFORE UPDATE ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_never_changes()",
    "CREATE FUNCTION ballot_final_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: ballot_final rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_final_never_goes BEFORE DELETE ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_never_goes()",
    "CREATE FUNCTION poll_result_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_result rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_result_never_changes BEFORE UPDATE ON poll_result FOR EACH ROW EXECUTE FUNCTION poll_result_never_changes()",
    "CREATE FUNCTION poll_result_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_result rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_result_never_goes BEFORE DELETE ON poll_result FOR EACH ROW EXECUTE FUNCTION poll_result_never_goes()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER poll_result_never_goes ON poll_result",
    "DROP FUNCTION poll_result_never_goes()",
    "DROP TRIGGER poll_result_never_changes ON poll_result",
    "DROP FUNCTION poll_result_never_changes()",
    "DROP TRIGGER ballot_final_never_goes ON ballot_final",
    "DROP FUNCTION ballot_final_never_goes()",
    "DROP TRIGGER ballot_final_never_changes ON ballot_final",
    "DROP FUNCTION ballot_final_never_changes()",
    "DROP TRIGGER ballot_final_comes_only_at_the_count ON ballot_final",
    "DROP FUNCTION ballot_final_comes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER ballot_comes_while_open ON ballot",
    "DROP FUNCTION ballot_comes_while_open()",
    "DROP TRIGGER ballot_never_changes ON ballot",
    "DROP FUNCTION ballot_never_changes()",
    "DROP TRIGGER participation_comes_while_open ON participation",
    "DROP FUNCTION participation_comes_while_open()",
    "DROP TRIGGER participation_never_goes ON participation",
    "DROP FUNCTION participation_never_goes()",
    "DROP TRIGGER participation_never_changes ON participation",
    "DROP FUNCTION participation_never_changes()",
    "DROP TRIGGER eligibility_never_goes ON eligibility",
    "DROP FUNCTION eligibility_never_goes()",
    "DROP TRIGGER eligibility_never_changes ON eligibility",
    "DROP FUNCTION eligibility_never_changes()",
    "DROP TRIGGER poll_option_never_goes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_goes_once_sealed()",
    "DROP TRIGGER poll_option_never_changes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_changes_once_sealed()",
    "DROP TRIGGER poll_option_never_comes_once_sealed ON poll_option",
    "DROP FUNCTION poll_option_never_comes_once_sealed()",
    "DROP TRIGGER section_never_goes_once_sealed ON section",
    "DROP FUNCTION section_never_goes_once_sealed()",
    "DROP TRIGGER section_never_changes_once_sealed ON section",
    "DROP FUNCTION section_never_changes_once_sealed()",
    "DROP TRIGGER section_never_comes_once_sealed ON section",
    "DROP FUNCTION section_never_comes_once_sealed()",
    "DROP TRIGGER poll_counting_needs_two ON poll",
    "DROP FUNCTION poll_counting_needs_two()",
    "DROP TRIGGER poll_sealing_needs_two ON poll",
    "DROP FUNCTION poll_sealing_needs_two()",
    "DROP TRIGGER poll_never_goes_once_sealed ON poll",
    "DROP FUNCTION poll_never_goes_once_sealed()",
    "DROP TRIGGER poll_end_only_grows ON poll",
    "DROP FUNCTION poll_end_only_grows()",
    "DROP TRIGGER poll_is_frozen ON poll",
    "DROP FUNCTION poll_is_frozen()",
    "DROP TRIGGER poll_state_steps ON poll",
    "DROP FUNCTION poll_state_steps()",
    "DROP TRIGGER poll_begins_as_draft ON poll",
    "DROP FUNCTION poll_begins_as_draft()",
)


def upgrade() -> None:
    _refuse_while_people_vote()
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    _grow_polls()
    _grow_sections()
    with op.batch_alter_table("poll_option") as batch:
        batch.alter_column("subject_kind", existing_type=sa.Text(), nullable=True)
        batch.alter_column("subject_id", existing_type=sa.Integer(), nullable=True)
        batch.create_check_constraint(
            op.f("ck_poll_option_subject"), "(subject_kind IS NULL) = (subject_id IS NULL)"
        )
    with op.batch_alter_table("participation") as batch:
        batch.drop_constraint(op.f("ck_participation_channel"), type_="check")
        batch.create_check_constraint(op.f("ck_participation_channel"), CHANNELS)
    op.create_index(
        "ix_ballot_once_a_section", "ballot", ["poll_id", "section_no", "link_tag"], unique=True
    )
    op.create_index(
        "ix_participation_once_a_form", "participation", ["poll_id", "idem_hash"], unique=True
    )
    op.add_column("ballot_final", sa.Column("leaf", sa.Text(), nullable=True))
    _create_tables()
    _move_participations()
    _reshape_results()
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    op.execute(
        "INSERT INTO participation (tenant_id, poll_id, person_key, channel, day, idem_hash) "
        "SELECT tenant_id, poll_id, person_key, channel, day, person_key FROM participation_final"
    )
    _shape_results_back()
    for table in ("seed_typing", "poll_pause", "log_head"):
        op.drop_index(op.f(f"ix_{table}_tenant_id"), table_name=table)
        op.drop_table(table)
    op.drop_table("participation_final")
    op.drop_index("ix_receipt_final_poll", table_name="receipt_final")
    op.drop_table("receipt_final")
    op.drop_index("ix_receipt_once", table_name="receipt")
    op.drop_table("receipt")
    op.drop_column("ballot_final", "leaf")
    op.drop_index("ix_participation_once_a_form", table_name="participation")
    op.drop_index("ix_ballot_once_a_section", table_name="ballot")
    with op.batch_alter_table("participation") as batch:
        batch.drop_constraint(op.f("ck_participation_channel"), type_="check")
        batch.create_check_constraint(op.f("ck_participation_channel"), "channel IN ('web')")
    with op.batch_alter_table("poll_option") as batch:
        batch.drop_constraint(op.f("ck_poll_option_subject"), type_="check")
        batch.alter_column("subject_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("subject_kind", existing_type=sa.Text(), nullable=False)
    _shrink_sections()
    _shrink_polls()
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))


def _refuse_while_people_vote() -> None:
    """Votes that came in without a receipt could be counted by neither version's rules."""
    going_on = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM participation p JOIN poll ON poll.id = p.poll_id "
            "WHERE poll.state IN ('sealed', 'receiving', 'working_up')"
        )
    )
    if going_on:
        raise RuntimeError("Count the votes that are going on first: they have no receipts.")


def _refuse_what_has_no_place_before() -> None:
    found = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM poll WHERE state IN ('paused', 'cancelled', 'annulled') "
            "OR electorate <> 'residents' OR publication <> 'totals' OR repeat_no > 0 "
            "OR id IN (SELECT poll_id FROM receipt) "
            "OR id IN (SELECT poll_id FROM section WHERE kind <> 'approval')"
        )
    )
    if found:
        raise RuntimeError("Votes of the ballot box cannot be kept in the tables before it.")


def _grow_polls() -> None:
    with op.batch_alter_table("poll") as batch:
        for name, kind in (
            ("repeats_id", sa.Integer()),
            ("age", sa.Integer()),
            ("randomness_at", sa.DateTime(timezone=True)),
            ("seed", sa.Text()),
        ):
            batch.add_column(sa.Column(name, kind, nullable=True))
        for name, kind, value in (
            ("repeat_no", sa.Integer(), "0"),
            ("stop_reason", sa.Text(), ""),
            ("age_rule", sa.Text(), "none"),
            ("area_lock", sa.Text(), "home"),
            ("areas_most", sa.Integer(), "1"),
            ("revote", sa.Boolean(), sa.false()),
            ("randomness_source", sa.Text(), ""),
            ("randomness_shape", sa.Text(), ""),
            ("signing_key", sa.Text(), ""),
        ):
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        batch.drop_constraint(op.f("uq_poll_tenant_id_subject_kind_subject_id"), type_="unique")
        for name in ("state", "electorate", "publication"):
            batch.drop_constraint(op.f(f"ck_poll_{name}"), type_="check")
    with op.batch_alter_table("poll") as batch:
        for name in (
            "repeat_no",
            "stop_reason",
            "age_rule",
            "area_lock",
            "areas_most",
            "revote",
            "randomness_source",
            "randomness_shape",
            "signing_key",
        ):
            batch.alter_column(name, server_default=None)
        batch.create_unique_constraint(
            op.f("uq_poll_tenant_id_subject_kind_subject_id_repeat_no"),
            ["tenant_id", "subject_kind", "subject_id", "repeat_no"],
        )
        batch.create_foreign_key(
            op.f("fk_poll_tenant_id_repeats_id"),
            "poll",
            ["tenant_id", "repeats_id"],
            ["tenant_id", "id"],
        )
        for name, rule in (
            ("state", STATES),
            ("electorate", ELECTORATES),
            ("publication", PUBLICATIONS),
            ("age_rule", "age_rule IN ('none', 'alone', 'guardian')"),
            ("area_lock", "area_lock IN ('home', 'chosen')"),
            ("age", "(age_rule = 'none') = (age IS NULL)"),
            ("areas", "1 <= areas_most"),
            ("repeats", "(repeat_no = 0) = (repeats_id IS NULL)"),
            (
                "stopped_has_reason",
                "state NOT IN ('paused', 'cancelled', 'annulled') OR length(stop_reason) >= 10",
            ),
        ):
            batch.create_check_constraint(op.f(f"ck_poll_{name}"), rule)


def _shrink_polls() -> None:
    with op.batch_alter_table("poll") as batch:
        for name in (
            "age_rule",
            "area_lock",
            "age",
            "areas",
            "repeats",
            "stopped_has_reason",
            "state",
            "electorate",
            "publication",
        ):
            batch.drop_constraint(op.f(f"ck_poll_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_poll_tenant_id_repeats_id"), type_="foreignkey")
        batch.drop_constraint(
            op.f("uq_poll_tenant_id_subject_kind_subject_id_repeat_no"), type_="unique"
        )
        batch.create_check_constraint(op.f("ck_poll_state"), FORMER_STATES)
        batch.create_check_constraint(op.f("ck_poll_electorate"), "electorate IN ('residents')")
        batch.create_check_constraint(op.f("ck_poll_publication"), "publication IN ('totals')")
        batch.create_unique_constraint(
            op.f("uq_poll_tenant_id_subject_kind_subject_id"),
            ["tenant_id", "subject_kind", "subject_id"],
        )
        for name in (
            "repeats_id",
            "age",
            "randomness_at",
            "seed",
            "repeat_no",
            "stop_reason",
            "age_rule",
            "area_lock",
            "areas_most",
            "revote",
            "randomness_source",
            "randomness_shape",
            "signing_key",
        ):
            batch.drop_column(name)


def _grow_sections() -> None:
    """Give each section the method that its poll had."""
    with op.batch_alter_table("section") as batch:
        for name, kind in (
            ("area_id", sa.Integer()),
            ("method", sa.Text()),
            ("lowest", sa.Integer()),
            ("highest", sa.Integer()),
            ("points", sa.Integer()),
            ("each_most", sa.Integer()),
            ("budget", sa.BigInteger()),
        ):
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.add_column(
            sa.Column("spend_all", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("terms", sa.Text(), nullable=False, server_default="{}"))
    op.execute(
        "UPDATE section SET method = (SELECT poll.method FROM poll WHERE poll.id = section.poll_id)"
    )
    with op.batch_alter_table("section") as batch:
        batch.alter_column("method", existing_type=sa.Text(), nullable=False)
        batch.alter_column("spend_all", server_default=None)
        batch.alter_column("terms", server_default=None)
        batch.create_foreign_key(
            op.f("fk_section_tenant_id_area_id"),
            "area",
            ["tenant_id", "area_id"],
            ["tenant_id", "id"],
        )
        for name, rule in SECTION_CHECKS:
            batch.create_check_constraint(op.f(f"ck_section_{name}"), rule)
    with op.batch_alter_table("poll") as batch:
        batch.drop_column("method")


def _shrink_sections() -> None:
    with op.batch_alter_table("poll") as batch:
        batch.add_column(sa.Column("method", sa.Text(), nullable=True))
    op.execute(
        "UPDATE poll SET method = coalesce((SELECT min(section.method) FROM section "
        "WHERE section.poll_id = poll.id), 'approval')"
    )
    with op.batch_alter_table("poll") as batch:
        batch.alter_column("method", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("section") as batch:
        for name, _ in SECTION_CHECKS:
            batch.drop_constraint(op.f(f"ck_section_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_section_tenant_id_area_id"), type_="foreignkey")
        for name in (
            "area_id",
            "method",
            "lowest",
            "highest",
            "points",
            "each_most",
            "budget",
            "spend_all",
            "terms",
        ):
            batch.drop_column(name)


SECTION_CHECKS = (
    ("kind", KINDS),
    ("scale_of_scores", "(kind = 'score') = (lowest IS NOT NULL)"),
    ("whole_scale", "(lowest IS NULL) = (highest IS NULL)"),
    ("scale", "lowest IS NULL OR (0 <= lowest AND lowest < highest)"),
    ("points_of_points", "(kind = 'points') = (points IS NOT NULL)"),
    ("points", "points IS NULL OR 1 <= points"),
    ("each_most", "each_most IS NULL OR 1 <= each_most"),
    ("budget_of_knapsack", "(kind = 'knapsack') = (budget IS NOT NULL)"),
    ("budget", "budget IS NULL OR 0 < budget"),
)


def _create_tables() -> None:
    op.create_table(
        "receipt",
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("link_tag", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_receipt_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_receipt_once", "receipt", ["poll_id", "link_tag"], unique=True)
    op.create_table(
        "receipt_final",
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_receipt_final_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_receipt_final")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_receipt_final_poll", "receipt_final", ["poll_id"])
    op.create_table(
        "participation_final",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_participation_final_channel")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_participation_final_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_participation_final_tenant_id")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "poll_id", "person_key", name=op.f("pk_participation_final")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_head",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("1 <= no AND 0 <= leaves", name=op.f("ck_log_head_numbers")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_log_head_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_log_head_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "no", name=op.f("pk_log_head")),
        sa.UniqueConstraint("hash", name=op.f("uq_log_head_hash")),
    )
    op.create_index(op.f("ix_log_head_tenant_id"), "log_head", ["tenant_id"])
    op.create_table(
        "poll_pause",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("confirmed_by <> paused_by", name=op.f("ck_poll_pause_two_persons")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_poll_pause_confirmed")
        ),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_poll_pause_reason")),
        sa.ForeignKeyConstraint(["paused_by"], ["person.id"], name=op.f("fk_poll_pause_paused_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_poll_pause_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_poll_pause_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_poll_pause_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "no", name=op.f("pk_poll_pause")),
    )
    op.create_index(op.f("ix_poll_pause_tenant_id"), "poll_pause", ["tenant_id"])
    op.create_table(
        "seed_typing",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_seed_typing_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_seed_typing_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_seed_typing_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_seed_typing")),
    )
    op.create_index(op.f("ix_seed_typing_tenant_id"), "seed_typing", ["tenant_id"])


def _move_participations() -> None:
    """Move what belongs to counted votes to where counted votes lie, by their random-looking key."""
    op.execute(
        "INSERT INTO participation_final (tenant_id, poll_id, person_key, channel, day) "
        "SELECT tenant_id, poll_id, person_key, channel, day FROM participation "
        "ORDER BY person_key"
    )
    op.execute("DELETE FROM participation")


def _reshape_results() -> None:
    bind = op.get_bind()
    with op.batch_alter_table("poll_result") as batch:
        batch.add_column(sa.Column("channels", sa.Text(), nullable=False, server_default="{}"))
    rows = bind.execute(
        sa.text("SELECT poll_id, method, version, outcome, participations FROM poll_result")
    ).all()
    for poll_id, method, version, outcome, participations in rows:
        sections = {
            no: _as_now(method, version, section) for no, section in json.loads(outcome).items()
        }
        bind.execute(
            sa.text(
                "UPDATE poll_result SET outcome = :outcome, channels = :channels "
                "WHERE poll_id = :poll_id"
            ),
            {
                "outcome": _canonical(sections),
                "channels": _canonical({"web": participations}),
                "poll_id": poll_id,
            },
        )
    with op.batch_alter_table("poll_result") as batch:
        batch.alter_column("channels", server_default=None)
        batch.drop_column("method")
        batch.drop_column("version")


def _as_now(method: str, version: int, section: dict) -> dict:
    """Return a section of an outcome in the shape that has places, elected ones and rounds."""
    votes = {int(option): number for option, number in section["votes"].items()}
    places = [
        sorted(option for option, own in votes.items() if own == number)
        for number in sorted(set(votes.values()), reverse=True)
    ]
    return {
        "method": method,
        "version": version,
        "terms": {},
        "score": {str(option): str(number) for option, number in votes.items()},
        "places": places,
        "elected": places[0] if len(places[0]) == 1 else [],
        "drawn": [],
        "rounds": [],
        "verdicts": {},
    }


def _shape_results_back() -> None:
    bind = op.get_bind()
    with op.batch_alter_table("poll_result") as batch:
        batch.add_column(sa.Column("method", sa.Text(), nullable=False, server_default="approval"))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    rows = bind.execute(sa.text("SELECT poll_id, outcome FROM poll_result")).all()
    for poll_id, outcome in rows:
        sections = {
            no: {
                "votes": {option: int(score) for option, score in section["score"].items()},
                "winners": section["places"][0],
            }
            for no, section in json.loads(outcome).items()
        }
        bind.execute(
            sa.text("UPDATE poll_result SET outcome = :outcome WHERE poll_id = :poll_id"),
            {"outcome": _canonical(sections), "poll_id": poll_id},
        )
    with op.batch_alter_table("poll_result") as batch:
        batch.alter_column("method", server_default=None)
        batch.alter_column("version", server_default=None)
        batch.drop_column("channels")


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
