"""`upgrade check`: the next versions, and what stands in the way."""

import typer

from operations.context import open_context
from operations.database.pausing import announce_resume
from operations.errors import CheckFailedError
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.reports.upgrade import check as upgrades
from operations.reports.upgrade.minor_versions import supported_until
from operations.verbs.options import AsJson, OutputsFile, StackName

app = typer.Typer(no_args_is_help=True, help="Prepare an upgrade of the engine.")


@app.callback()
def upgrade() -> None:
    """Prepare an upgrade of the engine."""


@app.command()
def check(
    stack: StackName = "dev", outputs: OutputsFile = None, *, as_json_document: AsJson = False
) -> None:
    """List the next versions and the pre-checks of a major upgrade. Changes nothing.

    Exit codes: 0 nothing stands in the way, 1 a pre-check found something.
    """
    context = open_context(stack, outputs, note)
    identifier = context.outputs.cluster_identifier
    cluster = context.aws.call("rds", "describe_db_clusters", DBClusterIdentifier=identifier)
    version = str(cluster["DBClusters"][0]["EngineVersion"])
    targets = upgrades.next_versions(
        version,
        upgrades.read_targets(context, version),
        automatic=context.outputs.declared_state.auto_minor_version_upgrade,
    )
    dates = upgrades.read_support(context)

    def support(of: str) -> upgrades.Support:
        return dates.get(upgrades.major_of(of), upgrades.Support())

    announce_resume(context)
    found = upgrades.pre_checks(context)
    blocked = {name: rows for name, rows in found.items() if rows and name not in upgrades.HARMLESS}
    plans = {
        kind: upgrades.plan(stack, target, major=kind == "major")
        for kind, target in targets.items()
        if target
    }
    if as_json_document:
        made = document(
            context,
            "upgrade check",
            result="failed" if blocked else "passed",
            summary={
                "engineVersion": version,
                "minorStandardSupportUntil": supported_until(version),
                "standardSupportUntil": support(version).standard,
                "extendedSupportUntil": support(version).extended,
                "next": targets,
                "preChecks": found,
                "plans": plans,
            },
        )
        line(as_json(made))
    else:
        OUT.print(f"[bold]{identifier}[/]  PostgreSQL {version}  stack {stack}")
        major = upgrades.major_of(version)
        OUT.print(f"{f'support of {version}':<26}{_until(version)}")
        OUT.print(f"{f'support of {major}':<26}{support(version)}")
        for name, rows in found.items():
            OUT.print(f"{name:<26}{', '.join(rows) or 'none'}", soft_wrap=True, markup=False)
        for kind, target in targets.items():
            OUT.print(f"\n[bold]next {kind}[/] {target or 'none'}")
            if target:
                shown = support(target) if kind == "major" else _until(target)
                OUT.print(f"  support: {shown}")
            for number, step in enumerate(plans.get(kind, []), start=1):
                OUT.print(f"  {number}. {step}", soft_wrap=True, markup=False)
    if blocked:
        reasons = "; ".join(upgrades.BLOCKERS[name].title for name in blocked)
        message = f"a major upgrade would fail: {reasons}"
        raise CheckFailedError(message)


def _until(version: str) -> str:
    return str(upgrades.Support(supported_until(version)))
