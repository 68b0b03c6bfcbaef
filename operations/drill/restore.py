"""The restore drill: restores the source into a temporary cluster, compares both and deletes it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from operations.aws.errors import AwsCallError
from operations.context import Context
from operations.database.login import Login, LoginRejectedError, UnreachableError, session
from operations.database.secret import CURRENT, PREVIOUS, login_of, read_secret
from operations.drill.clusters import DrillClusters, DrillTimeoutError
from operations.drill.sanity import Answer, compare
from operations.errors import CannotRunError, LeftBehindError
from operations.signals import Interruptions

LOGIN_SECONDS = 300.0
"""How long a restored cluster, once available, may take to accept a login."""


@dataclass
class RestoreDrill:
    """The result of a drill.

    Attributes:
        identifier: The temporary cluster.
        restored_to: The restored time.
        latest: Whether that is the latest restorable time.
        requested: When the restoration was requested.
        rpo_seconds: Recovery point: how much older the restored time is than the request.
        rto_seconds: Recovery time: from the request to the first login; None without a login.
        steps: Seconds from the request to the end of each step.
        answers: Answers of the sanity queries.
        removed: Whether the temporary cluster is gone.
    """

    identifier: str
    restored_to: datetime
    latest: bool
    requested: datetime
    rpo_seconds: float
    rto_seconds: float | None = None
    steps: dict[str, float] = field(default_factory=dict[str, float])
    answers: list[Answer] = field(default_factory=list[Answer])
    removed: bool = False

    def problems(self, *, require_equal: bool) -> list[str]:
        """Return what is wrong: queries that failed, on either cluster.

        Args:
            require_equal: Whether a difference from the source is wrong, too.
        """
        return [
            f"{each.query}: {each.both}"
            for each in self.answers
            if each.failed or (require_equal and not each.is_equal)
        ]


def restorable_time(source: dict[str, Any], at: datetime | None) -> datetime:
    """Return the time to restore.

    Args:
        source: The cluster, as DescribeDBClusters returns it.
        at: The requested time. Default: the latest restorable time.

    Raises:
        CannotRunError: the time is outside of the restore window.
    """
    earliest: datetime = source["EarliestRestorableTime"]
    latest: datetime = source["LatestRestorableTime"]
    if at is None:
        return latest
    if not earliest <= at < latest:
        message = (
            f"--at {at:%Y-%m-%dT%H:%M:%SZ}: outside of the restore window, "
            f"{earliest:%Y-%m-%dT%H:%M:%SZ} to {latest:%Y-%m-%dT%H:%M:%SZ}"
        )
        raise CannotRunError(message)
    return at


def run_restore_drill(
    context: Context,
    clusters: DrillClusters,
    source: dict[str, Any],
    at: datetime | None,
    statements: Sequence[str],
    progress: Callable[[str], None],
    interruptions: Interruptions,
) -> RestoreDrill:
    """Restore the source into a temporary cluster, query both, and remove it again.

    Args:
        context: The stack.
        clusters: Temporary clusters of the source.
        source: The source, as DescribeDBClusters returns it.
        at: The time to restore. Default: the latest restorable time.
        statements: Statements besides the sanity queries.
        progress: Called at the start of each step.
        interruptions: Allowed until the temporary cluster is removed.

    Raises:
        LeftBehindError: the temporary cluster could not be removed.
        CannotRunError: the cluster was not restored, or cannot be reached.
        KeyboardInterrupt: the drill was interrupted, and the temporary cluster is removed.
    """
    requested, until = datetime.now(UTC), restorable_time(source, at)
    drill = RestoreDrill(
        clusters.new_identifier(requested),
        until,
        at is None,
        requested,
        max(0.0, round((requested - until).total_seconds(), 1)),
    )
    try:
        with interruptions.allowed():
            _restore(context, clusters, source, drill, statements, progress)
    except (UnreachableError, LoginRejectedError, DrillTimeoutError) as error:
        message = f"the drill stopped: {error}"
        raise CannotRunError(message) from None
    finally:
        # Also after Ctrl-C, and never interrupted by it: nothing that costs money may remain.
        progress(f"removing {drill.identifier}")
        _remove(clusters, drill, context)
    return drill


def _restore(
    context: Context,
    clusters: DrillClusters,
    source: dict[str, Any],
    drill: RestoreDrill,
    statements: Sequence[str],
    progress: Callable[[str], None],
) -> None:
    clock = time.monotonic()

    def step(name: str) -> None:
        drill.steps[name] = round(time.monotonic() - clock, 1)

    progress(f"restoring {until_text(drill)} into {drill.identifier}")
    clusters.restore(drill.identifier, source, None if drill.latest else drill.restored_to)
    step("restoration requested")
    progress("waiting for the cluster")
    clusters.wait_until_available(drill.identifier)
    step("cluster available")
    progress("creating its instance")
    clusters.add_instance(drill.identifier)
    clusters.wait_until_available(drill.identifier, instance=True)
    step("instance available")
    progress("logging in")
    restored = _log_in(context, clusters, drill.identifier)
    step("first login")
    drill.rto_seconds = drill.steps["first login"]
    progress("querying both clusters")
    value = read_secret(context.aws, context.outputs.master_secret_arn)
    drill.answers = compare(login_of(context.outputs, value), restored, statements)
    step("queries answered")


def until_text(drill: RestoreDrill) -> str:
    """Return the restored time as text."""
    return f"{drill.restored_to:%Y-%m-%dT%H:%M:%SZ}"


def _log_in(context: Context, clusters: DrillClusters, identifier: str) -> Login:
    """Return the first login that works.

    The password at the restored time may be the previous one by now.
    """
    cluster = clusters.get(identifier)
    if cluster is None:
        message = f"{identifier} no longer exists"
        raise UnreachableError(message)
    logins: list[Login] = []
    for stage in (CURRENT, PREVIOUS):
        try:
            value = read_secret(context.aws, context.outputs.master_secret_arn, stage)
        except AwsCallError as error:
            if not error.is_not_found:
                raise
            continue
        logins.append(replace(login_of(context.outputs, value), host=cluster.endpoint))
    deadline = time.monotonic() + LOGIN_SECONDS
    while True:
        try:
            return next(login for login in logins if _works(login))
        except StopIteration:
            message = "it rejects the current and the previous master password"
            raise LoginRejectedError(message) from None
        except UnreachableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _works(login: Login) -> bool:
    try:
        with session(login):
            return True
    except LoginRejectedError:
        return False


def _remove(clusters: DrillClusters, drill: RestoreDrill, context: Context) -> None:
    try:
        clusters.remove(drill.identifier)
    except (AwsCallError, CannotRunError, DrillTimeoutError) as error:
        message = (
            f"the temporary cluster {drill.identifier} still exists ({error}): remove it with "
            f"`python -m operations drill sweep --stack {context.stack} --unexpired --confirm "
            f"{context.outputs.cluster_identifier}`"
        )
        raise LeftBehindError(message) from None
    drill.removed = True
