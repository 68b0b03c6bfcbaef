"""Rules that need the account, which is looked up."""

from collections.abc import Iterable

from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.backup_plan import copy_issues
from components.aurora_data_platform.settings.fields import SettingsFields


def account_issues(s: SettingsFields, account_id: str) -> Iterable[ConfigIssue]:
    """Return the issues of settings that do not fit an account.

    Args:
        s: Valid settings.
        account_id: AWS account ID of the platform.
    """
    yield from copy_issues(s.backup_plan, s.region, account_id)
    for feature, role_arn in s.iam_roles.items():
        if role_arn.split(":")[4] != account_id:
            yield ConfigIssue(
                f"iamRoles.{feature}",
                role_arn,
                f"a role in {account_id}",
                "a role can be passed to a service in its own account only (IAM User Guide, "
                "Granting a user permissions to pass a role to an AWS service)",
            )
