"""Writes `docs/rotation-function.md`: settings, limits, measurements and certificates."""

import json
import ssl
from datetime import UTC, datetime
from typing import Any

from components.aurora_data_platform.credentials import lambda_package
from components.aurora_data_platform.credentials.rotation import ARCHITECTURE, CONCURRENCY, RUNTIME
from components.database_functions.rotation.settings import variables
from tools.reference.tables import cell
from tools.repository import ROOT

_NOTICE = "<!-- Written by `make docs` from the function and its measurements; do not edit. -->\n"
_FIGURES = ROOT / "benchmarks/rotation.json"
_CASES = ROOT / "tests/components/database_functions/rotation/golden/fault_matrix.json"
_CERTIFICATES = ROOT / lambda_package.CERTIFICATES

_PAGE = """\
# The rotation function

{notice}
Secrets Manager invokes `components/database_functions/rotation/` once per step. The reason for \
a custom function is in [adr/0014](adr/0014-own-rotation-function.md), what a client has to do in \
[connecting.md](connecting.md).

## Steps

| step | what it does | what a repetition finds |
|---|---|---|
| createSecret | gives the pending version its value | the value |
| setSecret | sets the password, in a transaction that ends only while this rotation is pending | \
a login that works |
| testSecret | logs in with the pending version | the same |
| finishSecret | logs in once more, then moves AWSCURRENT | a version that is current |

Tests break a rotation at each of its calls, before and after, by a failure and by the end of the \
process, and go on in three ways: {faults} cases. {interleavings} more interleave two runs.

## Environment

| variable | default | meaning |
|---|---|---|
{environment}

## Limits

| what | value |
|---|---|
| runtime | {runtime}, {architecture} |
| time for a step | {timeout} s |
| memory | {memory} MB |
| steps at a time | {concurrency} |
| zip, at most | {largest:,} bytes, {files} files |

## Measured

By `make bench` on {machine}, a PostgreSQL 17 on the same machine and an emulated Secrets Manager: \
neither the network nor Lambda's start of an environment is part of it.

| what | value |
|---|---|
| four steps together, median | {steps_seconds:.3f} s |
| import of the handler in a new process, nothing compiled, median | {import_seconds:.3f} s |
| zip | {zip_bytes:,} bytes |
| most memory | {peak_megabytes} MB |
| {clients} clients through 50 rotations of one user, a login for each transaction | \
{transactions:,} transactions, {failures} failed |
| longest wait of one of them for a login, the secret read again | {longest_stall_seconds:.3f} s |

## Certificates

The function trusts these {count} authorities and no other: RDS's of each region, and Amazon's for \
the endpoints that have a public certificate. The first expires on {earliest}. To renew them put \
AWS's [global bundle](https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem) and \
[Amazon's roots](https://www.amazontrust.com/repository/) in the place of `certificates.pem` and \
run `make docs`.

| authority | expires |
|---|---|
{certificates}
"""


def rotation_page() -> str:
    """`docs/rotation-function.md`."""
    trusted = authorities()
    figures: dict[str, Any] = json.loads(_FIGURES.read_text(encoding="utf-8"))
    cases: dict[str, int] = json.loads(_CASES.read_text(encoding="utf-8"))["cases"]
    return _PAGE.format(
        notice=_NOTICE,
        environment="\n".join(
            f"| `{name}` | {f'`{default}`' if default else 'none'} | {cell(meaning)} |"
            for name, default, meaning in variables()
        ),
        runtime=RUNTIME,
        architecture=ARCHITECTURE,
        timeout=lambda_package.TIMEOUT_SECONDS,
        memory=lambda_package.MEMORY_MEGABYTES,
        concurrency=CONCURRENCY,
        largest=lambda_package.LARGEST_ZIP,
        files=len(lambda_package.files()),
        count=len(trusted),
        earliest=min(expiry for expiry, _ in trusted),
        certificates="\n".join(f"| {name} | {expiry} |" for expiry, name in trusted),
        **cases,
        **figures,
    )


ROTATION_FILES = {ROOT / "docs/rotation-function.md": rotation_page}


def authorities() -> list[tuple[str, str]]:
    """Day of expiry and name of each certificate, the first to expire first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=_CERTIFICATES)
    found: list[dict[str, Any]] = context.get_ca_certs()
    return sorted((_day(each["notAfter"]), _common_name(each["subject"])) for each in found)


def _day(told: str) -> str:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC).date().isoformat()


def _common_name(subject: Any) -> str:
    return next(value for ((key, value),) in subject if key == "commonName")
