"""What to do about a role that the session's user may not manage."""

from components.database_functions.database import quoted_name


def not_administered(role: str, user: str) -> str:
    """Return the message about a role that another role created.

    The grant in it gives the right to manage the role only: with INHERIT, a user that logs in with
    a password would become a member of rds_iam through a role that logs in with IAM, and RDS would
    then reject its password (Aurora User Guide, IAM database authentication).
    """
    return (
        f"role {role} was created by another role, so {user} cannot manage it; as its creator, "
        f"run: GRANT {quoted_name(role)} TO {quoted_name(user)} "
        "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
    )
