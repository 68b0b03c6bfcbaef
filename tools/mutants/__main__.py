"""Command line: `python -m tools.mutants --minutes 20 [MODULE ...]`.

A later run continues where the time ran out: verdicts are kept in .mutants for as long as the
module and its tests stay the same.
"""

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.mutation import mutants_of
from tools.mutants.results import record
from tools.mutants.running import FACTOR, SECONDS, Verdict, preload, run
from tools.repository import ROOT, read_yaml

VERDICTS = ROOT / ".mutants/verdicts.json"
MODULES = Path(__file__).with_name("modules.yaml")
BASELINE_SECONDS = 300.0


class BaselineError(Exception):
    """The tests fail on the unchanged module."""


def modules() -> dict[Path, list[str]]:
    """Return the tests of each module; a folder stands for its modules."""
    rows: dict[str, list[str]] = read_yaml(MODULES)
    return {
        module: tests
        for name, tests in rows.items()
        for module in (sorted(Path(name).glob("*.py")) if Path(name).is_dir() else [Path(name)])
    }


def paths_of(tests: Sequence[str]) -> list[str]:
    """Return the files and folders of a module's tests, without the options of pytest."""
    return [each for each in tests if not each.startswith("-")]


def main() -> int:
    """Run mutants until all are done or the time is over."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("--minutes", type=float, default=30.0, help="time limit (30)")
    parser.add_argument("modules", nargs="*", help="parts of module paths (all)")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.minutes * 60
    verdicts: dict[str, str] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
    preload()
    for module, tests in modules().items():
        if arguments.modules and not any(part in str(module) for part in arguments.modules):
            continue
        try:
            _run_module(module, tests, verdicts, deadline)
        except BaselineError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _run_module(
    module: Path, tests: Sequence[str], verdicts: dict[str, str], deadline: float
) -> None:
    source = module.read_text(encoding="utf-8")
    mutants = list(mutants_of(source))
    digest = _digest_of(tests)
    keys = {mutant: f"{mutant.digest}-{digest}" for mutant in mutants}
    pending = [mutant for mutant in mutants if keys[mutant] not in verdicts]
    if pending and time.monotonic() < deadline:
        limit = _seconds_of_baseline(module, source, tests) * FACTOR + SECONDS
        for mutant in pending:
            if time.monotonic() > deadline:
                break
            verdicts[keys[mutant]] = run(module, mutant.source, tests, limit).value
            VERDICTS.parent.mkdir(exist_ok=True)
            VERDICTS.write_text(json.dumps(verdicts), encoding="utf-8")
    found = {mutant: verdicts.get(key) for mutant, key in keys.items()}
    counts = Counter(found.values())
    numbers = {
        "mutants": len(mutants),
        **{verdict.value: counts[verdict] for verdict in Verdict},
        "not_run": counts[None],
    }
    print(module, numbers, flush=True)
    if counts[None] < len(mutants):
        survivors = [each.change for each in mutants if found[each] == Verdict.SURVIVED]
        record(str(module), numbers, survivors)


def _seconds_of_baseline(module: Path, source: str, tests: Sequence[str]) -> float:
    started = time.monotonic()
    verdict = run(module, source, tests, BASELINE_SECONDS)
    if verdict != Verdict.SURVIVED:
        message = f"the tests of {module} fail without a change: {' '.join(tests)}"
        raise BaselineError(message)
    return time.monotonic() - started


def _digest_of(tests: Sequence[str]) -> str:
    digest = hashlib.sha256(" ".join(tests).encode())
    for path in map(Path, paths_of(tests)):
        files = (each for each in path.rglob("*") if each.suffix in (".py", ".yaml"))
        for file in sorted(files) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:24]


if __name__ == "__main__":
    sys.exit(main())
