import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_function
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator


def _pattern_of(characters: int) -> str:
    base = len(json.dumps({"source": [""]}))
    return json.dumps({"source": ["a" * (characters - base)]})


def test_a_pattern_beyond_the_quota_is_rejected(events: Any, name: str) -> None:
    answered = rejection(events.put_rule, Name=name, EventPattern=_pattern_of(2049))
    assert answered.code == "LimitExceededException"
    events.put_rule(Name=name, EventPattern=_pattern_of(2048))
    assert len(events.describe_rule(Name=name)["EventPattern"]) == 2048


def test_an_input_beyond_the_limit_is_rejected(
    client: Callable[[str], Any], events: Any, name: str
) -> None:
    function = create_function(client, name, "def handle(event, context): ...")
    events.put_rule(Name=name, ScheduleExpression="rate(12 hours)")
    target = {"Id": "function", "Arn": function}
    for characters, accepted in ((8192, True), (8193, False)):
        text = json.dumps("a" * (characters - 2))
        request = {"Rule": name, "Targets": [{**target, "Input": text}]}
        if accepted:
            events.put_targets(**request)
        else:
            assert rejection(events.put_targets, **request).code == "ValidationException"
