"""The summary for people: one screen of at most 80 columns."""

from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from operations.context import Context

_UNKNOWN = "unknown"
_GOOD = ("available", "OK")


def screen(context: Context, summary: dict[str, Any], now: datetime) -> RenderableType:
    """Return the screen.

    Args:
        context: The stack.
        summary: See `operations.reports.status.summary.read_status`.
        now: The current time, for ages.
    """
    rows = Table.grid(padding=(0, 2))
    for name, value in (
        ("capacity", _capacity(summary)),
        ("restorable", _restorable(summary, now)),
        ("rotation", _rotation(summary)),
        ("alarms", _alarms(summary)),
        ("maintenance", _maintenance(summary)),
        ("support", _support(summary)),
        ("upgrade", _upgrade(summary)),
    ):
        rows.add_row(Text(name, "dim"), value)
    unknown = [Text(f"unknown: {reason}", "magenta") for reason in summary["unknown"]]
    return Group(_title(context, summary), _instances(summary), rows, *unknown)


def _title(context: Context, summary: dict[str, Any]) -> Text:
    status = summary.get("status", _UNKNOWN)
    return Text.assemble(
        (context.outputs.cluster_identifier, "bold"),
        "  ",
        (status, "green" if status in _GOOD else "bold red"),
        f"  PostgreSQL {summary.get('engineVersion', _UNKNOWN)}  stack {context.stack}",
    )


def _instances(summary: dict[str, Any]) -> RenderableType:
    if summary.get("instances") == []:
        return Text("no instances: nothing can connect", "bold red")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("instance", "role", "zone", "status"):
        table.add_column(name)
    for name in ("ACU", "connections"):
        table.add_column(name, justify="right")
    for row in summary.get("instances", []):
        acu = "paused" if row["paused"] else _number(row["acu"])
        table.add_row(
            row["instance"],
            row["role"],
            row["zone"] or _UNKNOWN,
            Text(row["status"], "green" if row["status"] in _GOOD else "bold red"),
            acu,
            _number(row["connections"]),
        )
    return table


def _capacity(summary: dict[str, Any]) -> str:
    limits = summary.get("capacity")
    if limits is None:
        return _UNKNOWN
    return f"{_number(limits['minimum'])} to {_number(limits['maximum'])} ACU per instance"


def _restorable(summary: dict[str, Any], now: datetime) -> str:
    window = summary.get("restorable")
    if window is None or window["until"] is None:
        return _UNKNOWN
    until = datetime.strptime(window["until"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    age = max(0, round((now - until).total_seconds()))
    return f"{window['from']} to {window['until']} ({age} s ago)"


def _rotation(summary: dict[str, Any]) -> Text:
    rotation = summary.get("rotation")
    if rotation is None:
        return Text(_UNKNOWN)
    if rotation["secretScheduledForDeletion"]:
        return Text("the secret is scheduled for deletion", "bold red")
    if not rotation["enabled"]:
        return Text("disabled", "bold red")
    text = Text(f"last {rotation['last'] or 'never'}, next {rotation['next'] or _UNKNOWN}")
    if rotation["unfinished"]:
        text.append("  unfinished", "bold red")
    return text


def _alarms(summary: dict[str, Any]) -> Text:
    alarms = summary.get("alarms")
    if alarms is None:
        return Text(_UNKNOWN)
    if alarms["inAlarm"]:
        return Text(", ".join(alarms["inAlarm"]), "bold red")
    quiet = f"none of {alarms['total']} in ALARM"
    missing = alarms["insufficientData"]
    return Text(f"{quiet}, {missing} without data" if missing else quiet, "green")


def _maintenance(summary: dict[str, Any]) -> str:
    pending = summary.get("pendingMaintenance")
    window = summary.get("maintenanceWindow", _UNKNOWN)
    if pending is None:
        return _UNKNOWN
    if not pending:
        return f"nothing pending; window {window} UTC"
    listed = ", ".join(f"{row['action']} of {row['resource']}" for row in pending)
    return f"{listed}; window {window} UTC"


def _support(summary: dict[str, Any]) -> str:
    upgrade = summary.get("upgrade")
    if upgrade is None or upgrade["supportedUntil"] is None:
        return _UNKNOWN
    return f"standard support of {summary['engineVersion']} until {upgrade['supportedUntil']}"


def _upgrade(summary: dict[str, Any]) -> str:
    upgrade = summary.get("upgrade")
    if upgrade is None:
        return _UNKNOWN
    if upgrade["automatic"]:
        return f"AWS installs {upgrade['automatic']} in a maintenance window"
    if upgrade["advisedMinor"] is None:
        return "running the newest minor version"
    until = upgrade["advisedSupportedUntil"] or ""
    is_longer = until > (upgrade["supportedUntil"] or "")
    advice = f"advised, supported until {until}" if is_longer else "available"
    return f"none planned by AWS; {upgrade['advisedMinor']} is {advice}"


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"
