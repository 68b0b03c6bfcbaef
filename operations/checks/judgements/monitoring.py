"""Judgements of the group `monitoring`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from operations.aws.clients import Properties
from operations.checks.judgement import Judgement, NotApplicableError, equal, same_members
from operations.outputs import StackOutputs

PENDING, DELETED = "PendingConfirmation", "Deleted"
"""What SNS lists instead of the ARN of a subscription that is not active."""

LOG_SILENCE = timedelta(days=1)
"""The log of a running database has a line at least at every checkpoint."""


def performance_insights(outputs: StackOutputs, instances: list[Properties]) -> Judgement:
    """Database load is collected, retained and encrypted as declared."""
    own = outputs.declared_state
    expected = (
        f"on, {own.performance_insights_retention_days} days, {outputs.kms_key_arn}"
        if own.performance_insights
        else "off"
    )
    return _every_instance(instances, expected, _insights)


def enhanced_monitoring(outputs: StackOutputs, instances: list[Properties]) -> Judgement:
    """Enhanced Monitoring runs at the declared interval."""
    seconds = outputs.declared_state.monitoring_interval_seconds
    return _every_instance(
        instances, f"every {seconds} s" if seconds else "off", _monitoring_interval
    )


def log_exports(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The declared logs are exported to CloudWatch Logs."""
    return same_members(
        outputs.declared_state.log_group_names, cluster.get("EnabledCloudwatchLogsExports", [])
    )


def log_groups(outputs: StackOutputs, groups: dict[str, Properties]) -> Judgement:
    """Each exported log has its group, retained and encrypted as declared."""
    own = outputs.declared_state
    expected = {
        name: f"{own.log_retention_days} days, {outputs.kms_key_arn}"
        for name in own.log_group_names.values()
    }
    found = {
        name: f"{row.get('retentionInDays', 'unlimited')} days, {row.get('kmsKeyId', 'no key')}"
        for name, row in groups.items()
        if name in expected
    }
    return equal(expected, found)


def logs_received(outputs: StackOutputs, log_events: Properties, now: datetime) -> Judgement:
    """The log group of the PostgreSQL log receives events."""
    if log_events["group"] is None:
        message = "the PostgreSQL log is not exported"
        raise NotApplicableError(message)
    last = log_events["last"]
    if last is None:
        return Judgement(
            passed=False,
            expected="an event within a day",
            found="no event",
            evidence=f"{log_events['group']} has {log_events['streams']} streams",
        )
    moment = datetime.fromtimestamp(last / 1000, UTC)
    if now - moment > LOG_SILENCE and outputs.declared_state.min_capacity == 0:
        message = f"last event {moment:%Y-%m-%d %H:%M} UTC; a paused cluster writes no log"
        raise NotApplicableError(message)
    return Judgement(
        now - moment <= LOG_SILENCE,
        "an event within a day",
        f"last event {moment:%Y-%m-%d %H:%M} UTC",
        str(log_events["group"]),
    )


def alarms_present(outputs: StackOutputs, alarms: list[Properties]) -> Judgement:
    """Every declared alarm exists."""
    names = [each["AlarmName"] for each in alarms]
    missing = [name for name in outputs.declared_state.alarm_names if name not in names]
    total = len(outputs.declared_state.alarm_names)
    return Judgement(
        not missing,
        f"{total} alarms",
        f"{total - len(missing)}",
        f"missing: {', '.join(missing)}" if missing else "",
    )


def alarms_notify(outputs: StackOutputs, alarms: list[Properties]) -> Judgement:
    """Every declared alarm notifies the topic, and its actions are enabled."""
    topic = outputs.notifications_topic_arn
    silent = [
        each["AlarmName"]
        for each in alarms
        if each["AlarmName"] in outputs.declared_state.alarm_names
        and not (each["ActionsEnabled"] and topic in each["AlarmActions"])
    ]
    found = ", ".join(silent) if silent else "all"
    return Judgement(not silent, f"all notify {topic}", f"{'not: ' if silent else ''}{found}")


def alarm_recipients(outputs: StackOutputs, subscriptions: list[Properties]) -> Judgement:
    """Every declared recipient has confirmed the subscription of the notification topic."""
    declared = outputs.declared_state.notification_emails
    if not declared:
        message = "notificationEmails is empty"
        raise NotApplicableError(message)
    states = {
        str(each["Endpoint"]): "unconfirmed" if each["SubscriptionArn"] == PENDING else "confirmed"
        for each in subscriptions
        if each["SubscriptionArn"] != DELETED
    }
    expected = dict.fromkeys(sorted(declared), "confirmed")
    return equal(expected, {name: states.get(name, "not subscribed") for name in expected})


def rotation_trail(outputs: StackOutputs, trails: list[Properties]) -> Judgement:
    """A trail logs management events in the region, so that failed rotations raise an alarm."""
    states = {
        each["Name"]: "on" if each["IsLogging"] and _management(each["Selectors"]) else "off"
        for each in trails
        if each.get("IsMultiRegionTrail") or each.get("HomeRegion") == outputs.region
    }
    found = ", ".join(f"{name} {state}" for name, state in states.items())
    return Judgement(
        "on" in states.values(), "a trail that logs management events", found or "no trail"
    )


def _management(selectors: Properties) -> bool:
    """Return whether writes of management events are logged."""
    simple: list[Properties] = selectors.get("EventSelectors", [])
    advanced: list[Properties] = selectors.get("AdvancedEventSelectors", [])
    fields: list[Properties] = [field for row in advanced for field in row["FieldSelectors"]]
    return any(
        row.get("IncludeManagementEvents", True) and row.get("ReadWriteType") != "ReadOnly"
        for row in simple
    ) or any(
        field["Field"] == "eventCategory" and "Management" in field.get("Equals", [])
        for field in fields
    )


def _insights(instance: Properties) -> str:
    if not instance.get("PerformanceInsightsEnabled"):
        return "off"
    days = instance.get("PerformanceInsightsRetentionPeriod")
    return f"on, {days} days, {instance.get('PerformanceInsightsKMSKeyId')}"


def _monitoring_interval(instance: Properties) -> str:
    seconds = instance.get("MonitoringInterval", 0)
    return f"every {seconds} s" if seconds else "off"


def _every_instance(instances: list[Properties], expected: str, state: Any) -> Judgement:
    states = {each["DBInstanceIdentifier"]: state(each) for each in instances}
    return equal(dict.fromkeys(states, expected), states)
