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
