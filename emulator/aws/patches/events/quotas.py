"""EventBridge: quotas of rules."""

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

PATTERN_CHARACTERS = 2048
"""Default of the quota "Event pattern size" (Amazon EventBridge quotas); up to 4,096 on request."""


@patch_operations(
    "events:PutRule",
    moto_behaviour="a pattern has up to 4,096 characters, the maximum of the quota",
    aws="rejected beyond 2,048 characters, the quota's default; the code is not published, "
    "LimitExceededException is this emulator's choice",
    source="Amazon EventBridge quotas, Event pattern size; hashicorp/terraform-provider-aws issue "
    "33732 and pull request 34270; EventBridge API reference, PutRule, Errors",
    test="events/test_quotas::test_a_pattern_beyond_the_quota_is_rejected",
)
def limit_pattern_size(call: Call, proceed: Proceed) -> Answer:
    """Count the characters of the pattern as sent."""
    size = len(call.params.get("EventPattern") or "")
    if size > PATTERN_CHARACTERS:
        reject(
            "LimitExceededException",
            f"The event pattern has {size} characters, more than the quota of "
            f"{PATTERN_CHARACTERS}.",
        )
    return proceed()
