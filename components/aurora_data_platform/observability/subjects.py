"""Which one of several a metric is about: of the instances, or of the rotations."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.aurora_data_platform.naming import RotationNames
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.settings.model import PlatformSettings

_OF_A_ROTATION = (Scope.FUNCTION, Scope.DEAD_LETTERS, Scope.FAILED_ROTATIONS, Scope.ROTATION_LOG)


@dataclass(frozen=True)
class Subject:
    """One of several, or the one that there is.

    Attributes:
        before: What an alarm's key gets in front.
        after: What an alarm's key gets at its end.
        label: What a line's label gets at its end.
        instance: Number of the instance, 0 for none.
        rotation: Names of the rotation.
    """

    before: str = ""
    after: str = ""
    label: str = ""
    instance: int = 0
    rotation: RotationNames | None = None


def subjects(scope: Scope, s: PlatformSettings) -> Sequence[Subject]:
    """Everything of a platform that a metric of this scope is published about."""
    if scope is Scope.INSTANCE:
        numbers = range(1, s.instance_count + 1)
        several = s.instance_count > 1
        return [
            Subject(after=f"-{n}", label=f" {n}" if several else "", instance=n) for n in numbers
        ]
    if scope in _OF_A_ROTATION:
        names = ("", "application-")
        labels = ("", ", application")
        return [
            Subject(before=name, label=label, rotation=rotation)
            for name, label, rotation in zip(names, labels, s.rotations, strict=False)
        ]
    return [Subject()]
