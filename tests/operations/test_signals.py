"""Signals of a command that has to clean up."""

import os
import signal

import pytest

from operations.errors import LeftBehindError
from operations.signals import interrupted_where_allowed


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.fixture
def done() -> list[str]:
    """Return what a command has done."""
    return []


def command(
    done: list[str],
    *,
    received: dict[str, signal.Signals] | None = None,
    left: str = "",
) -> None:
    """Restore and remove, and receive signals at steps."""
    signals = received or {}
    with interrupted_where_allowed() as interruptions:
        if "before" in signals:
            send(signals["before"])
        try:
            with interruptions.allowed():
                if "during" in signals:
                    send(signals["during"])
                done.append("restored")
        finally:
            if "removing" in signals:
                send(signals["removing"])
            if left:
                raise LeftBehindError(left)
            done.append("removed")
        done.append("reported")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("before", ["removed"]),
        ("during", ["removed"]),
        ("removing", ["restored", "removed", "reported"]),
    ],
)
def test_a_signal_interrupts_only_where_that_is_allowed(
    done: list[str], step: str, number: signal.Signals, expected: list[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        command(done, received={step: number})
    assert done == expected


def test_a_second_signal_does_not_interrupt_the_removal(done: list[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        command(done, received={"during": signal.SIGINT, "removing": signal.SIGTERM})
    assert done == ["removed"]


def test_what_is_left_behind_is_reported_rather_than_the_signal(done: list[str]) -> None:
    with pytest.raises(LeftBehindError, match="the temporary cluster still exists"):
        command(
            done, received={"removing": signal.SIGINT}, left="the temporary cluster still exists"
        )


def test_the_handlers_before_are_restored(done: list[str]) -> None:
    handled = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(each) for each in handled]
    command(done)
    assert [signal.getsignal(each) for each in handled] == before
    assert done == ["restored", "removed", "reported"]
