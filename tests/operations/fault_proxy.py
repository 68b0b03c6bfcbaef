"""A proxy in front of the emulated AWS that records calls and answers some of them with errors."""

import http.client
import json
import re
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from tools.deployment_roles.recorder import identify

_CBOR_PATH = re.compile(r"/operation/(\w+)$")
_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_HOP_BY_HOP = {"connection", "content-length", "host", "transfer-encoding"}

Members = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """An error answer.

    Attributes:
        code: AWS's error code.
        message: AWS's message.
        status: HTTP status.
        when: Whether a call is affected, given its members. Default: every call.
        times: How many calls are affected. Default: all.
    """

    code: str
    message: str = "by the test"
    status: int = 400
    when: Callable[[Members], bool] = lambda _: True
    times: int | None = None


DENIED = Fault("AccessDenied", "User: x is not authorized to perform this", 403)


@dataclass
class FaultProxy:
    """A running proxy.

    Attributes:
        url: Its URL.
        faults: Faults by action, `rds:DescribeDBClusters`.
        page_sizes: Sizes of pages to request, by action.
        calls: Actions and members of the calls so far, in order.
    """

    url: str
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    page_sizes: dict[str, int] = field(default_factory=dict[str, int])
    calls: list[tuple[str, Members]] = field(default_factory=list[tuple[str, Members]])
    used: dict[str, int] = field(default_factory=dict[str, int])

    def reset(self) -> None:
        for each in (self.faults, self.page_sizes, self.calls, self.used):
            each.clear()

    @property
    def actions(self) -> list[str]:
        return [action for action, _ in self.calls]

    def fault(self, action: str, members: Members) -> Fault | None:
        found = self.faults.get(action)
        if found is None or not found.when(members):
            return None
        self.used[action] = self.used.get(action, 0) + 1
        return found if found.times is None or self.used[action] <= found.times else None


@contextmanager
def serve_faults(target: str) -> Generator[FaultProxy]:
    """Serve the proxy on a loopback port until the context ends."""
    proxy = FaultProxy("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            action, members = _action(self, body)
            proxy.calls.append((action, members))
            fault = proxy.fault(action, members)
            if fault is not None:
                self._answer(fault.status, *_error(self, fault))
                return
            if action in proxy.page_sizes:
                body = urlencode({**members, "MaxRecords": proxy.page_sizes[action]}).encode()
            self._forward(body)

        def do_GET(self) -> None:
            self.do_POST()

        def _forward(self, body: bytes) -> None:
            where = urlsplit(target)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
            host, port = where.hostname or "", where.port
            with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            kept = {k: v for k, v in answer.getheaders() if k.lower() not in _HOP_BY_HOP}
            self._answer(answer.status, content, kept)

        def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _action(request: BaseHTTPRequestHandler, body: bytes) -> tuple[str, Members]:
    signed = _SERVICE.search(request.headers.get("Authorization", ""))
    service = {"monitoring": "cloudwatch"}.get(
        signed[1] if signed else "", signed[1] if signed else ""
    )
    target = request.headers.get("X-Amz-Target")
    if target:
        sent: dict[str, object] = json.loads(body or b"{}")
        members = {name: str(value) for name, value in sent.items()}
        return f"{service}:{target.rpartition('.')[2]}", members
    cbor = _CBOR_PATH.search(request.path)
    if cbor:
        return f"{service}:{cbor[1]}", {}
    if request.path.endswith("/invocations"):
        return f"{service}:InvokeFunction", {}
    if service == "backup":
        headers = {key.lower(): value for key, value in request.headers.items()}
        return identify(request.command, request.path, headers, body)[0], {}
    form = {name: values[0] for name, values in parse_qs(body.decode(), True).items()}
    return f"{service}:{form.get('Action', '')}", form


def _error(request: BaseHTTPRequestHandler, fault: Fault) -> tuple[bytes, dict[str, str]]:
    if request.headers.get("X-Amz-Target") or _CBOR_PATH.search(request.path):
        content = json.dumps({"__type": fault.code, "message": fault.message})
        return content.encode(), {
            "Content-Type": "application/x-amz-json-1.1",
            "x-amzn-ErrorType": fault.code,
        }
    inner = f"<Error><Type>Sender</Type><Code>{fault.code}</Code><Message>{fault.message}</Message></Error>"
    is_ec2 = "/ec2/" in request.headers.get("Authorization", "")
    content = (
        f"<Response><Errors>{inner}</Errors><RequestID>1</RequestID></Response>"
        if is_ec2
        else f"<ErrorResponse>{inner}<RequestId>1</RequestId></ErrorResponse>"
    )
    return content.encode(), {"Content-Type": "text/xml"}
