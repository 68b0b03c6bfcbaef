"""Requests of this process to its own server, without a connection."""

import io
import logging
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import BaseWSGIServer
from werkzeug.test import EnvironBuilder, run_wsgi_app

_LOG = logging.getLogger(__name__)


def answer(server: BaseWSGIServer, request: AWSPreparedRequest) -> AWSResponse:
    """Answer a request as the server would.

    Args:
        server: A server of this process.
        request: What botocore would send to it.
    """
    url = urlsplit(str(request.url))
    environ = EnvironBuilder(
        path=url.path or "/",
        query_string=url.query,
        base_url=f"{url.scheme}://{url.netloc}",
        method=request.method,
        headers=[(name, _text(value)) for name, value in request.headers.items()],
        input_stream=io.BytesIO(_content(request.body)),
    ).get_environ()
    try:
        parts, status, headers = run_wsgi_app(server.app, environ, buffered=True)
    except Exception:
        _LOG.exception("%s %s", request.method, request.url)
        parts, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
    received = HTTPHeaders()
    for name, value in headers:
        received[name] = value
    raw: Any = MockRawResponse(b"".join(parts))
    return AWSResponse(str(request.url), int(status.split()[0]), received, raw)


def _content(body: Any) -> bytes:
    """Return a body, which is a text, bytes or a file."""
    if isinstance(body, str):
        return body.encode()
    return body.read() if hasattr(body, "read") else body or b""


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
