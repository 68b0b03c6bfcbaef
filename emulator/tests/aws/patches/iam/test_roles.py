from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_role

pytestmark = pytest.mark.emulator


def test_an_update_keeps_the_setting_that_is_not_sent(
    client: Callable[[str], Any], name: str
) -> None:
    iam = client("iam")
    create_role(iam, name, "lambda.amazonaws.com")
    for change in ({"Description": "rotates passwords"}, {"MaxSessionDuration": 7200}):
        iam.update_role(RoleName=name, **change)
    role = iam.get_role(RoleName=name)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("rotates passwords", 7200)
    iam.update_role(RoleName=name, Description="sets up databases")
    assert iam.get_role(RoleName=name)["Role"]["MaxSessionDuration"] == 7200
