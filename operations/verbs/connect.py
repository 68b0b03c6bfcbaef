"""`connect`: psql as a database user, or the settings of a connection."""

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

import typer

from operations.context import Context, open_context
from operations.database.ecs_target import ecs_target
from operations.database.login import Login, certificates
from operations.database.pausing import announce_resume
from operations.database.secret import login_of, read_secret
from operations.database.tunnel import Tunnel, opened
from operations.errors import CannotRunError, RefusedError
from operations.output.console import line, note
from operations.outputs import MASTER
from operations.signals import interrupts_left_to_the_child, terminated_like_interrupted
from operations.verbs.options import OutputsFile, StackName

DEFAULT_LOCAL_PORT = 15432


class Form(StrEnum):
    """A way to write a connection."""

    ENV = "env"
    URL = "url"
    PGPASS = "pgpass"
    JDBC = "jdbc"


class Via(StrEnum):
    """A way into the VPC."""

    SSM = "ssm"
    ECS_EXEC = "ecs-exec"


def connect(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    user: Annotated[
        str | None,
        typer.Option(help="User of the stack, or `master`. Default: the first that uses IAM."),
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--print", help="Print the connection instead of starting psql.")
    ] = None,
    via: Annotated[
        Via | None,
        typer.Option(
            help="Connect through a tunnel: a managed instance, or a task with ECS Exec. With "
            "--print, only print the command that opens it."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(help="Instance (i-...) of --via ssm, or CLUSTER/TASK of --via ecs-exec."),
    ] = None,
    local_port: Annotated[
        int, typer.Option(help="Local port of --via.", min=1, max=65535)
    ] = DEFAULT_LOCAL_PORT,
    *,
    reader: Annotated[bool, typer.Option(help="Connect to a reader.")] = False,
    show: Annotated[bool, typer.Option(help="Print the password or token, too.")] = False,
) -> None:
    """Start psql, or print a connection. TLS is verified; changes nothing by itself.

    Passwords and tokens reach psql through its environment, never through its arguments.
    """
    context = open_context(stack, outputs, note)
    login = _login(context, user, reader=reader)
    local = local_port if via else None
    if via and form is Form.JDBC:
        message = (
            "--print jdbc cannot be combined with --via: JDBC verifies the name that it connects "
            "to. Map the endpoint to 127.0.0.1 in the hosts file, or use another form"
        )
        raise CannotRunError(message)
    tunnel = _tunnel(context, login, via, target, local_port) if via else None
    if form is not None:
        if tunnel:
            note(f"in another terminal: {shlex.join(tunnel.command)}")
        line(printed(login, form, show=show, local_port=local))
        if not show:
            note("the password or token is left out; --show prints it")
        return
    psql = shutil.which("psql")
    if psql is None:
        message = "psql is not installed: install it, or use --print"
        raise CannotRunError(message)
    announce_resume(context)
    with terminated_like_interrupted(signal.SIGHUP), ExitStack() as opening:
        if tunnel:
            note(f"opening a tunnel through {tunnel.target}")
            opening.enter_context(opened(tunnel))
        with interrupts_left_to_the_child():
            done = subprocess.run(
                [psql], env={**os.environ, **variables(login, local)}, check=False
            )
    raise typer.Exit(done.returncode)


def variables(login: Login, local_port: int | None = None) -> dict[str, str]:
    """Return libpq's environment variables.

    Args:
        login: The login.
        local_port: Port of a tunnel on this machine. The certificate is verified, and an IAM token
            is signed, for the cluster's own endpoint and port nevertheless.
    """
    own = {
        "PGHOST": login.host,
        "PGPORT": str(login.port),
        "PGDATABASE": login.database,
        "PGUSER": login.user,
        "PGPASSWORD": login.password,
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": str(certificates()),
    }
    if local_port is not None:
        own |= {"PGHOSTADDR": "127.0.0.1", "PGPORT": str(local_port)}
    return own


def printed(login: Login, form: Form, *, show: bool, local_port: int | None = None) -> str:
    """Return a connection as text.

    Args:
        login: The login.
        form: How it is written.
        show: Include the password or token.
        local_port: See `variables`.

    Raises:
        RefusedError: the form is useless without the password.
    """
    own = variables(login, local_port)
    port, root = own["PGPORT"], own["PGSSLROOTCERT"]
    match form:
        case Form.ENV:
            shown = {name: value for name, value in own.items() if show or name != "PGPASSWORD"}
            return "\n".join(f"export {name}={shlex.quote(shown[name])}" for name in shown)
        case Form.URL:
            password = f":{quote(login.password, safe='')}" if show else ""
            address = "&hostaddr=127.0.0.1" if local_port is not None else ""
            return (
                f"postgresql://{quote(login.user, safe='')}{password}@{login.host}:{port}/"
                f"{login.database}?sslmode=verify-full&sslrootcert={quote(root)}{address}"
            )
        case Form.JDBC:
            password = f"&password={quote(login.password, safe='')}" if show else ""
            return (
                f"jdbc:postgresql://{login.host}:{port}/{login.database}?user="
                f"{quote(login.user, safe='')}{password}&sslmode=verify-full"
                f"&sslrootcert={quote(root)}"
            )
        case Form.PGPASS:
            if not show:
                message = "--print pgpass prints the password: repeat it with --show"
                raise RefusedError(message)
            fields = (login.host, port, login.database, login.user, login.password)
            return ":".join(each.replace("\\", "\\\\").replace(":", "\\:") for each in fields)


def _tunnel(
    context: Context, login: Login, via: Via, target: str | None, local_port: int
) -> Tunnel:
    if target is None:
        expected = {Via.SSM: "an instance (i-...)", Via.ECS_EXEC: "CLUSTER/TASK"}[via]
        message = f"--via {via} needs --target, {expected}"
        raise CannotRunError(message)
    node = ecs_target(context.aws, target) if via is Via.ECS_EXEC else target
    return Tunnel(context.outputs.region, node, login.host, login.port, local_port)


def _login(context: Context, name: str | None, *, reader: bool) -> Login:
    o = context.outputs
    if name is None and o.iam_users:
        name = o.iam_users[0]
    if name in o.iam_users:
        host = o.reader_endpoint if reader else o.cluster_endpoint
        # Signed on this machine, for the database's own host name and port.
        token = context.aws.session.client("rds").generate_db_auth_token(
            DBHostname=host, Port=o.port, DBUsername=name, Region=o.region
        )
        databases = o.users[str(name)].databases or [o.database_name]
        return Login(host, o.port, databases[0], str(name), str(token))
    if name not in o.secret_arns:
        known = ", ".join([*o.iam_users, *o.secret_arns])
        message = f"--user {name}: unknown user of stack {context.stack}; known users: {known}"
        raise CannotRunError(message)
    value = read_secret(context.aws, o.secret_arns[name])
    login = login_of(o, value, reader=reader)
    if name == MASTER:
        return login
    # A user may connect to its own databases only.
    return replace(login, database=str((value.content or {}).get("dbname") or login.database))
