"""Options that several verbs have."""

from pathlib import Path
from typing import Annotated

import typer

StackName = Annotated[str, typer.Option(help="Stack whose outputs are read.")]
OutputsFile = Annotated[
    Path | None,
    typer.Option(
        "--outputs", help="Read the outputs from the JSON of `pulumi stack output --json`."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Apply = Annotated[
    bool, typer.Option("--apply", help="Make the change. Without it, only say what would happen.")
]
