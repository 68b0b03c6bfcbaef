"""Facts: each read once, in parallel with others, and each with its own failure."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from operations.aws.clients import AwsClients
from operations.outputs import StackOutputs

Reader = Callable[["Facts"], Any]
_WORKERS = 32


class Facts:
    """Facts of one stack, by name, for as long as its context lasts.

    The end of the context waits for calls in progress: a check that fails by its first fact does
    not read the others, and a command's calls to AWS end before it does.

    Args:
        readers: Function that reads each fact. A reader may use other facts, but not in a cycle.
        aws: Clients of the stack's region.
        outputs: The stack's outputs.
    """

    def __init__(
        self, readers: Mapping[str, Reader], aws: AwsClients, outputs: StackOutputs
    ) -> None:
        self.aws = aws
        self.outputs = outputs
        self._readers = readers
        # More workers than facts: a reader that waits for another fact must not starve it.
        self._pool = ThreadPoolExecutor(max(_WORKERS, len(readers)))
        self._lock = threading.Lock()
        self._futures: dict[str, Future[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(self, name: str) -> Future[Any]:
        """Start reading a fact, unless it has been started."""
        with self._lock:
            if name not in self._futures:
                self._futures[name] = self._pool.submit(self._readers[name], self)
            return self._futures[name]

    def get(self, name: str) -> Any:
        """Return a fact.

        Raises:
            Exception: what reading it raised; see the readers.
        """
        return self.start(name).result()
