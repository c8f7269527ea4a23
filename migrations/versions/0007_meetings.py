"""Meetings: dates, places, sign-up, what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER meeting_is_frozen BEFORE UPDATE ON meeting FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: meeting can no longer be changed'); END",
    "CREATE TRIGGER meeting_state_steps BEFORE UPDATE OF state ON meeting FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'planned' AND NEW.state IN ('moved', 'cancelled', 'held')) OR (OLD.state = 'moved' AND NEW.state IN ('cancelled', 'held'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of meeting.state'); END",
    "CREATE TRIGGER meeting_stays_published BEFORE UPDATE OF published_at ON meeting FOR EACH ROW WHEN OLD.published_at IS NOT NULL AND OLD.published_at IS NOT NEW.published_at BEGIN SELECT RAISE(ABORT, 'published: a meeting that was announced is cancelled, never hidden'); END",
    "CREATE TRIGGER meeting_stays BEFORE DELETE ON meeting FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'published: a meeting that was announced is cancelled, never removed'); END",
    "CREATE TRIGGER meeting_sign_up_state_steps BEFORE UPDATE OF state ON meeting_sign_up FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'asked' AND NEW.state IN ('signed', 'waiting', 'withdrawn')) OR (OLD.state = 'waiting' AND NEW.state IN ('signed', 'withdrawn')) OR (OLD.state = 'signed' AND NEW.state IN ('withdrawn'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of meeting_sign_up.state'); END",
    "CREATE TRIGGER meeting_change_never_changes BEFORE UPDATE ON meeting_change FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: meeting_change rows are never changed'); END",
    "CREATE TRIGGER meeting_change_never_goes BEFORE DELETE ON meeting_change FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: meeting_change rows are never removed'); END",
    "CREATE TRIGGER meeting_message_never_changes BEFORE UPDATE ON meeting_message FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: meeting_message rows are never changed'); END",
    "CREATE TRIGGER meeting_message_never_goes BEFORE DELETE ON meeting_message FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: meeting_message rows are never removed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION meeting_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: meeting can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_is_frozen BEFORE UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_is_frozen()",
    "CREATE FUNCTION meeting_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'planned' AND NEW.state IN ('moved', 'cancelled', 'held')) OR (OLD.state = 'moved' AND NEW.state IN ('cancelled', 'held'))) THEN RAISE EXCEPTION 'transition: no such step of meeting.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_state_steps BEFORE UPDATE OF state ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_state_steps()",
    "CREATE FUNCTION meeting_stays_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at THEN RAISE EXCEPTION 'published: a meeting that was announced is cancelled, never hidden' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_stays_published BEFORE UPDATE OF published_at ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_stays_published()",
    "CREATE FUNCTION meeting_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'published: a meeting that was announced is cancelled, never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER meeting_stays BEFORE DELETE ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_stays()",
    "CREATE FUNCTION meeting_sign_up_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'asked' AND NEW.state IN ('signed', 'waiting', 'withdrawn')) OR (OLD.state = 'waiting' AND NEW.state IN ('signed', 'withdrawn')) OR (OLD.state = 'signed' AND NEW.state IN ('withdrawn'))) THEN RAISE EXCEPTION 'transition: no such step of meeting_sign_up.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_sign_up_state_steps BEFORE UPDATE OF state ON meeting_sign_up FOR EACH ROW EXECUTE FUNCTION meeting_sign_up_state_steps()",
    "CREATE FUNCTION meeting_change_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: meeting_change rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_change_never_changes BEFORE UPDATE ON meeting_change FOR EACH ROW EXECUTE FUNCTION meeting_change_never_changes()",
    "CREATE FUNCTION meeting_change_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: meeting_change rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER meeting_change_never_goes BEFORE DELETE ON meeting_change FOR EACH ROW EXECUTE FUNCTION meeting_change_never_goes()",
    "CREATE FUNCTION meeting_message_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: meeting_message rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER meeting_message_never_changes BEFORE UPDATE ON meeting_message FOR EACH ROW EXECUTE FUNCTION meeting_message_never_changes()",
    "CREATE FUNCTION meeting_message_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: meeting_message rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER meeting_message_never_goes BEFORE DELETE ON meeting_message FOR EACH ROW EXECUTE FUNCTION meeting_message_never_goes()",
)
SQLITE_DROPS = (
    "DROP TRIGGER meeting_is_frozen",
    "DROP TRIGGER meeting_state_steps",
    "DROP TRIGGER meeting_stays_published",
    "DROP TRIGGER meeting_stays",
    "DROP TRIGGER meeting_sign_up_state_steps",
    "DROP TRIGGER meeting_change_never_changes",
    "DROP TRIGGER meeting_change_never_goes",
    "DROP TRIGGER meeting_message_never_changes",
    "DROP TRIGGER meeting_message_never_goes",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER meeting_is_frozen ON meeting",
    "DROP FUNCTION meeting_is_frozen()",
    "DROP TRIGGER meeting_state_steps ON meeting",
    "DROP FUNCTION meeting_state_steps()",
    "DROP TRIGGER meeting_stays_published ON meeting",
    "DROP FUNCTION meeting_stays_published()",
    "DROP TRIGGER meeting_stays ON meeting",
    "DROP FUNCTION meeting_stays()",
    "DROP TRIGGER meeting_sign_up_state_steps ON meeting_sign_up",
    "DROP FUNCTION meeting_sign_up_state_steps()",
    "DROP TRIGGER meeting_change_never_changes ON meeting_change",
    "DROP FUNCTION meeting_change_never_changes()",
    "DROP TRIGGER meeting_change_never_goes ON meeting_change",
    "DROP FUNCTION meeting_change_never_goes()",
    "DROP TRIGGER meeting_message_never_changes ON meeting_message",
    "DROP FUNCTION meeting_message_never_changes()",
    "DROP TRIGGER meeting_message_never_goes ON meeting_message",
    "DROP FUNCTION meeting_message_never_goes()",
)


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("online_url", sa.Text(), nullable=False),
        sa.Column("step_free", sa.Text(), nullable=False),
        sa.Column("lift", sa.Text(), nullable=False),
        sa.Column("toilet", sa.Text(), nullable=False),
        sa.Column("loop", sa.Text(), nullable=False),
        sa.Column("sign_language", sa.Text(), nullable=False),
        sa.Column("captions", sa.Text(), nullable=False),
        sa.Column("easy_text", sa.Text(), nullable=False),
        sa.Column("assistant_dog", sa.Text(), nullable=False),
        sa.Column("quiet_room", sa.Text(), nullable=False),
        sa.Column("childcare", sa.Text(), nullable=False),
        sa.Column("access_contact", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=False),
        sa.Column("has_sign_up", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("slot_minutes", sa.Integer(), nullable=True),
        sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attendance", sa.Integer(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "assistant_dog IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_assistant_dog")
        ),
        sa.CheckConstraint(
            "captions IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_captions")
        ),
        sa.CheckConstraint(
            "childcare IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_childcare")
        ),
        sa.CheckConstraint(
            "easy_text IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_easy_text")
        ),
        sa.CheckConstraint(
            "kind IN ('open_meeting', 'expert_panel', 'workshop', 'study_walk', 'outdoor_meeting', 'consultation_point', 'designer_hours', 'interview', 'public_hearing')",
            name=op.f("ck_meeting_kind"),
        ),
        sa.CheckConstraint("lift IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_lift")),
        sa.CheckConstraint("loop IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_loop")),
        sa.CheckConstraint(
            "quiet_room IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_quiet_room")
        ),
        sa.CheckConstraint(
            "sign_language IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_sign_language")
        ),
        sa.CheckConstraint(
            "state <> 'cancelled' OR length(state_reason) > 0", name=op.f("ck_meeting_reason")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'moved', 'cancelled', 'held')", name=op.f("ck_meeting_state")
        ),
        sa.CheckConstraint(
            "step_free IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_step_free")
        ),
        sa.CheckConstraint("toilet IN ('yes', 'no', 'unknown')", name=op.f("ck_meeting_toilet")),
        sa.CheckConstraint("attendance >= 0", name=op.f("ck_meeting_attendance")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_meeting_seats")),
        sa.CheckConstraint("slot_minutes > 0", name=op.f("ck_meeting_slot_minutes")),
        sa.CheckConstraint("slot_minutes IS NULL OR has_sign_up", name=op.f("ck_meeting_slots")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_dates")),
        sa.CheckConstraint(
            "taken >= 0 AND (seats IS NULL OR taken <= seats)", name=op.f("ck_meeting_taken")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_meeting_created_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_meeting_tenant_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_meeting_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_meeting_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_meeting_tenant_id_id")),
    )
    op.create_index(
        "ix_meeting_consultation",
        "meeting",
        ["tenant_id", "consultation_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_meeting_tenant_id"), "meeting", ["tenant_id"], unique=False)
    op.create_index("ix_meeting_when", "meeting", ["tenant_id", "starts_at"], unique=False)
    op.create_table(
        "meeting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_meeting_change_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meeting.tenant_id", "meeting.id"],
            name=op.f("fk_meeting_change_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_meeting_change_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
    )
    op.create_index(
        "ix_meeting_change_meeting",
        "meeting_change",
        ["tenant_id", "meeting_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meeting_change_tenant_id"), "meeting_change", ["tenant_id"], unique=False
    )
    op.create_table(
        "meeting_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["person.id"], name=op.f("fk_meeting_message_sent_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meeting.tenant_id", "meeting.id"],
            name=op.f("fk_meeting_message_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_meeting_message_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_message")),
    )
    op.create_index(
        op.f("ix_meeting_message_meeting_id"), "meeting_message", ["meeting_id"], unique=False
    )
    op.create_index(
        op.f("ix_meeting_message_tenant_id"), "meeting_message", ["tenant_id"], unique=False
    )
    op.create_table(
        "meeting_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "published_at IS NULL OR length(answer) > 0", name=op.f("ck_meeting_question_answered")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meeting.tenant_id", "meeting.id"],
            name=op.f("fk_meeting_question_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_meeting_question_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_question")),
    )
    op.create_index(
        "ix_meeting_question_meeting",
        "meeting_question",
        ["tenant_id", "meeting_id", "position", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meeting_question_tenant_id"), "meeting_question", ["tenant_id"], unique=False
    )
    op.create_table(
        "meeting_sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR length(name || email || needs) = 0",
            name=op.f("ck_meeting_sign_up_empty"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'signed', 'waiting', 'withdrawn')",
            name=op.f("ck_meeting_sign_up_state"),
        ),
        sa.CheckConstraint("persons BETWEEN 1 AND 5", name=op.f("ck_meeting_sign_up_persons")),
        sa.CheckConstraint("slot IS NULL OR persons = 1", name=op.f("ck_meeting_sign_up_slot")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_meeting_sign_up_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_meeting_sign_up_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "meeting_id"],
            ["meeting.tenant_id", "meeting.id"],
            name=op.f("fk_meeting_sign_up_tenant_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_meeting_sign_up_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_sign_up")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_meeting_sign_up_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_meeting_sign_up_email_folded"), "meeting_sign_up", ["email_folded"], unique=False
    )
    op.create_index(
        "ix_meeting_sign_up_meeting",
        "meeting_sign_up",
        ["tenant_id", "meeting_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_meeting_sign_up_person_id"), "meeting_sign_up", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_meeting_sign_up_tenant_id"), "meeting_sign_up", ["tenant_id"], unique=False
    )
    op.create_index(
        "ux_meeting_sign_up_email",
        "meeting_sign_up",
        ["meeting_id", "email_folded"],
        unique=True,
        sqlite_where=sa.text("state IN ('signed', 'waiting')"),
        postgresql_where=sa.text("state IN ('signed', 'waiting')"),
    )
    op.create_index(
        "ux_meeting_sign_up_slot",
        "meeting_sign_up",
        ["meeting_id", "slot"],
        unique=True,
        sqlite_where=sa.text("state = 'signed'"),
        postgresql_where=sa.text("state = 'signed'"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_index(
        "ux_meeting_sign_up_slot",
        table_name="meeting_sign_up",
        sqlite_where=sa.text("state = 'signed'"),
        postgresql_where=sa.text("state = 'signed'"),
    )
    op.drop_index(
        "ux_meeting_sign_up_email",
        table_name="meeting_sign_up",
        sqlite_where=sa.text("state IN ('signed', 'waiting')"),
        postgresql_where=sa.text("state IN ('signed', 'waiting')"),
    )
    op.drop_index(op.f("ix_meeting_sign_up_tenant_id"), table_name="meeting_sign_up")
    op.drop_index(op.f("ix_meeting_sign_up_person_id"), table_name="meeting_sign_up")
    op.drop_index("ix_meeting_sign_up_meeting", table_name="meeting_sign_up")
    op.drop_index(op.f("ix_meeting_sign_up_email_folded"), table_name="meeting_sign_up")
    op.drop_table("meeting_sign_up")
    op.drop_index(op.f("ix_meeting_question_tenant_id"), table_name="meeting_question")
    op.drop_index("ix_meeting_question_meeting", table_name="meeting_question")
    op.drop_table("meeting_question")
    op.drop_index(op.f("ix_meeting_message_tenant_id"), table_name="meeting_message")
    op.drop_index(op.f("ix_meeting_message_meeting_id"), table_name="meeting_message")
    op.drop_table("meeting_message")
    op.drop_index(op.f("ix_meeting_change_tenant_id"), table_name="meeting_change")
    op.drop_index("ix_meeting_change_meeting", table_name="meeting_change")
    op.drop_table("meeting_change")
    op.drop_index("ix_meeting_when", table_name="meeting")
    op.drop_index(op.f("ix_meeting_tenant_id"), table_name="meeting")
    op.drop_index("ix_meeting_consultation", table_name="meeting")
    op.drop_table("meeting")
