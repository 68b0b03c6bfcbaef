"""Moto's web application on a loopback port."""

import socket
from collections.abc import Iterable
from functools import cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from moto import backends
from moto.core import responses, utils
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug import serving

from emulator.aws.moto_adapter import one_at_a_time


class _OneAtATime:
    """Handles requests one by one: moto and its patches first check and then change."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with one_at_a_time.request():
            return self._application(environ, start_response)


@cache
def _remember_what_does_not_change() -> None:
    """Let moto list its services, and the methods of a class, once instead of for each request."""
    services = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: services
    names = cache(utils.method_names_from_class)
    responses.method_names_from_class = names  # pyright: ignore[reportPrivateImportUsage]


def make_server(host: str, port: int) -> serving.BaseWSGIServer:
    """Bind moto's application to `host`:`port` without serving yet."""
    _remember_what_does_not_change()
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
