"""The tables and guards of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: audit_entry rows are never changed'); END",
    "CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: audit_entry rows are never removed'); END",
    "CREATE TRIGGER audit_detail_is_frozen BEFORE UPDATE ON audit_detail FOR EACH ROW WHEN (TRUE) AND (OLD.chain IS NOT NEW.chain OR OLD.seq IS NOT NEW.seq OR OLD.salt IS NOT NEW.salt) BEGIN SELECT RAISE(ABORT, 'frozen: audit_detail can no longer be changed'); END",
    "CREATE TRIGGER audit_detail_is_only_erased BEFORE UPDATE OF body ON audit_detail FOR EACH ROW WHEN NEW.body IS NOT NULL AND OLD.body IS NOT NEW.body BEGIN SELECT RAISE(ABORT, 'append_only: audit_detail may be erased, not rewritten'); END",
    "CREATE TRIGGER audit_detail_never_goes BEFORE DELETE ON audit_detail FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: audit_detail rows are never removed'); END",
    "CREATE TRIGGER approval_asks_once BEFORE UPDATE ON approval FOR EACH ROW WHEN OLD.tenant_id IS NOT NEW.tenant_id OR OLD.act IS NOT NEW.act OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.payload_sha256 IS NOT NEW.payload_sha256 OR OLD.asked_by IS NOT NEW.asked_by OR OLD.asked_at IS NOT NEW.asked_at OR OLD.asked_of IS NOT NEW.asked_of OR OLD.expires_at IS NOT NEW.expires_at BEGIN SELECT RAISE(ABORT, 'frozen: what an approval asks for is never changed'); END",
    "CREATE TRIGGER approval_is_frozen BEFORE UPDATE ON approval FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL OR OLD.closed_at IS NOT NULL) AND (OLD.decided_by IS NOT NEW.decided_by OR OLD.decided_at IS NOT NEW.decided_at OR OLD.approved IS NOT NEW.approved OR OLD.reason IS NOT NEW.reason OR OLD.closed_at IS NOT NEW.closed_at) BEGIN SELECT RAISE(ABORT, 'frozen: approval can no longer be changed'); END",
    "CREATE TRIGGER approval_is_spent_once BEFORE UPDATE OF spent_at ON approval FOR EACH ROW WHEN OLD.spent_at IS NOT NEW.spent_at AND (OLD.spent_at IS NOT NULL OR NEW.approved IS NULL OR NOT NEW.approved) BEGIN SELECT RAISE(ABORT, 'frozen: an approval is spent once, after it was given'); END",
    "CREATE TRIGGER approval_never_goes BEFORE DELETE ON approval FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: approval rows are never removed'); END",
    "CREATE TRIGGER proposal_content_state_steps BEFORE UPDATE OF content_state ON proposal FOR EACH ROW WHEN OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of proposal.content_state'); END",
    "CREATE TRIGGER decision_is_frozen BEFORE UPDATE ON decision FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.turn IS NOT NEW.turn OR OLD.author_id IS NOT NEW.author_id OR OLD.from_state IS NOT NEW.from_state OR OLD.to_state IS NOT NEW.to_state OR OLD.reason IS NOT NEW.reason OR OLD.rule IS NOT NEW.rule OR OLD.rules_version IS NOT NEW.rules_version OR OLD.passage IS NOT NEW.passage OR OLD.explanation IS NOT NEW.explanation OR OLD.scope IS NOT NEW.scope OR OLD.until IS NOT NEW.until OR OLD.notice_id IS NOT NEW.notice_id OR OLD.decided_by IS NOT NEW.decided_by OR OLD.decider_label IS NOT NEW.decider_label OR OLD.organisation_id IS NOT NEW.organisation_id OR OLD.at IS NOT NEW.at OR OLD.told_after IS NOT NEW.told_after) BEGIN SELECT RAISE(ABORT, 'frozen: decision can no longer be changed'); END",
    "CREATE TRIGGER decision_undone_in_time BEFORE UPDATE OF undone_at ON decision FOR EACH ROW WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.undone_at >= OLD.told_after BEGIN SELECT RAISE(ABORT, 'undo: a decision is undone once, before its letter leaves'); END",
    "CREATE TRIGGER decision_never_goes BEFORE DELETE ON decision FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: decision rows are never removed'); END",
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.position IS NOT NEW.position OR OLD.justification IS NOT NEW.justification OR OLD.unit_id IS NOT NEW.unit_id OR OLD.signed_as IS NOT NEW.signed_as OR OLD.batch IS NOT NEW.batch OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: answer can no longer be changed'); END",
    "CREATE TRIGGER answer_never_goes_once_published BEFORE DELETE ON answer FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append_only: a published answer is never removed'); END",
    "CREATE TRIGGER contribution_content_state_steps BEFORE UPDATE OF content_state ON contribution FOR EACH ROW WHEN OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of contribution.content_state'); END",
    "CREATE TRIGGER summary_content_state_steps BEFORE UPDATE OF content_state ON summary FOR EACH ROW WHEN OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of summary.content_state'); END",
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
    "CREATE TRIGGER consultation_state_steps BEFORE UPDATE OF state ON consultation FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('awaiting_approval')) OR (OLD.state = 'awaiting_approval' AND NEW.state IN ('draft', 'published')) OR (OLD.state = 'published' AND NEW.state IN ('suspended', 'cancelled', 'answered')) OR (OLD.state = 'suspended' AND NEW.state IN ('published', 'cancelled')) OR (OLD.state = 'cancelled' AND NEW.state IN ('archived')) OR (OLD.state = 'answered' AND NEW.state IN ('archived'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of consultation.state'); END",
    "CREATE TRIGGER consultation_needs_two_persons BEFORE UPDATE OF state ON consultation FOR EACH ROW WHEN NEW.state = 'published' AND OLD.state IN ('draft', 'awaiting_approval') AND NOT EXISTS (SELECT 1 FROM approval AS a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'consultation.publish' AND a.subject_kind = 'consultation' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by AND a.spent_at IS NULL) BEGIN SELECT RAISE(ABORT, 'two_persons: a consultation is published by the approval of a second person'); END",
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.template IS NOT NEW.template OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: consultation can no longer be changed'); END",
    "CREATE TRIGGER consultation_never_goes BEFORE DELETE ON consultation FOR EACH ROW WHEN OLD.state NOT IN ('draft', 'awaiting_approval') BEGIN SELECT RAISE(ABORT, 'frozen: a published consultation is never removed'); END",
    "CREATE TRIGGER phase_dates_change_in_public BEFORE UPDATE ON phase FOR EACH ROW WHEN (OLD.starts_at <> NEW.starts_at OR OLD.ends_at <> NEW.ends_at) AND EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND NOT EXISTS (SELECT 1 FROM change_notice AS n WHERE n.consultation_id = OLD.consultation_id AND n.kind IN ('extension', 'slip') AND n.field = 'phase:' || OLD.title) BEGIN SELECT RAISE(ABORT, 'frozen: dates of a published phase change with a public notice only'); END",
    "CREATE TRIGGER phase_only_grows BEFORE UPDATE OF ends_at ON phase FOR EACH ROW WHEN NEW.ends_at < OLD.ends_at AND EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND NOT EXISTS (SELECT 1 FROM change_notice AS n WHERE n.consultation_id = OLD.consultation_id AND n.kind IN ('slip') AND n.field = 'phase:' || OLD.title) BEGIN SELECT RAISE(ABORT, 'frozen: a published phase ends later, never sooner'); END",
    "CREATE TRIGGER phase_never_goes BEFORE DELETE ON phase FOR EACH ROW WHEN EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) BEGIN SELECT RAISE(ABORT, 'frozen: a published phase is never removed'); END",
    "CREATE TRIGGER change_notice_never_changes BEFORE UPDATE ON change_notice FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: change_notice rows are never changed'); END",
    "CREATE TRIGGER change_notice_never_goes BEFORE DELETE ON change_notice FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: change_notice rows are never removed'); END",
    "CREATE TRIGGER proposal_is_frozen BEFORE UPDATE ON proposal FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.number IS NOT NEW.number OR OLD.shuffle IS NOT NEW.shuffle OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: proposal can no longer be changed'); END",
    "CREATE TRIGGER proposal_state_steps BEFORE UPDATE OF state ON proposal FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'open' AND NEW.state IN ('withdrawn', 'admitted', 'not_admitted')) OR (OLD.state = 'admitted' AND NEW.state IN ('open', 'not_admitted')) OR (OLD.state = 'not_admitted' AND NEW.state IN ('open', 'admitted'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of proposal.state'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION audit_entry_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: audit_entry rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_never_changes()",
    "CREATE FUNCTION audit_entry_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: audit_entry rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_never_goes()",
    "CREATE FUNCTION audit_detail_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.chain IS DISTINCT FROM NEW.chain OR OLD.seq IS DISTINCT FROM NEW.seq OR OLD.salt IS DISTINCT FROM NEW.salt) THEN RAISE EXCEPTION 'frozen: audit_detail can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_detail_is_frozen BEFORE UPDATE ON audit_detail FOR EACH ROW EXECUTE FUNCTION audit_detail_is_frozen()",
    "CREATE FUNCTION audit_detail_is_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.body IS NOT NULL AND OLD.body IS DISTINCT FROM NEW.body THEN RAISE EXCEPTION 'append_only: audit_detail may be erased, not rewritten' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER audit_detail_is_only_erased BEFORE UPDATE OF body ON audit_detail FOR EACH ROW EXECUTE FUNCTION audit_detail_is_only_erased()",
    "CREATE FUNCTION audit_detail_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: audit_detail rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_detail_never_goes BEFORE DELETE ON audit_detail FOR EACH ROW EXECUTE FUNCTION audit_detail_never_goes()",
    "CREATE FUNCTION approval_asks_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.act IS DISTINCT FROM NEW.act OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.payload_sha256 IS DISTINCT FROM NEW.payload_sha256 OR OLD.asked_by IS DISTINCT FROM NEW.asked_by OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR OLD.asked_of IS DISTINCT FROM NEW.asked_of OR OLD.expires_at IS DISTINCT FROM NEW.expires_at THEN RAISE EXCEPTION 'frozen: what an approval asks for is never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER approval_asks_once BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_asks_once()",
    "CREATE FUNCTION approval_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.decided_at IS NOT NULL OR OLD.closed_at IS NOT NULL) AND (OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.approved IS DISTINCT FROM NEW.approved OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.closed_at IS DISTINCT FROM NEW.closed_at) THEN RAISE EXCEPTION 'frozen: approval can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER approval_is_frozen BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_is_frozen()",
    "CREATE FUNCTION approval_is_spent_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.spent_at IS DISTINCT FROM NEW.spent_at AND (OLD.spent_at IS NOT NULL OR NEW.approved IS NULL OR NOT NEW.approved) THEN RAISE EXCEPTION 'frozen: an approval is spent once, after it was given' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER approval_is_spent_once BEFORE UPDATE OF spent_at ON approval FOR EACH ROW EXECUTE FUNCTION approval_is_spent_once()",
    "CREATE FUNCTION approval_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: approval rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER approval_never_goes BEFORE DELETE ON approval FOR EACH ROW EXECUTE FUNCTION approval_never_goes()",
    "CREATE FUNCTION proposal_content_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) THEN RAISE EXCEPTION 'transition: no such step of proposal.content_state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER proposal_content_state_steps BEFORE UPDATE OF content_state ON proposal FOR EACH ROW EXECUTE FUNCTION proposal_content_state_steps()",
    "CREATE FUNCTION decision_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.turn IS DISTINCT FROM NEW.turn OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.from_state IS DISTINCT FROM NEW.from_state OR OLD.to_state IS DISTINCT FROM NEW.to_state OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.rules_version IS DISTINCT FROM NEW.rules_version OR OLD.passage IS DISTINCT FROM NEW.passage OR OLD.explanation IS DISTINCT FROM NEW.explanation OR OLD.scope IS DISTINCT FROM NEW.scope OR OLD.until IS DISTINCT FROM NEW.until OR OLD.notice_id IS DISTINCT FROM NEW.notice_id OR OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decider_label IS DISTINCT FROM NEW.decider_label OR OLD.organisation_id IS DISTINCT FROM NEW.organisation_id OR OLD.at IS DISTINCT FROM NEW.at OR OLD.told_after IS DISTINCT FROM NEW.told_after) THEN RAISE EXCEPTION 'frozen: decision can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER decision_is_frozen BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_is_frozen()",
    "CREATE FUNCTION decision_undone_in_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.undone_at >= OLD.told_after THEN RAISE EXCEPTION 'undo: a decision is undone once, before its letter leaves' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER decision_undone_in_time BEFORE UPDATE OF undone_at ON decision FOR EACH ROW EXECUTE FUNCTION decision_undone_in_time()",
    "CREATE FUNCTION decision_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: decision rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER decision_never_goes BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_never_goes()",
    "CREATE FUNCTION answer_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.position IS DISTINCT FROM NEW.position OR OLD.justification IS DISTINCT FROM NEW.justification OR OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.signed_as IS DISTINCT FROM NEW.signed_as OR OLD.batch IS DISTINCT FROM NEW.batch OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN RAISE EXCEPTION 'frozen: answer can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_is_frozen()",
    "CREATE FUNCTION answer_never_goes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'append_only: a published answer is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER answer_never_goes_once_published BEFORE DELETE ON answer FOR EACH ROW EXECUTE FUNCTION answer_never_goes_once_published()",
    "CREATE FUNCTION contribution_content_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) THEN RAISE EXCEPTION 'transition: no such step of contribution.content_state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER contribution_content_state_steps BEFORE UPDATE OF content_state ON contribution FOR EACH ROW EXECUTE FUNCTION contribution_content_state_steps()",
    "CREATE FUNCTION summary_content_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) THEN RAISE EXCEPTION 'transition: no such step of summary.content_state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER summary_content_state_steps BEFORE UPDATE OF content_state ON summary FOR EACH ROW EXECUTE FUNCTION summary_content_state_steps()",
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
    "CREATE FUNCTION consultation_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('awaiting_approval')) OR (OLD.state = 'awaiting_approval' AND NEW.state IN ('draft', 'published')) OR (OLD.state = 'published' AND NEW.state IN ('suspended', 'cancelled', 'answered')) OR (OLD.state = 'suspended' AND NEW.state IN ('published', 'cancelled')) OR (OLD.state = 'cancelled' AND NEW.state IN ('archived')) OR (OLD.state = 'answered' AND NEW.state IN ('archived'))) THEN RAISE EXCEPTION 'transition: no such step of consultation.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER consultation_state_steps BEFORE UPDATE OF state ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_state_steps()",
    "CREATE FUNCTION consultation_needs_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'published' AND OLD.state IN ('draft', 'awaiting_approval') AND NOT EXISTS (SELECT 1 FROM approval AS a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'consultation.publish' AND a.subject_kind = 'consultation' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by AND a.spent_at IS NULL) THEN RAISE EXCEPTION 'two_persons: a consultation is published by the approval of a second person' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER consultation_needs_two_persons BEFORE UPDATE OF state ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_needs_two_persons()",
    "CREATE FUNCTION consultation_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.template IS DISTINCT FROM NEW.template OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN RAISE EXCEPTION 'frozen: consultation can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_is_frozen()",
    "CREATE FUNCTION consultation_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state NOT IN ('draft', 'awaiting_approval') THEN RAISE EXCEPTION 'frozen: a published consultation is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER consultation_never_goes BEFORE DELETE ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_never_goes()",
    "CREATE FUNCTION phase_dates_change_in_public() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.starts_at <> NEW.starts_at OR OLD.ends_at <> NEW.ends_at) AND EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND NOT EXISTS (SELECT 1 FROM change_notice AS n WHERE n.consultation_id = OLD.consultation_id AND n.kind IN ('extension', 'slip') AND n.field = 'phase:' || OLD.title) THEN RAISE EXCEPTION 'frozen: dates of a published phase change with a public notice only' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER phase_dates_change_in_public BEFORE UPDATE ON phase FOR EACH ROW EXECUTE FUNCTION phase_dates_change_in_public()",
    "CREATE FUNCTION phase_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.ends_at < OLD.ends_at AND EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND NOT EXISTS (SELECT 1 FROM change_notice AS n WHERE n.consultation_id = OLD.consultation_id AND n.kind IN ('slip') AND n.field = 'phase:' || OLD.title) THEN RAISE EXCEPTION 'frozen: a published phase ends later, never sooner' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER phase_only_grows BEFORE UPDATE OF ends_at ON phase FOR EACH ROW EXECUTE FUNCTION phase_only_grows()",
    "CREATE FUNCTION phase_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) THEN RAISE EXCEPTION 'frozen: a published phase is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER phase_never_goes BEFORE DELETE ON phase FOR EACH ROW EXECUTE FUNCTION phase_never_goes()",
    "CREATE FUNCTION change_notice_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: change_notice rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER change_notice_never_changes BEFORE UPDATE ON change_notice FOR EACH ROW EXECUTE FUNCTION change_notice_never_changes()",
    "CREATE FUNCTION change_notice_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: change_notice rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER change_notice_never_goes BEFORE DELETE ON change_notice FOR EACH ROW EXECUTE FUNCTION change_notice_never_goes()",
    "CREATE FUNCTION proposal_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.shuffle IS DISTINCT FROM NEW.shuffle OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: proposal can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER proposal_is_frozen BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION proposal_is_frozen()",
    "CREATE FUNCTION proposal_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'open' AND NEW.state IN ('withdrawn', 'admitted', 'not_admitted')) OR (OLD.state = 'admitted' AND NEW.state IN ('open', 'not_admitted')) OR (OLD.state = 'not_admitted' AND NEW.state IN ('open', 'admitted'))) THEN RAISE EXCEPTION 'transition: no such step of proposal.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER proposal_state_steps BEFORE UPDATE OF state ON proposal FOR EACH ROW EXECUTE FUNCTION proposal_state_steps()",
)
SQLITE_DROPS = (
    "DROP TRIGGER proposal_state_steps",
    "DROP TRIGGER proposal_is_frozen",
    "DROP TRIGGER change_notice_never_goes",
    "DROP TRIGGER change_notice_never_changes",
    "DROP TRIGGER phase_never_goes",
    "DROP TRIGGER phase_only_grows",
    "DROP TRIGGER phase_dates_change_in_public",
    "DROP TRIGGER consultation_never_goes",
    "DROP TRIGGER consultation_is_frozen",
    "DROP TRIGGER consultation_needs_two_persons",
    "DROP TRIGGER consultation_state_steps",
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
    "DROP TRIGGER summary_content_state_steps",
    "DROP TRIGGER contribution_content_state_steps",
    "DROP TRIGGER answer_never_goes_once_published",
    "DROP TRIGGER answer_is_frozen",
    "DROP TRIGGER decision_never_goes",
    "DROP TRIGGER decision_undone_in_time",
    "DROP TRIGGER decision_is_frozen",
    "DROP TRIGGER proposal_content_state_steps",
    "DROP TRIGGER approval_never_goes",
    "DROP TRIGGER approval_is_spent_once",
    "DROP TRIGGER approval_is_frozen",
    "DROP TRIGGER approval_asks_once",
    "DROP TRIGGER audit_detail_never_goes",
    "DROP TRIGGER audit_detail_is_only_erased",
    "DROP TRIGGER audit_detail_is_frozen",
    "DROP TRIGGER audit_entry_never_goes",
    "DROP TRIGGER audit_entry_never_changes",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER proposal_state_steps ON proposal",
    "DROP FUNCTION proposal_state_steps()",
    "DROP TRIGGER proposal_is_frozen ON proposal",
    "DROP FUNCTION proposal_is_frozen()",
    "DROP TRIGGER change_notice_never_goes ON change_notice",
    "DROP FUNCTION change_notice_never_goes()",
    "DROP TRIGGER change_notice_never_changes ON change_notice",
    "DROP FUNCTION change_notice_never_changes()",
    "DROP TRIGGER phase_never_goes ON phase",
    "DROP FUNCTION phase_never_goes()",
    "DROP TRIGGER phase_only_grows ON phase",
    "DROP FUNCTION phase_only_grows()",
    "DROP TRIGGER phase_dates_change_in_public ON phase",
    "DROP FUNCTION phase_dates_change_in_public()",
    "DROP TRIGGER consultation_never_goes ON consultation",
    "DROP FUNCTION consultation_never_goes()",
    "DROP TRIGGER consultation_is_frozen ON consultation",
    "DROP FUNCTION consultation_is_frozen()",
    "DROP TRIGGER consultation_needs_two_persons ON consultation",
    "DROP FUNCTION consultation_needs_two_persons()",
    "DROP TRIGGER consultation_state_steps ON consultation",
    "DROP FUNCTION consultation_state_steps()",
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
    "DROP TRIGGER summary_content_state_steps ON summary",
    "DROP FUNCTION summary_content_state_steps()",
    "DROP TRIGGER contribution_content_state_steps ON contribution",
    "DROP FUNCTION contribution_content_state_steps()",
    "DROP TRIGGER answer_never_goes_once_published ON answer",
    "DROP FUNCTION answer_never_goes_once_published()",
    "DROP TRIGGER answer_is_frozen ON answer",
    "DROP FUNCTION answer_is_frozen()",
    "DROP TRIGGER decision_never_goes ON decision",
    "DROP FUNCTION decision_never_goes()",
    "DROP TRIGGER decision_undone_in_time ON decision",
    "DROP FUNCTION decision_undone_in_time()",
    "DROP TRIGGER decision_is_frozen ON decision",
    "DROP FUNCTION decision_is_frozen()",
    "DROP TRIGGER proposal_content_state_steps ON proposal",
    "DROP FUNCTION proposal_content_state_steps()",
    "DROP TRIGGER approval_never_goes ON approval",
    "DROP FUNCTION approval_never_goes()",
    "DROP TRIGGER approval_is_spent_once ON approval",
    "DROP FUNCTION approval_is_spent_once()",
    "DROP TRIGGER approval_is_frozen ON approval",
    "DROP FUNCTION approval_is_frozen()",
    "DROP TRIGGER approval_asks_once ON approval",
    "DROP FUNCTION approval_asks_once()",
    "DROP TRIGGER audit_detail_never_goes ON audit_detail",
    "DROP FUNCTION audit_detail_never_goes()",
    "DROP TRIGGER audit_detail_is_only_erased ON audit_detail",
    "DROP FUNCTION audit_detail_is_only_erased()",
    "DROP TRIGGER audit_detail_is_frozen ON audit_detail",
    "DROP FUNCTION audit_detail_is_frozen()",
    "DROP TRIGGER audit_entry_never_goes ON audit_entry",
    "DROP FUNCTION audit_entry_never_goes()",
    "DROP TRIGGER audit_entry_never_changes ON audit_entry",
    "DROP FUNCTION audit_entry_never_changes()",
)


def upgrade() -> None:
    op.create_table(
        "access_refusal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "person_id", "endpoint", "hour", name=op.f("pk_access_refusal")
        ),
    )
    op.create_table(
        "attempt",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "key_hash", "window_start", name=op.f("pk_attempt")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("teryt", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("official_name", sa.Text(), nullable=False),
        sa.Column("genitive", sa.Text(), nullable=False),
        sa.Column("locative", sa.Text(), nullable=False),
        sa.Column("adjective", sa.Text(), nullable=False),
        sa.Column("residents_name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_uk", sa.Text(), nullable=False),
        sa.Column("executive", sa.Text(), nullable=False),
        sa.Column("executive_genitive", sa.Text(), nullable=False),
        sa.Column("executive_instrumental", sa.Text(), nullable=False),
        sa.Column("council", sa.Text(), nullable=False),
        sa.Column("office_name", sa.Text(), nullable=False),
        sa.Column("office_address", sa.Text(), nullable=False),
        sa.Column("office_phone", sa.Text(), nullable=False),
        sa.Column("office_email", sa.Text(), nullable=False),
        sa.Column("office_hours", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("portal_name", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("accent", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("dpo_contact", sa.Text(), nullable=False),
        sa.Column("paper_places", sa.Text(), nullable=False),
        sa.Column("accepts_late_letters", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('gmina', 'city_with_county_rights', 'county', 'organiser')",
            name=op.f("ck_municipality_kind"),
        ),
        sa.CheckConstraint("population >= 0", name=op.f("ck_municipality_population")),
        sa.CheckConstraint(
            "teryt IS NULL OR length(teryt) IN (4, 7)", name=op.f("ck_municipality_teryt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("host", name=op.f("uq_municipality_host")),
        sa.UniqueConstraint("slug", name=op.f("uq_municipality_slug")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_folded", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("aged_13_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("form IN ('f', 'm', 'n')", name=op.f("ck_person_form")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (email_folded IS NOT NULL)",
            name=op.f("ck_person_closed_is_empty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_folded", name=op.f("uq_person_email_folded")),
    )
    op.create_table(
        "topic",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_pl", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_uk", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_topic")),
    )
    op.create_table(
        "accessibility_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_accessibility_declaration_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_accessibility_declaration_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_declaration")),
    )
    op.create_index(
        op.f("ix_accessibility_declaration_tenant_id"),
        "accessibility_declaration",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("payload_sha256", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_of", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL) AND (approved IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_approval_decided_whole"),
        ),
        sa.CheckConstraint("asked_by <> decided_by", name=op.f("ck_approval_two_persons")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_approval_asked_by")),
        sa.ForeignKeyConstraint(["asked_of"], ["person.id"], name=op.f("fk_approval_asked_of")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_approval_decided_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_approval_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("token", name=op.f("uq_approval_token")),
    )
    op.create_index(
        "ix_approval_subject",
        "approval",
        ["tenant_id", "act", "subject_kind", "subject_id"],
        unique=False,
    )
    op.create_index(op.f("ix_approval_tenant_id"), "approval", ["tenant_id"], unique=False)
    op.create_index(
        "uq_approval_open",
        "approval",
        ["tenant_id", "act", "subject_kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL AND closed_at IS NULL"),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_area_parent")),
        sa.CheckConstraint("residents >= 0", name=op.f("ck_area_residents")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_area_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_area_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_area_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_area_tenant_id_slug")),
    )
    op.create_index(op.f("ix_area_tenant_id"), "area", ["tenant_id"], unique=False)
    op.create_table(
        "audit_detail",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chain", "seq"],
            ["audit_entry.chain", "audit_entry.seq"],
            name=op.f("fk_audit_detail_chain_seq"),
        ),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "barrier_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_barrier_report_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier_report")),
    )
    op.create_index(
        op.f("ix_barrier_report_tenant_id"), "barrier_report", ["tenant_id"], unique=False
    )
    op.create_table(
        "coauthor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (email IS NOT NULL)",
            name=op.f("ck_coauthor_address_until_answer"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (person_id IS NULL)", name=op.f("ck_coauthor_accepted_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coauthor_person_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_coauthor_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coauthor")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "person_id",
            name=op.f("uq_coauthor_tenant_id_kind_subject_id_person_id"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_coauthor_token_hash")),
    )
    op.create_index(op.f("ix_coauthor_person_id"), "coauthor", ["person_id"], unique=False)
    op.create_index(
        "ix_coauthor_subject", "coauthor", ["tenant_id", "kind", "subject_id"], unique=False
    )
    op.create_index(op.f("ix_coauthor_tenant_id"), "coauthor", ["tenant_id"], unique=False)
    op.create_table(
        "discussion_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_discussion_rules_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_rules")),
        sa.UniqueConstraint(
            "tenant_id", "version", name=op.f("uq_discussion_rules_tenant_id_version")
        ),
    )
    op.create_index(
        op.f("ix_discussion_rules_tenant_id"), "discussion_rules", ["tenant_id"], unique=False
    )
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_draft_tenant_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "place", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_tenant_id"), "draft", ["tenant_id"], unique=False)
    op.create_table(
        "email_token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'introduce', 'change_email')",
            name=op.f("ck_email_token_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_email_token_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_email_token_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_token")),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_file_tenant_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_file_tenant_id_id")),
        sa.UniqueConstraint("token", name=op.f("uq_file_token")),
    )
    op.create_index(
        "ix_file_subject", "file", ["tenant_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_index(op.f("ix_file_tenant_id"), "file", ["tenant_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('officer', 'approver', 'facilitator', 'reviewer', 'auditor', 'administrator', 'operator')",
            name=op.f("ck_invitation_role"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('municipality', 'consultation')", name=op.f("ck_invitation_scope_kind")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_invitation_tenant_id")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name=op.f("fk_invitation_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_tenant_id"), "invitation", ["tenant_id"], unique=False)
    op.create_table(
        "legal_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_legal_rule_dates")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_legal_rule_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule")),
    )
    op.create_index(op.f("ix_legal_rule_key"), "legal_rule", ["key"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reporter_email", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('threat', 'hate', 'insult', 'personal_data', 'unlawful', 'spam', 'campaign', 'off_topic', 'duplicate', 'impersonation', 'voting_untruth', 'not_for_children', 'copyright', 'other')",
            name=op.f("ck_notice_reason"),
        ),
        sa.CheckConstraint("state IN ('received', 'decided')", name=op.f("ck_notice_state")),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_notice_reporter_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_notice_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_notice_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_notice_tenant_id_number")),
    )
    op.create_index(
        "ix_notice_subject", "notice", ["tenant_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_index(op.f("ix_notice_tenant_id"), "notice", ["tenant_id"], unique=False)
    op.create_table(
        "notification_off",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notification_off_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notification_off")),
    )
    op.create_table(
        "one_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_one_letter_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_letter")),
        sa.UniqueConstraint(
            "tenant_id", "email", "about", name=op.f("uq_one_letter_tenant_id_email_about")
        ),
    )
    op.create_index(op.f("ix_one_letter_tenant_id"), "one_letter", ["tenant_id"], unique=False)
    op.create_table(
        "org_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_org_unit_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_org_unit_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_org_unit_tenant_id_name")),
    )
    op.create_index(op.f("ix_org_unit_tenant_id"), "org_unit", ["tenant_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("register_number", sa.Text(), nullable=True),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('association', 'ordinary_association', 'foundation', 'fire_brigade', 'rural_women', 'sports_club', 'city_council', 'village', 'neighbourhood_council', 'youth_council', 'informal', 'other')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.CheckConstraint(
            "register <> 'krs' OR (register_number IS NOT NULL AND length(register_number) = 10)",
            name=op.f("ck_organisation_krs"),
        ),
        sa.CheckConstraint(
            "register IN ('krs', 'county', 'rural_women', 'none')",
            name=op.f("ck_organisation_register"),
        ),
        sa.CheckConstraint(
            "verified_at IS NULL OR refused_reason IS NULL",
            name=op.f("ck_organisation_one_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_organisation_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_organisation_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["person.id"], name=op.f("fk_organisation_verified_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_organisation_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_organisation_tenant_id_slug")),
    )
    op.create_index(op.f("ix_organisation_tenant_id"), "organisation", ["tenant_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outbox_tries")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_outbox_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_outbox_dedupe")),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["not_before", "id"], unique=False)
    op.create_table(
        "passed",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("passed_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["passed_by"], ["person.id"], name=op.f("fk_passed_passed_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_passed_tenant_id")
        ),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", name=op.f("pk_passed")),
    )
    op.create_index(op.f("ix_passed_tenant_id"), "passed", ["tenant_id"], unique=False)
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("electorate", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decision_due", sa.Date(), nullable=True),
        sa.Column("result_due", sa.Date(), nullable=False),
        sa.Column("order_seed", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("rules_hash", sa.Text(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "effect IN ('informs', 'advises', 'decides')", name=op.f("ck_poll_effect")
        ),
        sa.CheckConstraint("electorate IN ('residents')", name=op.f("ck_poll_electorate")),
        sa.CheckConstraint("publication IN ('totals')", name=op.f("ck_poll_publication")),
        sa.CheckConstraint(
            "state = 'draft' OR rules_hash IS NOT NULL", name=op.f("ck_poll_sealed_has_hash")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sealed', 'receiving', 'working_up', 'counted', 'published')",
            name=op.f("ck_poll_state"),
        ),
        sa.CheckConstraint("opens_at < ends_at", name=op.f("ck_poll_dates")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_poll_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_poll_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_poll_tenant_id_subject_kind_subject_id"),
        ),
    )
    op.create_index(op.f("ix_poll_tenant_id"), "poll", ["tenant_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_sign_in_session_tenant_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_session")),
    )
    op.create_index(
        op.f("ix_sign_in_session_person_id"), "sign_in_session", ["person_id"], unique=False
    )
    op.create_table(
        "subject_topic",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("topic_key", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_subject_topic_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["topic_key"], ["topic.key"], name=op.f("fk_subject_topic_topic_key")
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", "topic_key", name=op.f("pk_subject_topic")),
    )
    op.create_index(
        op.f("ix_subject_topic_tenant_id"), "subject_topic", ["tenant_id"], unique=False
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedupe", sa.Text(), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_task_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_task_dedupe")),
    )
    op.create_index("ix_task_waiting", "task", ["run_at", "id"], unique=False)
    op.create_table(
        "translation",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("translated_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_translation_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["translated_by"], ["person.id"], name=op.f("fk_translation_translated_by")
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", "field", "lang", name=op.f("pk_translation")),
    )
    op.create_index(op.f("ix_translation_tenant_id"), "translation", ["tenant_id"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_label", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_version_author_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_version_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "subject_id",
            "no",
            name=op.f("uq_version_tenant_id_kind_subject_id_no"),
        ),
    )
    op.create_index(op.f("ix_version_tenant_id"), "version", ["tenant_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("section_no", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("link_tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_ballot_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_poll", "ballot", ["poll_id"], unique=False)
    op.create_table(
        "ballot_final",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("section_no", sa.Integer(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_ballot_final_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_final")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_final_poll", "ballot_final", ["poll_id"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("can_change", sa.Text(), nullable=False),
        sa.Column("cannot_change", sa.Text(), nullable=False),
        sa.Column("easy_text", sa.Text(), nullable=False),
        sa.Column("sign_video_url", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decision_due", sa.Date(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("appeal_person_id", sa.Integer(), nullable=True),
        sa.Column("propose_needs", sa.Text(), nullable=False),
        sa.Column("support_needs", sa.Text(), nullable=False),
        sa.Column("discuss_needs", sa.Text(), nullable=False),
        sa.Column("vote_needs", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("picture_alt", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "discuss_needs IN ('anyone', 'email', 'declared', 'confirmed')",
            name=op.f("ck_consultation_discuss_needs"),
        ),
        sa.CheckConstraint(
            "effect IN ('informs', 'advises', 'decides')", name=op.f("ck_consultation_effect")
        ),
        sa.CheckConstraint(
            "propose_needs IN ('anyone', 'email', 'declared', 'confirmed')",
            name=op.f("ck_consultation_propose_needs"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_approval', 'published', 'suspended', 'cancelled', 'answered', 'archived')",
            name=op.f("ck_consultation_state"),
        ),
        sa.CheckConstraint(
            "support_needs IN ('anyone', 'email', 'declared', 'confirmed')",
            name=op.f("ck_consultation_support_needs"),
        ),
        sa.CheckConstraint(
            "template IN ('ask', 'document', 'ideas', 'repeat')",
            name=op.f("ck_consultation_template"),
        ),
        sa.CheckConstraint(
            "vote_needs IN ('anyone', 'email', 'declared', 'confirmed')",
            name=op.f("ck_consultation_vote_needs"),
        ),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_consultation_last_number")),
        sa.ForeignKeyConstraint(
            ["appeal_person_id"], ["person.id"], name=op.f("fk_consultation_appeal_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_consultation_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_consultation_tenant_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["organisation.tenant_id", "organisation.id"],
            name=op.f("fk_consultation_tenant_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "repeats_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_consultation_tenant_id_repeats_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_consultation_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_consultation_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_consultation_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_consultation_tenant_id_slug")),
    )
    op.create_index(op.f("ix_consultation_tenant_id"), "consultation", ["tenant_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rule", sa.Integer(), nullable=True),
        sa.Column("rules_version", sa.Integer(), nullable=True),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decider_label", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_decision_from_state"),
        ),
        sa.CheckConstraint(
            "reason IN ('threat', 'hate', 'insult', 'personal_data', 'unlawful', 'spam', 'campaign', 'off_topic', 'duplicate', 'impersonation', 'voting_untruth', 'not_for_children', 'copyright', 'other')",
            name=op.f("ck_decision_reason"),
        ),
        sa.CheckConstraint(
            "to_state <> 'hidden' OR (reason IS NOT NULL AND reason NOT IN ('off_topic', 'duplicate'))",
            name=op.f("ck_decision_hidden_has_reason"),
        ),
        sa.CheckConstraint(
            "to_state <> 'hidden' OR length(explanation) >= 20", name=op.f("ck_decision_explained")
        ),
        sa.CheckConstraint(
            "to_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_decision_to_state"),
        ),
        sa.CheckConstraint(
            "author_id IS NULL OR decided_by <> author_id", name=op.f("ck_decision_not_own")
        ),
        sa.CheckConstraint("from_state <> to_state", name=op.f("ck_decision_changes")),
        sa.CheckConstraint("turn >= 1", name=op.f("ck_decision_turn")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_decision_author_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["organisation.tenant_id", "organisation.id"],
            name=op.f("fk_decision_tenant_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_decision_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_decision_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_kind",
            "subject_id",
            "turn",
            name=op.f("uq_decision_tenant_id_subject_kind_subject_id_turn"),
        ),
    )
    op.create_index(op.f("ix_decision_tenant_id"), "decision", ["tenant_id"], unique=False)
    op.create_table(
        "eligibility",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_eligibility_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_eligibility_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "person_key", name=op.f("pk_eligibility")),
        sa.UniqueConstraint(
            "tenant_id",
            "poll_id",
            "person_key",
            name=op.f("uq_eligibility_tenant_id_poll_id_person_key"),
        ),
    )
    op.create_index(op.f("ix_eligibility_tenant_id"), "eligibility", ["tenant_id"], unique=False)
    op.create_table(
        "organisation_member",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_organisation_member_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["organisation.tenant_id", "organisation.id"],
            name=op.f("fk_organisation_member_tenant_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_organisation_member_tenant_id")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "person_id", name=op.f("pk_organisation_member")
        ),
    )
    op.create_index(
        op.f("ix_organisation_member_tenant_id"), "organisation_member", ["tenant_id"], unique=False
    )
    op.create_table(
        "poll_result",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ballots_hash", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("participations", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_poll_result_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_poll_result_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_result")),
    )
    op.create_index(op.f("ix_poll_result_tenant_id"), "poll_result", ["tenant_id"], unique=False)
    op.create_table(
        "poll_step",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_poll_step_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_poll_step_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "step", name=op.f("pk_poll_step")),
    )
    op.create_index(op.f("ix_poll_step_tenant_id"), "poll_step", ["tenant_id"], unique=False)
    op.create_table(
        "residence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("letter_name", sa.Text(), nullable=True),
        sa.Column("letter_address", sa.Text(), nullable=True),
        sa.Column("letter_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_code_hash", sa.Text(), nullable=True),
        sa.Column("letter_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_tries", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "method IN ('declaration', 'letter', 'desk')", name=op.f("ck_residence_method")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason IS NOT NULL", name=op.f("ck_residence_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "state IN ('declared', 'confirmed', 'refused')", name=op.f("ck_residence_state")
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_residence_decided_by_another")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_residence_decided_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_residence_person_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_residence_tenant_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_residence_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
        sa.UniqueConstraint(
            "tenant_id", "person_id", name=op.f("uq_residence_tenant_id_person_id")
        ),
    )
    op.create_index(op.f("ix_residence_tenant_id"), "residence", ["tenant_id"], unique=False)
    op.create_table(
        "rules_acceptance",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rules_acceptance_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["discussion_rules.id"], name=op.f("fk_rules_acceptance_rules_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_rules_acceptance_tenant_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "rules_id", name=op.f("pk_rules_acceptance")),
    )
    op.create_index(
        op.f("ix_rules_acceptance_tenant_id"), "rules_acceptance", ["tenant_id"], unique=False
    )
    op.create_table(
        "section",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= least AND least <= most AND 1 <= most", name=op.f("ck_section_limits")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_section_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_section_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "no", name=op.f("pk_section")),
        sa.UniqueConstraint(
            "tenant_id", "poll_id", "no", name=op.f("uq_section_tenant_id_poll_id_no")
        ),
    )
    op.create_index(op.f("ix_section_tenant_id"), "section", ["tenant_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("signed_as", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position IN ('accepted', 'partly', 'not_accepted', 'out_of_scope')",
            name=op.f("ck_answer_position"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR length(justification) >= 40", name=op.f("ck_answer_justified")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_answer_answered_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_answer_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_answer_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_answer_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_answer_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_answer_tenant_id_subject_kind_subject_id"),
        ),
    )
    op.create_index(
        "ix_answer_consultation", "answer", ["tenant_id", "consultation_id"], unique=False
    )
    op.create_index(op.f("ix_answer_tenant_id"), "answer", ["tenant_id"], unique=False)
    op.create_table(
        "change_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('extension', 'slip', 'typing', 'state', 'content')",
            name=op.f("ck_change_notice_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_change_notice_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_change_notice_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_change_notice_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_notice")),
    )
    op.create_index(
        op.f("ix_change_notice_tenant_id"), "change_notice", ["tenant_id"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(scope_kind = 'consultation') = (consultation_id IS NOT NULL)",
            name=op.f("ck_membership_scope"),
        ),
        sa.CheckConstraint(
            "role IN ('officer', 'approver', 'facilitator', 'reviewer', 'auditor', 'administrator', 'operator')",
            name=op.f("ck_membership_role"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('municipality', 'consultation')", name=op.f("ck_membership_scope_kind")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_membership_dates")
        ),
        sa.CheckConstraint(
            "granted_by <> person_id", name=op.f("ck_membership_granted_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("fk_membership_granted_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_membership_substitute_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_membership_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organisation_id"],
            ["organisation.tenant_id", "organisation.id"],
            name=op.f("fk_membership_tenant_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_membership_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_membership_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_membership_tenant_id_id")),
    )
    op.create_index("ix_membership_person", "membership", ["person_id", "tenant_id"], unique=False)
    op.create_index(op.f("ix_membership_tenant_id"), "membership", ["tenant_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("idem_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("channel IN ('web')", name=op.f("ck_participation_channel")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id", "person_key"],
            ["eligibility.tenant_id", "eligibility.poll_id", "eligibility.person_key"],
            name=op.f("fk_participation_tenant_id_poll_id_person_key"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_participation_tenant_id")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "poll_id", "person_key", name=op.f("pk_participation")
        ),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activities", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_phase_dates")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_phase_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_phase_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_phase_tenant_id_id")),
    )
    op.create_index(op.f("ix_phase_tenant_id"), "phase", ["tenant_id"], unique=False)
    op.create_index(
        "ix_phase_when", "phase", ["tenant_id", "consultation_id", "starts_at"], unique=False
    )
    op.create_table(
        "poll_option",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("section_no", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "section_no"],
            ["section.poll_id", "section.no"],
            name=op.f("fk_poll_option_poll_id_section_no"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_poll_option_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "section_no", "no", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("poll_id", "no", name=op.f("uq_poll_option_poll_id_no")),
    )
    op.create_index(op.f("ix_poll_option_tenant_id"), "poll_option", ["tenant_id"], unique=False)
    op.create_table(
        "slug_redirect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_slug_redirect_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_slug_redirect_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slug_redirect")),
    )
    op.create_index(op.f("ix_slug_redirect_slug"), "slug_redirect", ["slug"], unique=False)
    op.create_index(
        op.f("ix_slug_redirect_tenant_id"), "slug_redirect", ["tenant_id"], unique=False
    )
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_thread_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_thread_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_thread_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_thread_tenant_id_subject_kind_subject_id"),
        ),
    )
    op.create_index(op.f("ix_thread_tenant_id"), "thread", ["tenant_id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("answers_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("content_state", sa.Text(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("capacity_label", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "content_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_contribution_content_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('voice', 'for', 'against', 'question', 'experience', 'source', 'official', 'note')",
            name=op.f("ck_contribution_kind"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_contribution_number")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_contribution_parent")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_contribution_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contribution_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "thread_id", "parent_id"],
            ["contribution.tenant_id", "contribution.thread_id", "contribution.id"],
            name=op.f("fk_contribution_tenant_id_thread_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "thread_id"],
            ["thread.tenant_id", "thread.id"],
            name=op.f("fk_contribution_tenant_id_thread_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_contribution_tenant_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_contribution_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_contribution_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id", "thread_id", "id", name=op.f("uq_contribution_tenant_id_thread_id_id")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "thread_id",
            "number",
            name=op.f("uq_contribution_tenant_id_thread_id_number"),
        ),
    )
    op.create_index(op.f("ix_contribution_author_id"), "contribution", ["author_id"], unique=False)
    op.create_index(
        "ix_contribution_roots",
        "contribution",
        ["thread_id", "parent_id", "pinned_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_contribution_tenant_id"), "contribution", ["tenant_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_state", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("capacity_label", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "content_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_proposal_content_state"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name=op.f("ck_proposal_withdrawn")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'withdrawn', 'admitted', 'not_admitted')",
            name=op.f("ck_proposal_state"),
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_proposal_cost")),
        sa.CheckConstraint("supports >= 0", name=op.f("ck_proposal_supports")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_proposal_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_proposal_tenant_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_proposal_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "thread_id"],
            ["thread.tenant_id", "thread.id"],
            name=op.f("fk_proposal_tenant_id_thread_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_proposal_tenant_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "tenant_id",
            "author_id",
            "form_key",
            name=op.f("uq_proposal_tenant_id_author_id_form_key"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "consultation_id",
            "number",
            name=op.f("uq_proposal_tenant_id_consultation_id_number"),
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_proposal_tenant_id_id")),
    )
    op.create_index(op.f("ix_proposal_author_id"), "proposal", ["author_id"], unique=False)
    op.create_index(
        "ix_proposal_list_number",
        "proposal",
        ["consultation_id", "number", "id"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(
        "ix_proposal_list_shuffle",
        "proposal",
        ["consultation_id", "shuffle", "id"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(
        "ix_proposal_list_supports",
        "proposal",
        ["consultation_id", "supports", "shuffle", "id"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(
        "ix_proposal_list_voices",
        "proposal",
        ["consultation_id", "voices", "shuffle", "id"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(op.f("ix_proposal_tenant_id"), "proposal", ["tenant_id"], unique=False)
    op.create_table(
        "summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("disputed", sa.Text(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.Column("content_state", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("capacity_label", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "content_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_summary_content_state"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_summary_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_summary_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "thread_id"],
            ["thread.tenant_id", "thread.id"],
            name=op.f("fk_summary_tenant_id_thread_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_summary_tenant_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_summary_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_summary_tenant_id_id")),
    )
    op.create_index(op.f("ix_summary_author_id"), "summary", ["author_id"], unique=False)
    op.create_index(op.f("ix_summary_tenant_id"), "summary", ["tenant_id"], unique=False)
    op.create_table(
        "support",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_person_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposal_id"],
            ["proposal.tenant_id", "proposal.id"],
            name=op.f("fk_support_tenant_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_support_tenant_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name=op.f("pk_support")),
    )
    op.create_index("ix_support_person", "support", ["person_id", "given_at"], unique=False)
    op.create_index(op.f("ix_support_tenant_id"), "support", ["tenant_id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_index(op.f("ix_support_tenant_id"), table_name="support")
    op.drop_index("ix_support_person", table_name="support")
    op.drop_table("support")
    op.drop_index(op.f("ix_summary_tenant_id"), table_name="summary")
    op.drop_index(op.f("ix_summary_author_id"), table_name="summary")
    op.drop_table("summary")
    op.drop_index(op.f("ix_proposal_tenant_id"), table_name="proposal")
    op.drop_index(
        "ix_proposal_list_voices",
        table_name="proposal",
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.drop_index(
        "ix_proposal_list_supports",
        table_name="proposal",
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.drop_index(
        "ix_proposal_list_shuffle",
        table_name="proposal",
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.drop_index(
        "ix_proposal_list_number",
        table_name="proposal",
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.drop_index(op.f("ix_proposal_author_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_contribution_tenant_id"), table_name="contribution")
    op.drop_index("ix_contribution_roots", table_name="contribution")
    op.drop_index(op.f("ix_contribution_author_id"), table_name="contribution")
    op.drop_table("contribution")
    op.drop_index(op.f("ix_thread_tenant_id"), table_name="thread")
    op.drop_table("thread")
    op.drop_index(op.f("ix_slug_redirect_tenant_id"), table_name="slug_redirect")
    op.drop_index(op.f("ix_slug_redirect_slug"), table_name="slug_redirect")
    op.drop_table("slug_redirect")
    op.drop_index(op.f("ix_poll_option_tenant_id"), table_name="poll_option")
    op.drop_table("poll_option")
    op.drop_index("ix_phase_when", table_name="phase")
    op.drop_index(op.f("ix_phase_tenant_id"), table_name="phase")
    op.drop_table("phase")
    op.drop_table("participation")
    op.drop_index(op.f("ix_membership_tenant_id"), table_name="membership")
    op.drop_index("ix_membership_person", table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_change_notice_tenant_id"), table_name="change_notice")
    op.drop_table("change_notice")
    op.drop_index(op.f("ix_answer_tenant_id"), table_name="answer")
    op.drop_index("ix_answer_consultation", table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_section_tenant_id"), table_name="section")
    op.drop_table("section")
    op.drop_index(op.f("ix_rules_acceptance_tenant_id"), table_name="rules_acceptance")
    op.drop_table("rules_acceptance")
    op.drop_index(op.f("ix_residence_tenant_id"), table_name="residence")
    op.drop_table("residence")
    op.drop_index(op.f("ix_poll_step_tenant_id"), table_name="poll_step")
    op.drop_table("poll_step")
    op.drop_index(op.f("ix_poll_result_tenant_id"), table_name="poll_result")
    op.drop_table("poll_result")
    op.drop_index(op.f("ix_organisation_member_tenant_id"), table_name="organisation_member")
    op.drop_table("organisation_member")
    op.drop_index(op.f("ix_eligibility_tenant_id"), table_name="eligibility")
    op.drop_table("eligibility")
    op.drop_index(op.f("ix_decision_tenant_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_consultation_tenant_id"), table_name="consultation")
    op.drop_table("consultation")
    op.drop_index("ix_ballot_final_poll", table_name="ballot_final")
    op.drop_table("ballot_final")
    op.drop_index("ix_ballot_poll", table_name="ballot")
    op.drop_table("ballot")
    op.drop_index(op.f("ix_version_tenant_id"), table_name="version")
    op.drop_table("version")
    op.drop_index(op.f("ix_translation_tenant_id"), table_name="translation")
    op.drop_table("translation")
    op.drop_index("ix_task_waiting", table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_subject_topic_tenant_id"), table_name="subject_topic")
    op.drop_table("subject_topic")
    op.drop_index(op.f("ix_sign_in_session_person_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_poll_tenant_id"), table_name="poll")
    op.drop_table("poll")
    op.drop_index(op.f("ix_passed_tenant_id"), table_name="passed")
    op.drop_table("passed")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_organisation_tenant_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_org_unit_tenant_id"), table_name="org_unit")
    op.drop_table("org_unit")
    op.drop_index(op.f("ix_one_letter_tenant_id"), table_name="one_letter")
    op.drop_table("one_letter")
    op.drop_table("notification_off")
    op.drop_index(op.f("ix_notice_tenant_id"), table_name="notice")
    op.drop_index("ix_notice_subject", table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_legal_rule_key"), table_name="legal_rule")
    op.drop_table("legal_rule")
    op.drop_index(op.f("ix_invitation_tenant_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_file_tenant_id"), table_name="file")
    op.drop_index("ix_file_subject", table_name="file")
    op.drop_table("file")
    op.drop_table("email_token")
    op.drop_index(op.f("ix_draft_tenant_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_discussion_rules_tenant_id"), table_name="discussion_rules")
    op.drop_table("discussion_rules")
    op.drop_index(op.f("ix_coauthor_tenant_id"), table_name="coauthor")
    op.drop_index("ix_coauthor_subject", table_name="coauthor")
    op.drop_index(op.f("ix_coauthor_person_id"), table_name="coauthor")
    op.drop_table("coauthor")
    op.drop_index(op.f("ix_barrier_report_tenant_id"), table_name="barrier_report")
    op.drop_table("barrier_report")
    op.drop_table("audit_detail")
    op.drop_index(op.f("ix_area_tenant_id"), table_name="area")
    op.drop_table("area")
    op.drop_index(
        "uq_approval_open",
        table_name="approval",
        sqlite_where="decided_at IS NULL AND closed_at IS NULL",
        postgresql_where="decided_at IS NULL AND closed_at IS NULL",
    )
    op.drop_index(op.f("ix_approval_tenant_id"), table_name="approval")
    op.drop_index("ix_approval_subject", table_name="approval")
    op.drop_table("approval")
    op.drop_index(
        op.f("ix_accessibility_declaration_tenant_id"), table_name="accessibility_declaration"
    )
    op.drop_table("accessibility_declaration")
    op.drop_table("topic")
    op.drop_table("person")
    op.drop_table("municipality")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.drop_table("attempt")
    op.drop_table("access_refusal")
