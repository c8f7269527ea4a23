"""Documents, their units, and the remarks on them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER document_is_frozen BEFORE UPDATE ON document FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: document can no longer be changed'); END",
    "CREATE TRIGGER document_never_goes BEFORE DELETE ON document FOR EACH ROW WHEN EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.id AND c.state NOT IN ('draft', 'awaiting_approval')) BEGIN SELECT RAISE(ABORT, 'frozen: a published document is never removed'); END",
    "CREATE TRIGGER document_version_never_changes BEFORE UPDATE ON document_version FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: document_version rows are never changed'); END",
    "CREATE TRIGGER document_version_never_goes BEFORE DELETE ON document_version FOR EACH ROW WHEN EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.document_id AND c.state NOT IN ('draft', 'awaiting_approval')) BEGIN SELECT RAISE(ABORT, 'append_only: a published document_version is never removed'); END",
    "CREATE TRIGGER unit_is_frozen BEFORE UPDATE ON unit FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.document_id IS NOT NEW.document_id OR OLD.number IS NOT NEW.number) BEGIN SELECT RAISE(ABORT, 'frozen: unit can no longer be changed'); END",
    "CREATE TRIGGER unit_stays_while_named BEFORE DELETE ON unit FOR EACH ROW WHEN EXISTS (SELECT 1 FROM remark r WHERE r.tenant_id = OLD.tenant_id AND r.on_unit_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'frozen: a remark names this unit'); END",
    "CREATE TRIGGER unit_text_is_not_added_later BEFORE INSERT ON unit_text FOR EACH ROW WHEN EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = NEW.tenant_id AND v.document_id = NEW.document_id AND v.no = NEW.version_no) BEGIN SELECT RAISE(ABORT, 'frozen: a kept version of a document gets no more units'); END",
    "CREATE TRIGGER unit_text_is_frozen BEFORE UPDATE ON unit_text FOR EACH ROW WHEN EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = OLD.tenant_id AND v.document_id = OLD.document_id AND v.no = OLD.version_no) BEGIN SELECT RAISE(ABORT, 'frozen: a kept version of a document does not change'); END",
    "CREATE TRIGGER unit_text_never_goes BEFORE DELETE ON unit_text FOR EACH ROW WHEN EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = OLD.tenant_id AND v.document_id = OLD.document_id AND v.no = OLD.version_no) AND EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.document_id AND c.state NOT IN ('draft', 'awaiting_approval')) BEGIN SELECT RAISE(ABORT, 'frozen: a published version of a document keeps its units'); END",
    "CREATE TRIGGER remark_is_frozen BEFORE UPDATE ON remark FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.number IS NOT NEW.number OR OLD.channel IS NOT NEW.channel OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: remark can no longer be changed'); END",
    "CREATE TRIGGER remark_state_steps BEFORE UPDATE OF state ON remark FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'given' AND NEW.state IN ('withdrawn'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of remark.state'); END",
    "CREATE TRIGGER remark_content_state_steps BEFORE UPDATE OF content_state ON remark FOR EACH ROW WHEN OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of remark.content_state'); END",
    "CREATE TRIGGER remark_never_goes BEFORE DELETE ON remark FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: a remark is withdrawn or hidden, never removed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION document_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: document can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER document_is_frozen BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_is_frozen()",
    "CREATE FUNCTION document_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.id AND c.state NOT IN ('draft', 'awaiting_approval')) THEN RAISE EXCEPTION 'frozen: a published document is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER document_never_goes BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION document_never_goes()",
    "CREATE FUNCTION document_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: document_version rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER document_version_never_changes BEFORE UPDATE ON document_version FOR EACH ROW EXECUTE FUNCTION document_version_never_changes()",
    "CREATE FUNCTION document_version_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.document_id AND c.state NOT IN ('draft', 'awaiting_approval')) THEN RAISE EXCEPTION 'append_only: a published document_version is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER document_version_never_goes BEFORE DELETE ON document_version FOR EACH ROW EXECUTE FUNCTION document_version_never_goes()",
    "CREATE FUNCTION unit_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.document_id IS DISTINCT FROM NEW.document_id OR OLD.number IS DISTINCT FROM NEW.number) THEN RAISE EXCEPTION 'frozen: unit can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER unit_is_frozen BEFORE UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION unit_is_frozen()",
    "CREATE FUNCTION unit_stays_while_named() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM remark r WHERE r.tenant_id = OLD.tenant_id AND r.on_unit_id = OLD.id) THEN RAISE EXCEPTION 'frozen: a remark names this unit' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER unit_stays_while_named BEFORE DELETE ON unit FOR EACH ROW EXECUTE FUNCTION unit_stays_while_named()",
    "CREATE FUNCTION unit_text_is_not_added_later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = NEW.tenant_id AND v.document_id = NEW.document_id AND v.no = NEW.version_no) THEN RAISE EXCEPTION 'frozen: a kept version of a document gets no more units' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER unit_text_is_not_added_later BEFORE INSERT ON unit_text FOR EACH ROW EXECUTE FUNCTION unit_text_is_not_added_later()",
    "CREATE FUNCTION unit_text_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = OLD.tenant_id AND v.document_id = OLD.document_id AND v.no = OLD.version_no) THEN RAISE EXCEPTION 'frozen: a kept version of a document does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER unit_text_is_frozen BEFORE UPDATE ON unit_text FOR EACH ROW EXECUTE FUNCTION unit_text_is_frozen()",
    "CREATE FUNCTION unit_text_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = OLD.tenant_id AND v.document_id = OLD.document_id AND v.no = OLD.version_no) AND EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id WHERE d.id = OLD.document_id AND c.state NOT IN ('draft', 'awaiting_approval')) THEN RAISE EXCEPTION 'frozen: a published version of a document keeps its units' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER unit_text_never_goes BEFORE DELETE ON unit_text FOR EACH ROW EXECUTE FUNCTION unit_text_never_goes()",
    "CREATE FUNCTION remark_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: remark can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER remark_is_frozen BEFORE UPDATE ON remark FOR EACH ROW EXECUTE FUNCTION remark_is_frozen()",
    "CREATE FUNCTION remark_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'given' AND NEW.state IN ('withdrawn'))) THEN RAISE EXCEPTION 'transition: no such step of remark.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER remark_state_steps BEFORE UPDATE OF state ON remark FOR EACH ROW EXECUTE FUNCTION remark_state_steps()",
    "CREATE FUNCTION remark_content_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.content_state <> NEW.content_state AND NOT ((OLD.content_state = 'held' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'visible' AND NEW.content_state IN ('held', 'collapsed', 'hidden', 'erased', 'archived')) OR (OLD.content_state = 'collapsed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'hidden' AND NEW.content_state IN ('visible', 'collapsed', 'removed', 'erased')) OR (OLD.content_state = 'removed' AND NEW.content_state IN ('visible', 'hidden', 'erased')) OR (OLD.content_state = 'archived' AND NEW.content_state IN ('visible', 'hidden', 'erased'))) THEN RAISE EXCEPTION 'transition: no such step of remark.content_state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER remark_content_state_steps BEFORE UPDATE OF content_state ON remark FOR EACH ROW EXECUTE FUNCTION remark_content_state_steps()",
    "CREATE FUNCTION remark_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: a remark is withdrawn or hidden, never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER remark_never_goes BEFORE DELETE ON remark FOR EACH ROW EXECUTE FUNCTION remark_never_goes()",
)
SQLITE_DROPS = (
    "DROP TRIGGER remark_never_goes",
    "DROP TRIGGER remark_content_state_steps",
    "DROP TRIGGER remark_state_steps",
    "DROP TRIGGER remark_is_frozen",
    "DROP TRIGGER unit_text_never_goes",
    "DROP TRIGGER unit_text_is_frozen",
    "DROP TRIGGER unit_text_is_not_added_later",
    "DROP TRIGGER unit_stays_while_named",
    "DROP TRIGGER unit_is_frozen",
    "DROP TRIGGER document_version_never_goes",
    "DROP TRIGGER document_version_never_changes",
    "DROP TRIGGER document_never_goes",
    "DROP TRIGGER document_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER remark_never_goes ON remark",
    "DROP FUNCTION remark_never_goes()",
    "DROP TRIGGER remark_content_state_steps ON remark",
    "DROP FUNCTION remark_content_state_steps()",
    "DROP TRIGGER remark_state_steps ON remark",
    "DROP FUNCTION remark_state_steps()",
    "DROP TRIGGER remark_is_frozen ON remark",
    "DROP FUNCTION remark_is_frozen()",
    "DROP TRIGGER unit_text_never_goes ON unit_text",
    "DROP FUNCTION unit_text_never_goes()",
    "DROP TRIGGER unit_text_is_frozen ON unit_text",
    "DROP FUNCTION unit_text_is_frozen()",
    "DROP TRIGGER unit_text_is_not_added_later ON unit_text",
    "DROP FUNCTION unit_text_is_not_added_later()",
    "DROP TRIGGER unit_stays_while_named ON unit",
    "DROP FUNCTION unit_stays_while_named()",
    "DROP TRIGGER unit_is_frozen ON unit",
    "DROP FUNCTION unit_is_frozen()",
    "DROP TRIGGER document_version_never_goes ON document_version",
    "DROP FUNCTION document_version_never_goes()",
    "DROP TRIGGER document_version_never_changes ON document_version",
    "DROP FUNCTION document_version_never_changes()",
    "DROP TRIGGER document_never_goes ON document",
    "DROP FUNCTION document_never_goes()",
    "DROP TRIGGER document_is_frozen ON document",
    "DROP FUNCTION document_is_frozen()",
)


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("draft_file_id", sa.Integer(), nullable=True),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("last_unit", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_unit >= 0", name=op.f("ck_document_last_unit")),
        sa.CheckConstraint("version_no >= 0", name=op.f("ck_document_version_no")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_document_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "draft_file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_document_tenant_id_draft_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_document_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_document_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_document_tenant_id_id")),
    )
    op.create_index(
        "ix_document_consultation",
        "document",
        ["tenant_id", "consultation_id", "position"],
        unique=False,
    )
    op.create_index(op.f("ix_document_tenant_id"), "document", ["tenant_id"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("no > 0", name=op.f("ck_document_version_no")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_document_version_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_document_version_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_document_version_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_document_version_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "document_id",
            "no",
            name=op.f("uq_document_version_tenant_id_document_id_no"),
        ),
    )
    op.create_index(
        op.f("ix_document_version_tenant_id"), "document_version", ["tenant_id"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("remarks", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_unit_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_unit_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_unit_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint(
            "tenant_id", "document_id", "number", name=op.f("uq_unit_tenant_id_document_id_number")
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_unit_tenant_id_id")),
    )
    op.create_index(op.f("ix_unit_tenant_id"), "unit", ["tenant_id"], unique=False)
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("on_unit_id", sa.Integer(), nullable=True),
        sa.Column("document_version", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("same_as", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_state", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
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
            "(channel = 'web') = (entered_by IS NULL)", name=op.f("ck_remark_entered")
        ),
        sa.CheckConstraint(
            "channel IN ('web', 'paper', 'email', 'telephone', 'epuap', 'edoreczenia', 'meeting', 'point')",
            name=op.f("ck_remark_channel"),
        ),
        sa.CheckConstraint(
            "content_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_remark_content_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('change', 'removal', 'addition', 'question', 'general')",
            name=op.f("ck_remark_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name=op.f("ck_remark_withdrawn")
        ),
        sa.CheckConstraint("state IN ('given', 'withdrawn')", name=op.f("ck_remark_state")),
        sa.CheckConstraint("length(body) > 0 OR length(wording) > 0", name=op.f("ck_remark_said")),
        sa.CheckConstraint(
            "on_unit_id IS NULL OR document_id IS NOT NULL", name=op.f("ck_remark_place")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_remark_author_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_remark_entered_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_remark_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_remark_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_remark_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "on_unit_id"],
            ["unit.tenant_id", "unit.id"],
            name=op.f("fk_remark_tenant_id_on_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_remark_tenant_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name=op.f("fk_remark_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint(
            "tenant_id",
            "author_id",
            "form_key",
            name=op.f("uq_remark_tenant_id_author_id_form_key"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "consultation_id",
            "number",
            name=op.f("uq_remark_tenant_id_consultation_id_number"),
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_remark_tenant_id_id")),
    )
    op.create_index(op.f("ix_remark_author_id"), "remark", ["author_id"], unique=False)
    op.create_index(
        "ix_remark_document",
        "remark",
        ["tenant_id", "document_id", "number"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(
        "ix_remark_same",
        "remark",
        ["tenant_id", "consultation_id", "same_as", "number", "id"],
        unique=False,
        sqlite_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
        postgresql_where=sa.text("content_state IN ('archived', 'collapsed', 'visible')"),
    )
    op.create_index(op.f("ix_remark_tenant_id"), "remark", ["tenant_id"], unique=False)
    op.create_index("ix_remark_unit", "remark", ["tenant_id", "on_unit_id", "number"], unique=False)
    op.create_table(
        "unit_text",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IN ('heading', 'paragraph', 'section', 'point', 'letter', 'text')",
            name=op.f("ck_unit_text_level"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["unit.tenant_id", "unit.id"],
            name=op.f("fk_unit_text_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_unit_text_tenant_id")
        ),
        sa.PrimaryKeyConstraint("unit_id", "version_no", name=op.f("pk_unit_text")),
    )
    op.create_index(
        "ix_unit_text_order", "unit_text", ["document_id", "version_no", "position"], unique=False
    )
    op.create_index(op.f("ix_unit_text_tenant_id"), "unit_text", ["tenant_id"], unique=False)
    op.create_table(
        "remark_sender",
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("owns_land", sa.Boolean(), nullable=True),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "remark_id"],
            ["remark.tenant_id", "remark.id"],
            name=op.f("fk_remark_sender_tenant_id_remark_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_remark_sender_tenant_id")
        ),
        sa.PrimaryKeyConstraint("remark_id", name=op.f("pk_remark_sender")),
    )
    op.create_index(
        op.f("ix_remark_sender_tenant_id"), "remark_sender", ["tenant_id"], unique=False
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_table("remark_sender")
    op.drop_table("unit_text")
    op.drop_table("remark")
    op.drop_table("unit")
    op.drop_table("document_version")
    op.drop_table("document")
