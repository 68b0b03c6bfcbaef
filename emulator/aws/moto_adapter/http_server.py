"""Moto's web application on a loopback port."""

import socket
import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug import serving


class _OneAtATime:
    """Handles requests one by one: moto and its patches first check and then change."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            return self._application(environ, start_response)


def make_server(host: str, port: int) -> serving.BaseWSGIServer:
    """Bind moto's application to `host`:`port` without serving yet."""
    # Werkzeug exits the process if it cannot bind.
    with socket.create_server((host, port)) as listener:
        return serving.make_server(
            host,
            port,
            _OneAtATime(DomainDispatcherApplication(create_backend_app)),
            threaded=True,
            request_handler=MotoRequestHandler,
            fd=listener.fileno(),
        )
