"""`make bench`: previews, the policy pack, rotations and setups, with the bars of each."""

from typing import Annotated

import typer
from rich.console import Console

from benchmarks import policies, previews, rotation, setup
from benchmarks.machine import BUSY_SHARE, share_in_use


def main(
    runs: Annotated[int, typer.Option(min=1, help="Previews of each program.")] = 7,
) -> None:
    """Run the benchmarks and print the results."""
    share = share_in_use()
    busy = share > BUSY_SHARE
    if busy:
        Console().print(f"other processes use {share:.0%} of the machine: there are no verdicts")
    found = previews.measure(runs)
    previews.show(found, busy=busy)
    policies.show(policies.measure(runs), busy=busy)
    added = previews.wall(found[previews.WITH_POLICIES]) - previews.wall(found[previews.DEV])
    Console().print(f"policy pack in a preview of dev: {added:+.2f} s")
    rotation.main()
    setup.main()


if __name__ == "__main__":
    typer.run(main)
