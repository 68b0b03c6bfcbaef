"""The service: `POST /orders` stores an order, `GET /orders` counts them, `GET /health` answers."""

import json
import os
import signal
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from .database import open_pool


class Handler(BaseHTTPRequestHandler):
    """Answers requests in JSON."""

    pool: Engine

    def do_GET(self) -> None:
        """Count the orders, or report the service's health."""
        if self.path == "/health":
            self._answer({"status": "ok"})
        else:
            self._query("SELECT count(*) FROM orders", "orders")

    def do_POST(self) -> None:
        """Store an order."""
        self._query("INSERT INTO orders DEFAULT VALUES RETURNING id", "id")

    def _query(self, statement: str, name: str) -> None:
        try:
            with self.pool.begin() as connection:
                value = connection.execute(text(statement)).scalar_one()
        except SQLAlchemyError as error:
            # The client learns that it failed, and the log learns why.
            print(f"{self.command} {self.path}: {error}", file=sys.stderr, flush=True)
            self._answer({"error": "database"}, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._answer({name: value})

    def _answer(self, content: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Log failed requests only."""


def main() -> None:
    """Serve until ECS stops the task (SIGTERM)."""
    Handler.pool = open_pool()
    server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, stop)
    print(f"serving on port {server.server_port}", flush=True)
    with server:
        server.serve_forever()


if __name__ == "__main__":
    main()
