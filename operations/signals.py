"""Handling of signals in commands that have to clean up."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def terminated_like_interrupted(*also: signal.Signals) -> Generator[None]:
    """Clean up after SIGTERM as after Ctrl-C, and ignore further signals meanwhile.

    Args:
        also: Further signals that end the command in the same way.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    handled = (signal.SIGINT, signal.SIGTERM, *also)
    before = {each: signal.signal(each, interrupt) for each in handled}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Interruptions:
    """Signals that take effect where the command allows it, and wait for that elsewhere."""

    def __init__(self) -> None:
        self._allowed = False
        self._received = False

    @contextmanager
    def allowed(self) -> Generator[None]:
        """Raise KeyboardInterrupt in the block for the first signal, or for one before it."""
        self._allowed = True
        try:
            self.raise_received()
            yield
        finally:
            self._allowed = False

    def raise_received(self) -> None:
        """Raise KeyboardInterrupt if a signal has been received.

        Raises:
            KeyboardInterrupt: a signal has been received.
        """
        if self._received:
            raise KeyboardInterrupt

    def receive(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal.

        Raises:
            KeyboardInterrupt: it is the first one, in a block that allows it.
        """
        first, self._received = not self._received, True
        if first and self._allowed:
            raise KeyboardInterrupt


@contextmanager
def interrupted_where_allowed() -> Generator[Interruptions]:
    """Defer SIGINT and SIGTERM to the end, except in blocks that allow an interruption.

    An error of the command takes precedence over a deferred signal.

    Yields:
        What allows interruptions.

    Raises:
        KeyboardInterrupt: a signal was received.
    """
    interruptions = Interruptions()
    handled = (signal.SIGINT, signal.SIGTERM)
    before = {each: signal.signal(each, interruptions.receive) for each in handled}
    try:
        yield interruptions
        interruptions.raise_received()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def interrupts_left_to_the_child() -> Generator[None]:
    """Let a program in the foreground handle Ctrl-C, as psql does to cancel a statement."""

    def ignore(_number: int, _frame: FrameType | None) -> None:
        """Unlike SIG_IGN, a handler is not inherited by the program."""

    before = signal.signal(signal.SIGINT, ignore)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
