"""`drill`: rehearse a restoration, and remove what a killed drill left behind."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from operations.aws.errors import AwsCallError
from operations.context import Context, open_context
from operations.database.pausing import announce_resume
from operations.database.secret import login_of, read_secret
from operations.drill.clusters import DrillCluster, DrillClusters, DrillTimeoutError
from operations.drill.evidence import require_writable_evidence, summary_of, write_evidence
from operations.drill.restore import RestoreDrill, restorable_time, run_restore_drill
from operations.drill.sanity import Answer, read_statements
from operations.drill.scaling import MAX_CLIENTS, MAX_SECONDS, run_scaling_drill
from operations.errors import CheckFailedError, LeftBehindError, RefusedError
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.reports.status import facts as status_facts
from operations.signals import interrupted_where_allowed, terminated_like_interrupted
from operations.verbs.consent import require_apply, require_confirmation
from operations.verbs.options import Apply, AsJson, OutputsFile, StackName

app = typer.Typer(no_args_is_help=True, help="Rehearse an emergency; removes what it creates.")

At = Annotated[
    datetime | None,
    typer.Option(
        help="Time to restore, UTC. Default: the latest restorable time.",
        formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S"],
    ),
]
SqlFile = Annotated[
    Path | None,
    typer.Option("--sql", help="Statements to run on both clusters, separated by semicolons."),
]
Evidence = Annotated[
    Path | None, typer.Option(help="Write the result as JSON, and as Markdown next to it.")
]


@app.command()
def restore(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    at: At = None,
    sql: SqlFile = None,
    evidence: Evidence = None,
    *,
    require_equal: Annotated[
        bool, typer.Option(help="Fail if an answer differs from the source's.")
    ] = False,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """Restore the database into a temporary cluster, query both, and delete it again.

    Exit codes: 0 restored, 1 a query failed or --require-equal found a difference, 4 the temporary
    cluster still exists.
    """
    statements = read_statements(sql)
    if evidence:
        require_writable_evidence(evidence)
    context = open_context(stack, outputs, note, changes=True)
    identifier = context.outputs.cluster_identifier
    source = context.aws.call("rds", "describe_db_clusters", DBClusterIdentifier=identifier)
    cluster = source["DBClusters"][0]
    at = at.replace(tzinfo=UTC) if at else None
    until = restorable_time(cluster, at)
    require_apply(
        apply=apply,
        effect=f"restores {identifier} as of {until:%Y-%m-%dT%H:%M:%SZ} into a temporary cluster "
        f"and then deletes it; this takes about 20 minutes{_cost(context)}; the source is only "
        "read",
    )
    # Without the password the drill would fail at its end.
    read_secret(context.aws, context.outputs.master_secret_arn)
    announce_resume(context)
    clusters = DrillClusters(context.aws, identifier)
    with interrupted_where_allowed() as interruptions:
        drill = run_restore_drill(context, clusters, cluster, at, statements, note, interruptions)
        problems = drill.problems(require_equal=require_equal)
        made = document(
            context,
            "drill restore",
            result="failed" if problems else "passed",
            summary=summary_of(drill, str(context.aws.identity["Arn"]), problems),
        )
        if as_json_document:
            line(as_json(made))
        else:
            _print(drill)
        for written in write_evidence(evidence, made) if evidence else ():
            note(f"evidence: {written}")
        if problems:
            message = f"the drill found problems: {'; '.join(problems)}"
            raise CheckFailedError(message)


@app.command()
def sweep(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    *,
    unexpired: Annotated[
        bool,
        typer.Option(help="Also delete clusters of drills that may still run; needs --confirm."),
    ] = False,
    confirm: Annotated[
        str | None,
        typer.Option(metavar="IDENTIFIER", help="Identifier of the stack's cluster, to confirm."),
    ] = None,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """Delete the temporary clusters that killed drills of this stack left behind."""
    context = open_context(stack, outputs, note, changes=True)
    source = context.outputs.cluster_identifier
    clusters = DrillClusters(context.aws, source)
    found = clusters.find()
    due = [each for each in found if unexpired or each.expires <= context.stopwatch.started]
    kept = [each.identifier for each in found if each not in due]
    effect = f"deletes {', '.join(each.identifier for each in due)}, without a final snapshot"
    if due and unexpired:
        effect += "; a drill that is still running will fail"
        require_confirmation(source, given=confirm, effect=effect)
    elif due:
        require_apply(apply=apply, effect=effect)
    left = _sweep(clusters, due)
    made = document(
        context,
        "drill sweep",
        result="failed" if left else "passed",
        summary={
            "deleted": [each.identifier for each in due if each.identifier not in left],
            "notExpired": kept,
            "left": left,
        },
    )
    if as_json_document:
        line(as_json(made))
    else:
        for name in made["summary"]["deleted"]:
            OUT.print(f"deleted {name}", soft_wrap=True)
        note(f"{len(made['summary']['deleted'])} deleted, {len(kept)} not expired yet")
    if left:
        raise LeftBehindError("; ".join(f"{name}: {reason}" for name, reason in left.items()))


@app.command()
def scaling(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    clients: Annotated[
        int, typer.Option(help="Sessions that run statements.", min=1, max=MAX_CLIENTS)
    ] = 8,
    seconds: Annotated[
        int, typer.Option(help="Duration of the load.", min=5, max=MAX_SECONDS)
    ] = 120,
    cool_down: Annotated[
        int, typer.Option(help="Seconds to wait for the scale-down.", min=0, max=3600)
    ] = 900,
    *,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """Put load on the database and follow its capacity. Reads only generated rows.

    Exit codes: 0 scaled up and down without errors, 1 did not, 3 refused on protected stacks.
    """
    context = open_context(stack, outputs, note, changes=True)
    own = context.outputs.declared_state
    if own.protected or own.environment.startswith("prod"):
        message = f"stack {stack} is protected: a load test would slow down its users"
        raise RefusedError(message)
    price = own.acu_hourly_price_usd or 0.0
    dollars = own.max_capacity * price * (seconds + cool_down) / 3600
    require_apply(
        apply=apply,
        effect=f"runs {clients} sessions for {seconds} s on {context.outputs.cluster_identifier}; "
        f"at most {own.max_capacity:g} ACU for {seconds + cool_down} s (${dollars:.2f} at most)",
    )
    value = read_secret(context.aws, context.outputs.master_secret_arn)
    announce_resume(context)
    with terminated_like_interrupted():
        found = run_scaling_drill(
            login_of(context.outputs, value),
            lambda since: status_facts.capacity_since(context, since),
            clients=clients,
            seconds=seconds,
            cool_down=cool_down,
            period=timedelta(seconds=status_facts.PERIOD_SECONDS),
            progress=note,
        )
    problems = found.problems()
    emulated = str(context.aws.endpoint).startswith("http://127.0.0.1")
    made = document(
        context,
        "drill scaling",
        result="failed" if problems else "passed",
        summary={**asdict(found), "problems": problems, "emulatedCapacity": emulated},
    )
    if as_json_document:
        line(as_json(made))
    else:
        before, peak, after = (_acu(each) for each in (found.before, found.peak, found.after))
        OUT.print(f"capacity    {before} ACU, peak {peak}, then {after}")
        OUT.print(f"statements  {found.statements}, {found.errors} sessions failed")
    if emulated:
        note("the emulated AWS simulates the capacity from the load; only AWS really scales")
    if problems:
        raise CheckFailedError("; ".join(problems))


def _sweep(clusters: DrillClusters, due: list[DrillCluster]) -> dict[str, str]:
    left: dict[str, str] = {}
    for each in due:
        note(f"deleting {each.identifier} (expiry {each.expires:%Y-%m-%dT%H:%M:%SZ})")
        try:
            clusters.remove(each.identifier)
        except (AwsCallError, DrillTimeoutError) as error:
            left[each.identifier] = str(error)
    return left


def _acu(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"


def _cost(context: Context) -> str:
    own = context.outputs.declared_state
    if own.acu_hourly_price_usd is None:
        return ""
    dollars = max(own.min_capacity, 0.5) * own.acu_hourly_price_usd
    return f" and costs about ${dollars:.2f} per hour, plus storage"


def _print(drill: RestoreDrill) -> None:
    moment = f"{drill.restored_to:%Y-%m-%dT%H:%M:%SZ}"
    OUT.print(f"[bold green]restored[/] {moment}; the temporary cluster is deleted")
    OUT.print(f"recovery time   {drill.rto_seconds:g} s, from the request to the first login")
    OUT.print(f"recovery point  {drill.rpo_seconds:g} s before the request")
    for each in drill.answers:
        shown = each.restored if each.is_equal else each.both
        OUT.print(Text.assemble(_mark(each), f"  {each.query}: {shown}"), soft_wrap=True)


def _mark(answer: Answer) -> tuple[str, str]:
    if answer.failed:
        return "failed ", "red"
    return ("same   ", "green") if answer.is_equal else ("differs", "yellow")
