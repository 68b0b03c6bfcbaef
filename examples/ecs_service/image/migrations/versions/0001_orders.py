"""The table of orders; its privileges come from the platform's declaration of users."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.execute(
        "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "created timestamptz NOT NULL DEFAULT now())"
    )


def downgrade() -> None:
    """Drop the table, with its rows."""
    op.execute("DROP TABLE orders")
