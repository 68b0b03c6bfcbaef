"""Clusters that pause at 0 ACU: every connection attempt resumes them.

Aurora user guide, Scaling to Zero ACUs with automatic pause and resume: the status of a paused
instance is still `available`, its capacity is 0, and it publishes no metric of its connections.
"""

from operations.aws.errors import AwsCallError
from operations.context import Context
from operations.database.login import may_pause
from operations.reports.status.facts import read_capacity

RESUMED = "the cluster was paused and was resumed for this check"
"""Evidence of a check that connects."""

_DURATION = "which takes about 15 s, or longer after a day"


def announce_resume(context: Context, instead: str = "") -> bool:
    """Note that the next connection resumes the cluster, if it is or may be paused.

    Args:
        context: The stack.
        instead: How to leave the cluster paused, for the message. Default: no hint.

    Returns:
        Whether the cluster is paused.
    """
    if not may_pause(context.outputs):
        return False
    cluster = context.outputs.cluster_identifier
    ending = f"{_DURATION}; {instead}" if instead else _DURATION
    try:
        capacity = read_capacity(context)
    except AwsCallError as error:
        context.note(f"{cluster} may be paused ({error}): connecting resumes it, {ending}")
        return False
    if capacity == 0.0:
        context.note(f"{cluster} is paused (0 ACU): connecting resumes it, {ending}")
    return capacity == 0.0
