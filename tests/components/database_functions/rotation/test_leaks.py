"""No password reaches the server's log, its statistics or the function's log."""

import pytest

from components.database_functions.rotation.settings import STRATEGIES
from tests.components.database_functions.rotation.rotations import Bench, MakeBench


def current_password(bench: Bench) -> str:
    credential = bench.credential("AWSCURRENT")
    assert credential is not None
    return credential.password


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_password_reaches_the_server_log_its_statistics_or_the_functions_log(
    make_bench: MakeBench, strategy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = make_bench(strategy)
    server = bench.under_test.server
    with server.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    passwords = {bench.under_test.master_password, current_password(bench)}
    for _ in range(3):
        bench.rotate()
        passwords.add(current_password(bench))
    assert len(passwords) == 5
    with server.superuser() as connection:
        rows = connection.execute("SELECT query FROM pg_stat_statements").fetchall()
    written = {
        "server log": server.log.read_text(),
        "statistics": "\n".join(query for (query,) in rows),
        "function's log": capsys.readouterr().out,
    }
    assert all("ALTER ROLE" in written[place] for place in ("server log", "statistics"))
    assert "password_set" in written["function's log"]
    assert [
        place for place, text in written.items() if any(item in text for item in passwords)
    ] == []
