"""Reserved concurrency: an account's quota."""

import os

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

QUOTA_VARIABLE = "EMULATOR_LAMBDA_CONCURRENCY"
"""Environment variable: the account's quota of concurrent executions."""

DEFAULT_QUOTA = 10
"""The quota of a new account (Lambda developer guide, Lambda quotas)."""

UNRESERVED = 100
"""Executions that must stay unreserved (Lambda developer guide, Configuring reserved concurrency);
all of them in an account with a lower quota."""


@patch_operations(
    "lambda:PutFunctionConcurrency",
    moto_behaviour="any number of executions can be reserved",
    aws="InvalidParameterValueException if too few executions stay unreserved; a new account has "
    "10, of which none can be reserved",
    source="Lambda developer guide, Configuring reserved concurrency; hashicorp/terraform-provider-"
    "aws issues quote the message",
    test="awslambda/test_concurrency::test_a_new_account_cannot_reserve_any_concurrency",
)
def enforce_concurrency_quota(call: Call, proceed: Proceed) -> Answer:
    """Reject a reservation that leaves fewer unreserved executions than the minimum."""
    quota = int(os.environ.get(QUOTA_VARIABLE, DEFAULT_QUOTA))
    minimum = min(quota, UNRESERVED)
    reserved = sum(
        int(function.reserved_concurrency or 0)
        for function in call.functions.list_functions()
        if function.function_name != call.params["FunctionName"]
    )
    if quota - reserved - call.params["ReservedConcurrentExecutions"] < minimum:
        reject(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{minimum}].",
        )
    return proceed()
