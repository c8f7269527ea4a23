"""What stays of a refused residence when its account is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_refusal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_former_refusal_tenant_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_former_refusal_decided_by")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "address_hash", name=op.f("pk_former_refusal")),
    )


def downgrade() -> None:
    op.drop_table("former_refusal")
