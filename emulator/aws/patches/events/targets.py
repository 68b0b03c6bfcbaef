"""EventBridge: matching of events, and delivery to SNS topics."""

import json
from typing import Any

from moto.events.models import Rule
from moto.events.utils import EventTemplateParser

from emulator.aws.moto_adapter.backends import Backends
from emulator.aws.registry import patch_classes

_TOPIC = ":sns:"


@patch_classes(
    moto_behaviour="a rule with only a schedule receives every event",
    aws="a rule without a pattern receives no events",
    source="EventBridge API reference, PutRule: a rule has a pattern, a schedule, or both",
    test="events/test_targets::test_a_schedule_without_a_pattern_receives_no_event",
)
def match_no_events_by_schedule() -> None:
    """Deliver events only to rules with a pattern."""
    matching = Rule.send_to_targets

    def send(self: Rule, original_event: Any, *args: Any, **kwargs: Any) -> None:
        if self.event_pattern.get_pattern():
            matching(self, original_event, *args, **kwargs)

    setattr(Rule, "send_to_targets", send)  # noqa: B010


@patch_classes(
    moto_behaviour="an event whose target is an SNS topic makes moto fail",
    aws="the event, or its input transformation, is published",
    source="EventBridge user guide, Targets; Input transformation",
    test="events/test_targets::test_an_event_that_matches_a_rule_reaches_its_topic",
)
def deliver_events_to_topics() -> None:
    """Publish to topics and leave other targets to moto."""
    others = Rule.send_to_targets

    def send(self: Rule, original_event: Any, *args: Any, **kwargs: Any) -> None:
        targets = self.targets
        if self.event_pattern.matches_event(original_event):
            for target in targets:
                if _TOPIC in target["Arn"]:
                    Backends(self.account_id, self.region_name).sns.publish(
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
