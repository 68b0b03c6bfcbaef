"""A fake `gh` for the scripts of the workflows."""

import os
import sys
from pathlib import Path

FAKE_GH = """#!/usr/bin/env bash
# Prints $ANSWER to queries, and records each call and the body that it sends.
for argument in "$@"; do
  case "$argument" in body=@*) cp "${argument#body=@}" "$CALLS.body" ;; esac
done
previous=
for argument in "$@"; do
  if [ "$previous" = --body-file ]; then cp "$argument" "$CALLS.body"; fi
  previous=$argument
done
echo "$*" >> "$CALLS"
case "$*" in *--jq* | *environments*) if [ -n "$ANSWER" ]; then echo "$ANSWER"; fi ;; esac
"""


def fake_gh(folder: Path, script: str = FAKE_GH) -> None:
    (folder / "bin").mkdir()
    fake = folder / "bin/gh"
    fake.write_text(script)
    fake.chmod(0o755)


def environment(folder: Path, answer: str) -> dict[str, str]:
    return os.environ | {
        # A `python3` that is a shim of a version manager takes longer than a script.
        "PATH": f"{folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CALLS": str(folder / "calls"),
        "ANSWER": answer,
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_RUN_ID": "5",
        "GITHUB_SERVER_URL": "https://github.com",
        "PULL_REQUEST": "7",
        "LC_ALL": "C.UTF-8",
    }
