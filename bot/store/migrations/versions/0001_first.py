"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes all tables."""
    op.create_table(
        "api_key",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_api_key"),
    )
    op.create_table(
        "audit",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("seq", name="uq_audit_seq"),
    )
    op.create_index(
        "ix_audit_unchained",
        "audit",
        ["id"],
        unique=False,
        postgresql_where=sa.text("seq IS NULL"),
        sqlite_where=sa.text("seq IS NULL"),
    )
    op.create_table(
        "audit_head",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("only", name="pk_audit_head"),
    )
    op.create_table(
        "case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("driver", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sa.UniqueConstraint("number", name="uq_case_number"),
    )
    op.create_index("ix_case_asker", "case", ["asker"], unique=False)
    op.create_index("ix_case_owner", "case", ["owner"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_conversation"),
    )
    op.create_index("ix_conversation_used_on", "conversation", ["used_on"], unique=False)
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.create_table(
        "delivery",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("reply", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_delivery"),
        sa.UniqueConstraint("id", name="uq_delivery_id"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
    )
    op.create_index(
        "ix_delivery_conversation",
        "delivery",
        ["conversation"],
        unique=False,
        postgresql_where=sa.text("conversation IS NOT NULL"),
        sqlite_where=sa.text("conversation IS NOT NULL"),
    )
    op.create_index("ix_delivery_created_at", "delivery", ["created_at"], unique=False)
    op.create_index(
        "ix_delivery_queued",
        "delivery",
        ["reply", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_delivery_sending",
        "delivery",
        ["sending_since"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
        sqlite_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "feedback",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_feedback"),
    )
    op.create_index("ix_feedback_passage", "feedback", ["passage"], unique=False)
    op.create_table(
        "gap",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("initiative", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gap"),
        sa.UniqueConstraint("words", name="uq_gap_words"),
    )
    op.create_index("ix_gap_initiative", "gap", ["initiative"], unique=False)
    op.create_table(
        "heard",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_heard"),
        sa.UniqueConstraint("event", name="uq_heard_event"),
    )
    op.create_index(
        "ix_heard_due",
        "heard",
        ["try_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_heard_waiting",
        "heard",
        ["conversation", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "occurrence",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_occurrence"),
    )
    op.create_table(
        "person",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("manager", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("working_days", sa.Text(), nullable=False),
        sa.Column("working_hours", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
    )
    op.create_table(
        "playbook_in_force",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_playbook_in_force"),
    )
    op.create_table(
        "playbook_version",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "version", name="pk_playbook_version"),
    )
    op.create_table(
        "case_event",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("case", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case.id"], name="fk_case_event_case", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
    )
    op.create_index("ix_case_event_case", "case_event", ["case"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("id", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("delivery", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"], name="fk_delivery_attempt_delivery", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempt"),
    )
    op.create_index("ix_delivery_attempt_delivery", "delivery_attempt", ["delivery"], unique=False)
    op.create_table(
        "gap_asker",
        sa.Column("gap", sa.String(length=32), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["gap"], ["gap.id"], name="fk_gap_asker_gap", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("gap", "mark", name="pk_gap_asker"),
    )
    op.create_table(
        "identity",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("member", sa.Boolean(), nullable=False),
        sa.Column("direct", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_identity_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("platform", "workspace", "account", name="pk_identity"),
    )
    op.create_index("ix_identity_person", "identity", ["person"], unique=False)
    op.create_table(
        "setting",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name="fk_setting_person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person", "name", name="pk_setting"),
    )
