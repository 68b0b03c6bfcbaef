"""Rows of `inspect` for people: never shortened."""

from io import StringIO

from rich.console import Console

from operations.verbs.inspect import shown

COLUMNS = ["role", "login", "member_of"]


def printed(*rows: tuple[object, ...], width: int = 40) -> str:
    text = StringIO()
    console = Console(file=text, width=width)
    for each in shown(COLUMNS, rows, console):
        console.print(each, soft_wrap=True)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def test_rows_that_fit_are_a_table() -> None:
    assert printed(("app", True, "readers"), ("old", False, None)) == (
        "role  login  member_of\napp   True   readers\nold   False"
    )


def test_rows_that_do_not_fit_are_printed_one_below_the_other() -> None:
    groups = "trialfinder_owner, trialfinder_readwrite"
    assert printed(("app", True, groups), ("old", False, None)) == (
        f"role       app\nlogin      True\nmember_of  {groups}\n\n"
        "role       old\nlogin      False\nmember_of\n"
    )


def test_no_rows_print_none() -> None:
    assert printed() == "none"
