"""Evidence of a restore drill: a JSON document, and the same as Markdown."""

from pathlib import Path
from typing import Any

from operations.drill.restore import RestoreDrill, until_text
from operations.drill.sanity import Answer
from operations.errors import CannotRunError
from operations.output.document import as_json
from operations.output.files import require_writable, write_file

OPTION = "--evidence"


def summary_of(drill: RestoreDrill, caller: str, problems: list[str]) -> dict[str, Any]:
    """Return the summary of the document.

    Args:
        drill: The drill.
        caller: ARN of who ran it.
        problems: What was wrong with the restored data.
    """
    return {
        "temporaryCluster": drill.identifier,
        "restoredTo": until_text(drill),
        "recoveryPointSeconds": drill.rpo_seconds,
        "recoveryTimeSeconds": drill.rto_seconds,
        "steps": drill.steps,
        "queries": [
            {
                "query": each.query,
                "source": each.source,
                "restored": each.restored,
                "equal": each.is_equal,
            }
            for each in drill.answers
        ],
        "problems": problems,
        "removed": drill.removed,
        "caller": caller,
    }


def require_writable_evidence(file: Path) -> None:
    """Test before the drill that `write_evidence` can write its files.

    Args:
        file: The JSON file.

    Raises:
        CannotRunError: one of them cannot be written, or both have the same name.
    """
    require_writable(OPTION, file)
    if file == _markdown_of(file):
        message = f"{OPTION} {file}: the Markdown next to the JSON would have the same name"
        raise CannotRunError(message)
    require_writable(OPTION, _markdown_of(file))


def write_evidence(file: Path, made: dict[str, Any]) -> list[Path]:
    """Write a document as JSON and as Markdown next to it.

    Args:
        file: The JSON file; the other has the suffix `.md`.
        made: The document.

    Returns:
        The files.

    Raises:
        CannotRunError: a file cannot be written.
    """
    texts = {file: as_json(made) + "\n", _markdown_of(file): markdown(made)}
    for path, text in texts.items():
        write_file(OPTION, path, text)
    return list(texts)


def _markdown_of(file: Path) -> Path:
    return file.with_suffix(".md")


def markdown(made: dict[str, Any]) -> str:
    """Return a document as Markdown.

    Args:
        made: The document.
    """
    found = made["summary"]
    lines = [
        f"# Restore drill of {made['cluster']}: {made['result']}",
        "",
        "| | |",
        "|---|---|",
        f"| stack | {made['stack']} |",
        f"| started | {made['startedAt']} |",
        f"| run by | {found['caller']} |",
        f"| restored to | {found['restoredTo']} |",
        f"| recovery point | {found['recoveryPointSeconds']} s before the request |",
        f"| recovery time | {found['recoveryTimeSeconds']} s from the request to the first login |",
        f"| temporary cluster | {found['temporaryCluster']}, "
        f"{'removed' if found['removed'] else 'NOT removed'} |",
        "",
        "## Steps",
        "",
        "| step | seconds after the request |",
        "|---|---|",
        *(f"| {name} | {seconds} |" for name, seconds in found["steps"].items()),
        "",
        "## Queries",
        "",
        "| query | source, now | restored | |",
        "|---|---|---|---|",
        *(
            f"| {_cell(row['query'])} | {_cell(row['source'])} | {_cell(row['restored'])} "
            f"| {_verdict(row)} |"
            for row in found["queries"]
        ),
    ]
    if found["problems"]:
        lines += ["", "## Problems", "", *(f"- {each}" for each in found["problems"])]
    return "\n".join(lines) + "\n"


def _verdict(row: dict[str, Any]) -> str:
    if Answer(row["query"], row["source"], row["restored"]).failed:
        return "failed"
    return "equal" if row["equal"] else "different"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
