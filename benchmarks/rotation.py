"""Benchmark of the rotation: duration, size of the function, and effects on clients under load.

The code of the deployed zip runs in a separate process, against the emulated AWS over HTTP and a
real PostgreSQL over TLS. Lambda reuses a process for the next step, and so does this benchmark: the
four steps of a rotation are timed together, and the start of the process separately.
"""

import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from components.aurora_data_platform.functions import package as lambda_package
from components.database_functions.rotation.settings import SINGLE_USER
from emulator.aws.server import RunningServer, serve
from emulator.isolation import NO_USER_FILES
from emulator.testing.requests import REGION, connect, create_function
from tests.components.database_functions.rotation.rotations import Bench
from tools.testing.databases import DatabaseUnderTest, running_database
from tools.testing.rotation_load import CLIENTS, rotate_under_load

FIGURES = Path(__file__).with_name("rotation.json")
"""Latest results, shown in docs/rotation-function.md."""
ROTATIONS, LOADED_ROTATIONS, STARTS = 20, 50, 7
STEPS_BAR_SECONDS, IMPORT_BAR_SECONDS = 1.0, 0.4
NOTHING = "def handle(event, context):\n    pass\n"
"""A rotation function without effect: RotateSecret only creates the pending version."""
_CHILD = """
import json, sys, time
began = time.perf_counter()
sys.path.insert(0, sys.argv[1])
from components.database_functions.rotation import handler
measured = {"import": time.perf_counter() - began, "rotations": []}
for line in sys.stdin:
    secret, token = line.split()
    began = time.perf_counter()
    for step in handler.STEPS:
        handler.handle({"SecretId": secret, "ClientRequestToken": token, "Step": step}, None)
    measured["rotations"].append(time.perf_counter() - began)
    print("done", flush=True)
# Not getrusage's ru_maxrss, which a process inherits from its parent.
(line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
measured["peak"] = int(line.split()[1]) // 1024
print(json.dumps(measured))
"""


@dataclass(frozen=True)
class Figures:
    """Results of the benchmark.

    Attributes:
        machine: Description of the machine.
        steps_seconds: Median of the four steps together.
        import_seconds: Median of the handler's import in a fresh process.
        zip_bytes: Size of the zip.
        peak_megabytes: Peak memory of a process that rotated `ROTATIONS` times.
        clients: Number of clients that queried during `LOADED_ROTATIONS` rotations.
        transactions: Number of their transactions.
        failures: Number of failed transactions.
        longest_stall_seconds: Longest time that a client waited for a login.
    """

    machine: str
    steps_seconds: float
    import_seconds: float
    zip_bytes: int
    peak_megabytes: int
    clients: int
    transactions: int
    failures: int
    longest_stall_seconds: float


def measure() -> Figures:
    """Run all measurements."""
    code = lambda_package.zip_bytes()
    with (
        tempfile.TemporaryDirectory() as name,
        serve() as aws,
        running_database({"max_connections": "200"}) as database,
    ):
        folder = Path(name)
        zipfile.ZipFile(io.BytesIO(code)).extractall(folder)
        (folder / lambda_package.CERTIFICATES).write_bytes(database.certificates.read_bytes())
        starts = [_run(folder, aws, [])["import"] for _ in range(STARTS)]
        rotated = _rotate(folder, aws, database)
        # Discard the function's log.
        with redirect_stdout(io.StringIO()):
            loaded = rotate_under_load(Bench(database, SINGLE_USER), LOADED_ROTATIONS)
    return Figures(
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        steps_seconds=round(statistics.median(rotated["rotations"]), 3),
        import_seconds=round(statistics.median(starts), 3),
        zip_bytes=len(code),
        peak_megabytes=rotated["peak"],
        clients=CLIENTS,
        transactions=sum(client.transactions for client in loaded),
        failures=sum(len(client.failures) for client in loaded),
        longest_stall_seconds=round(max(client.longest_stall for client in loaded), 3),
    )


def main() -> None:
    """Run all measurements, and print and save the results."""
    figures = measure()
    FIGURES.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    table = Table("rotation", "measured", "bar", title=figures.machine)
    rows = (
        ("four steps, median s", f"{figures.steps_seconds:.3f}", f"{STEPS_BAR_SECONDS:.1f}"),
        ("import, median s", f"{figures.import_seconds:.3f}", f"{IMPORT_BAR_SECONDS:.1f}"),
        ("zip, bytes", f"{figures.zip_bytes:,}", f"{lambda_package.MAX_ZIP_BYTES:,}"),
        ("peak memory, MB", str(figures.peak_megabytes), str(lambda_package.MEMORY_MEGABYTES)),
        ("failed transactions", f"{figures.failures} of {figures.transactions:,}", "0"),
        ("longest stall, s", f"{figures.longest_stall_seconds:.3f}", ""),
    )
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    Console().print(f"written to {FIGURES.name}; run `make docs` to update the documentation")


def _rotate(folder: Path, aws: RunningServer, database: DatabaseUnderTest) -> dict[str, Any]:
    def connected(service: str) -> Any:
        return connect(service, aws.url, REGION)

    client = connected("secretsmanager")
    arn = client.create_secret(Name="bench", SecretString=database.new_user().dump())["ARN"]
    function = create_function(connected, "bench", NOTHING)
    return _run(
        folder,
        aws,
        [lambda: f"{arn} {_staged(client, arn, function)}" for _ in range(ROTATIONS)],
    )


def _staged(client: Any, arn: str, function: str) -> str:
    """Start a rotation, and return its version when the function without effect has run."""
    before = client.describe_secret(SecretId=arn).get("LastRotatedDate")
    token = client.rotate_secret(SecretId=arn, RotationLambdaARN=function)["VersionId"]
    while client.describe_secret(SecretId=arn).get("LastRotatedDate") == before:
        time.sleep(0.02)
    return token


def _run(folder: Path, aws: RunningServer, events: list[Any]) -> dict[str, Any]:
    """Run the extracted zip in a separate process, one rotation per event."""
    environment = {
        **NO_USER_FILES,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": aws.url,
    }
    with subprocess.Popen(
        # Without bytecode files: Lambda's folder has none and is read-only.
        (sys.executable, "-I", "-B", "-c", _CHILD, str(folder)),
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        if child.stdin is None or child.stdout is None:
            message = "a child process has no pipes"
            raise RuntimeError(message)
        for event in events:
            child.stdin.write(event() + "\n")
            child.stdin.flush()
            while (line := child.stdout.readline()) != "done\n":
                if not line:
                    sys.exit("the rotation failed; see its error above")
        child.stdin.close()
        return json.loads(child.stdout.read().splitlines()[-1])


if __name__ == "__main__":
    main()
