"""Consent to dangerous changes: given, typed on a terminal, or refused."""

import sys
from io import StringIO

import pytest

from operations.errors import RefusedError
from operations.verbs.consent import require_confirmation

CLUSTER = "dev-aurora-cluster-ue2"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def confirm(given: str | None) -> None:
    require_confirmation(CLUSTER, given=given, effect="deletes a cluster")


def test_the_identifier_confirms() -> None:
    confirm(CLUSTER)


@pytest.mark.parametrize("given", ["", "yes", f"{CLUSTER}-1", CLUSTER.upper()])
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(RefusedError) as refused:
        confirm(given)
    assert str(refused.value) == (
        f"--confirm {given!r}: not the identifier of the cluster, {CLUSTER}"
    )


def test_without_a_terminal_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{CLUSTER}\n"))
    with pytest.raises(RefusedError) as refused:
        confirm(None)
    assert str(refused.value) == (
        f"this command deletes a cluster. Repeat it with --confirm {CLUSTER}"
    )
    assert sys.stdin.read() == f"{CLUSTER}\n"


@pytest.mark.parametrize("typed", ["y\n", "\n", ""])
def test_a_wrong_or_missing_answer_on_a_terminal_is_refused(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    with pytest.raises(RefusedError, match=rf"not the identifier of the cluster, {CLUSTER}$"):
        confirm(None)


def test_the_identifier_typed_on_a_terminal_confirms(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{CLUSTER}\n"))
    confirm(None)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (
        "",
        f"this command deletes a cluster. Type {CLUSTER} to continue:\n",
    )
