"""EventBridge: which events a rule wants, and how they reach a topic."""

import json
from typing import Any

from moto.events.models import Rule
from moto.events.utils import EventTemplateParser

from emulator.aws.moto_internals import sns
from emulator.aws.registry import changes_classes

_TOPIC = ":sns:"


@changes_classes(
    fault="a rule with a schedule alone gets every event",
    aws="without a pattern it gets none",
    source="EventBridge API reference, PutRule: a rule has a pattern, a schedule, or both",
    test="test_event_targets::test_a_schedule_without_a_pattern_wants_no_event",
)
def schedules_want_no_events() -> None:
    """Leave events to rules with a pattern."""
    matching = Rule.send_to_targets

    def send(self: Rule, original_event: Any, *args: Any, **kwargs: Any) -> None:
        if self.event_pattern.get_pattern():
            matching(self, original_event, *args, **kwargs)

    setattr(Rule, "send_to_targets", send)  # noqa: B010


@changes_classes(
    fault="an event for a topic breaks moto",
    aws="the event, or the text made of it, is published",
    source="EventBridge user guide, Targets; Input transformation",
    test="test_event_targets::test_an_event_that_a_rule_wants_reaches_its_topic",
)
def events_reach_topics() -> None:
    """Publish to topics, and leave the other targets to moto."""
    others = Rule.send_to_targets

    def send(self: Rule, original_event: Any, *args: Any, **kwargs: Any) -> None:
        targets = self.targets
        if self.event_pattern.matches_event(original_event):
            for target in targets:
                if _TOPIC in target["Arn"]:
                    sns(self.account_id, self.region_name).publish(
                        _text(target, original_event), arn=target["Arn"]
                    )
        try:
            self.targets = [each for each in targets if _TOPIC not in each["Arn"]]
            others(self, original_event, *args, **kwargs)
        finally:
            self.targets = targets

    setattr(Rule, "send_to_targets", send)  # noqa: B010


def _text(target: dict[str, Any], event: Any) -> str:
    made = target.get("InputTransformer")
    if made is None:
        return json.dumps(event)
    text = EventTemplateParser.parse(
        input_template=made["InputTemplate"],
        input_paths_map=made.get("InputPathsMap", {}),
        event=event,
    )
    return text if isinstance(text, str) else json.dumps(text)
