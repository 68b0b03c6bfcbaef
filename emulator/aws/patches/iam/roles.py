"""IAM: changes of roles."""

from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations


@patch_operations(
    "iam:UpdateRole",
    moto_behaviour="a setting that is not sent is reset",
    aws="it stays as it is",
    source="IAM API reference, UpdateRole: both settings are optional; "
    "hashicorp/terraform-provider-aws, internal/service/iam/role.go: a change of the session "
    "duration is sent without the description, and causes no difference in it",
    test="iam/test_roles::test_an_update_keeps_the_setting_that_is_not_sent",
)
def keep_unsent_settings(call: Call, proceed: Proceed) -> Answer:
    """Restore what moto resets."""
    role = call.iam.get_role(call.params["RoleName"])
    description, duration = role.description, role.max_session_duration
    result = proceed()
    if "Description" not in call.params:
        role.description = description
    if "MaxSessionDuration" not in call.params:
        role.max_session_duration = duration
    return result
