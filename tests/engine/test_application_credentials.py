"""Alternating users with the deployed function on a real database."""

from collections.abc import Callable

from pulumi.automation import Stack

from rehearsal import Rehearsal
from rehearsal.database import Login
from tests.engine.plans import Plan


def test_an_application_secret_rotates_between_two_users_that_both_log_in(
    scratch: Callable[..., Stack], rehearsal: Rehearsal
) -> None:
    stack = scratch("turns", rotationStrategy="alternating-users", applicationUser="orders")
    stack.up()
    master, application = rehearsal.logins(stack)
    application.wait_for_first_rotation()
    clone = application.log_in()
    assert clone == Login("orders_clone", "17.10", encrypted=True)
    first = application.secret()
    application.rotate()
    assert application.log_in() == Login("orders", "17.10", encrypted=True)
    assert application.log_in(first) == clone, "the previous credentials still work"
    master.wait_for_first_rotation()
    assert master.log_in().user == "aurora_master"
    plan = Plan()
    stack.up(on_event=plan.record)
    assert plan.steps == {}, "rotations cause no drift"
