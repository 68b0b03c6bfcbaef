"""Recording of AWS calls between a Pulumi program and the emulated AWS."""

import re
import threading
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.session import Session

IAM_PREFIXES = {"monitoring": "cloudwatch"}
"""IAM's name of a service whose requests are signed with another name."""

IAM_NAMES = {"lambda:Invoke": "lambda:InvokeFunction"}
"""IAM's name of an operation that has another name (Lambda API reference, Invoke: "This operation
requires permission for the lambda:InvokeFunction action")."""

S3_BUCKET_ACTIONS = {"GET": "s3:ListBucket", "HEAD": "s3:ListBucket"}
S3_OBJECT_ACTIONS = {
    "DELETE": "s3:DeleteObject",
    "GET": "s3:GetObject",
    "HEAD": "s3:GetObject",
    "PUT": "s3:PutObject",
}
"""Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"."""

HOP_BY_HOP = frozenset({"connection", "content-length", "host", "transfer-encoding"})


class UnknownCallError(Exception):
    """A request that no operation of botocore's service model matches."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"{method} {path}")


@dataclass
class Recording:
    """The calls that went through a proxy.

    Attributes:
        url: Address of the proxy.
        calls: IAM action of each call, and the object's key if it is one of S3's.
        errors: Requests that could not be identified.
    """

    url: str
    calls: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    errors: list[str] = field(default_factory=list[str])

    @property
    def actions(self) -> set[str]:
        """The IAM actions of the calls."""
        return {action for action, _ in self.calls}


@contextmanager
def recording(endpoint: str) -> Generator[Recording]:
    """Serve a proxy for an AWS endpoint on loopback, and record the calls.

    Args:
        endpoint: Address of the emulated AWS, `http://127.0.0.1:PORT`.
    """
    upstream = urlsplit(endpoint).netloc
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found = Recording(f"http://127.0.0.1:{server.server_port}")

    class Handler(_Handler):
        target = upstream
        record = found

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def identify(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
    """Return the IAM action of a signed request to AWS, and the key of an S3 object.

    Raises:
        UnknownCallError: no operation matches.
    """
    signed = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", headers.get("authorization", ""))
    if signed is None:
        raise UnknownCallError(method, path)
    service = signed.group(1)
    if service == "s3":
        return _s3_call(method, path)
    operation = _operation(service, method, path, headers, body)
    named = f"{IAM_PREFIXES.get(service, service)}:{operation}"
    return IAM_NAMES.get(named, named), ""


def _s3_call(method: str, path: str) -> tuple[str, str]:
    _, _, key = urlsplit(path).path.removeprefix("/").partition("/")
    actions = S3_OBJECT_ACTIONS if key else S3_BUCKET_ACTIONS
    if method not in actions:
        raise UnknownCallError(method, path)
    return actions[method], key


def _operation(
    service: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> str:
    target = headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    smithy = re.search(r"/operation/(\w+)$", path)
    if smithy:
        return smithy.group(1)
    query = parse_qs(body.decode(errors="replace")).get("Action")
    if query:
        return query[0]
    return _rest_operation(service, method, urlsplit(path).path)


def _rest_operation(service: str, method: str, path: str) -> str:
    for name, row in _operations(service).items():
        pattern = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(row["http"]["requestUri"]))
        if row["http"]["method"] == method and re.fullmatch(pattern, path):
            return name
    raise UnknownCallError(method, path)


@cache
def _operations(service: str) -> Mapping[str, Any]:
    loader = Session().get_component("data_loader")
    return loader.load_service_model(service, "service-2")["operations"]


class _Handler(BaseHTTPRequestHandler):
    """Forwards each request and records its action."""

    protocol_version = "HTTP/1.1"
    target: str
    record: Recording

    def forward(self) -> None:
        """Send the request to the emulated AWS, and its response back."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {key.lower(): value for key, value in self.headers.items()}
        try:
            self.record.calls.add(identify(self.command, self.path, headers, body))
        except UnknownCallError as error:
            self.record.errors.append(str(error))
        sent = {key: value for key, value in headers.items() if key not in HOP_BY_HOP}
        with closing(HTTPConnection(self.target)) as connection:
            connection.request(self.command, self.path, body, sent | {"host": self.target})
            answer = connection.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        for key, value in answer.getheaders():
            if key.lower() not in HOP_BY_HOP:
                self.send_header(key, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = forward  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing; the emulated AWS has its own log."""
