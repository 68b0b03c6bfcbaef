"""The JSON document of a command (`operations/output/schema.json`)."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from operations.checks.run import CheckResult, Result, Run
from operations.context import Context

SCHEMA = "aurora-data-platform.operations/1"
"""Name and version. Within a version, members are only added."""

SCHEMA_FILE = Path(__file__).with_name("schema.json")
"""JSON schema of the document."""


def document(
    context: Context,
    verb: str,
    *,
    started: datetime,
    seconds: float,
    result: str,
    summary: Mapping[str, Any],
    checks: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the document of a command.

    Args:
        context: The stack.
        verb: The command, such as `verify`.
        started: When it started.
        seconds: How long it took.
        result: `passed`, `failed` or `incomplete`.
        summary: What the verb found, in its own members.
        checks: Results of checks, if the verb runs any.
    """
    return {
        "schema": SCHEMA,
        "verb": verb,
        "stack": context.stack,
        "cluster": context.outputs.cluster_identifier,
        "startedAt": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "seconds": round(seconds, 2),
        "result": result,
        "summary": dict(summary),
        "checks": checks or [],
    }


def run_document(context: Context, verb: str, run: Run) -> dict[str, Any]:
    """Return the document of a run of checks."""
    return document(
        context,
        verb,
        started=run.started,
        seconds=run.seconds,
        result=run.outcome,
        summary={result.value: run.count(result) for result in Result},
        checks=[_check(each) for each in run.results],
    )


def as_json(value: Mapping[str, Any]) -> str:
    """Return a document as text."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _check(each: CheckResult) -> dict[str, Any]:
    return {
        "id": each.check.id,
        "group": each.check.group,
        "title": each.check.title,
        "severity": each.check.severity.value,
        "result": each.result.value,
        "expected": each.judgement.expected,
        "found": each.judgement.found,
        "evidence": each.judgement.evidence,
        "remedy": each.check.remedy,
        "runbook": each.check.runbook,
    }
