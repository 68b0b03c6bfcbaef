"""The in-memory Secrets Manager of the fault matrix answers as the emulated AWS does.

Each sequence runs against both; the expected outcome of each call is a value, the labels, or the
code of a rejection. The emulated AWS is moto with patches, whose sources are with them.
"""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tools.testing.secrets_manager import InMemorySecretsManager

pytestmark = pytest.mark.emulator

A, B, C = (letter * 32 for letter in "abc")
_LETTERS = {A: "A", B: "B", C: "C"}
_NUMBERS = count(1)
NOT_FOUND, EXISTS = "ResourceNotFoundException", "ResourceExistsException"
INVALID, MISMATCH = "InvalidParameterException", "InvalidRequestException"

Outcome = str | dict[str, list[str]] | None
Calls = Callable[[Any], list[tuple[Outcome, Outcome]]]


class Manager:
    """A secret with a first version A, behind either implementation."""

    def __init__(self, client: Any, secret_id: str, stage: Callable[[str], object]) -> None:
        self._client, self._secret, self._stage = client, secret_id, stage

    def stage(self, token: str) -> Outcome:
        """Begin a rotation: label a version without a value."""
        return self._outcome(lambda: self._stage(token))

    def get(self, label: str, version: str = "") -> Outcome:
        members = {"VersionId": version} if version else {}
        return self._outcome(
            lambda: self._client.get_secret_value(
                SecretId=self._secret, VersionStage=label, **members
            )["SecretString"]
        )

    def put(self, token: str, value: str) -> Outcome:
        return self._outcome(
            lambda: self._client.put_secret_value(
                SecretId=self._secret,
                ClientRequestToken=token,
                SecretString=value,
                VersionStages=["AWSPENDING"],
            )
        )

    def move(self, label: str, *, to: str = "", away_from: str = "") -> Outcome:
        members = {"MoveToVersionId": to, "RemoveFromVersionId": away_from}
        return self._outcome(
            lambda: self._client.update_secret_version_stage(
                SecretId=self._secret,
                VersionStage=label,
                **{key: value for key, value in members.items() if value},
            )
        )

    def labels(self) -> Outcome:
        found = self._client.describe_secret(SecretId=self._secret)["VersionIdsToStages"]
        return {_LETTERS[version]: sorted(labels) for version, labels in found.items()}

    def elsewhere(self) -> "Manager":
        """Give a secret that does not exist."""
        return Manager(self._client, f"{self._secret}-of-nobody", self._stage)

    def described(self) -> Outcome:
        return self._outcome(lambda: self._client.describe_secret(SecretId=self._secret))

    @staticmethod
    def _outcome(call: Callable[[], object]) -> Outcome:
        try:
            answered = call()
        except ClientError as failure:
            return str(failure.response.get("Error", {}).get("Code"))
        return answered if isinstance(answered, str) and answered not in _LETTERS else None


def _in_memory(request: pytest.FixtureRequest) -> Manager:
    manager = InMemorySecretsManager()
    secret = manager.create("secret", "first", A)
    return Manager(manager, "secret", secret.stage)


def _emulated(request: pytest.FixtureRequest) -> Manager:
    client: Any = request.getfixturevalue("secrets")
    function: str = request.getfixturevalue("idle_function")
    name = f"contract-{next(_NUMBERS)}"
    client.create_secret(Name=name, SecretString="first", ClientRequestToken=A)

    def stage(token: str) -> None:
        client.rotate_secret(SecretId=name, ClientRequestToken=token, RotationLambdaARN=function)

    return Manager(client, name, stage)


@pytest.fixture(params=[_in_memory, _emulated], ids=["in memory", "emulated AWS"])
def manager(request: pytest.FixtureRequest) -> Manager:
    make: Callable[[pytest.FixtureRequest], Manager] = request.param
    return make(request)


def _promoted(manager: Manager) -> list[tuple[Outcome, Outcome]]:
    """Rotate from A to B."""
    return [
        (manager.stage(B), None),
        (manager.put(B, "second"), None),
        (manager.move("AWSCURRENT", to=B, away_from=A), None),
        (manager.move("AWSPENDING", away_from=B), None),
    ]


SEQUENCES: Mapping[str, Calls] = {
    "a new secret has a current version only": lambda m: [
        (m.get("AWSCURRENT"), "first"),
        (m.get("AWSCURRENT", A), "first"),
        (m.get("AWSPENDING"), NOT_FOUND),
        (m.get("AWSPREVIOUS"), NOT_FOUND),
        (m.labels(), {"A": ["AWSCURRENT"]}),
    ],
    "a rotation begins with a version that has no value": lambda m: [
        (m.stage(B), None),
        (m.get("AWSPENDING", B), NOT_FOUND),
        (m.get("AWSPENDING"), NOT_FOUND),
        (m.labels(), {"A": ["AWSCURRENT"], "B": ["AWSPENDING"]}),
    ],
    "a version gets its value once": lambda m: [
        (m.stage(B), None),
        (m.put(B, "second"), None),
        (m.put(B, "second"), None),
        (m.put(B, "third"), EXISTS),
        (m.get("AWSPENDING", B), "second"),
        (m.get("AWSCURRENT"), "first"),
    ],
    "a label and a version that do not belong together": lambda m: [
        (m.stage(B), None),
        (m.put(B, "second"), None),
        (m.get("AWSCURRENT", B), MISMATCH),
        (m.get("AWSPENDING", A), MISMATCH),
        (m.get("AWSPENDING", C), NOT_FOUND),
    ],
    "a promotion leaves the previous version": lambda m: [
        *_promoted(m),
        (m.labels(), {"A": ["AWSPREVIOUS"], "B": ["AWSCURRENT"]}),
        (m.get("AWSCURRENT"), "second"),
        (m.get("AWSPREVIOUS"), "first"),
    ],
    "a promotion keeps the pending label until it is taken away": lambda m: [
        (m.stage(B), None),
        (m.put(B, "second"), None),
        (m.move("AWSCURRENT", to=B, away_from=A), None),
        (m.labels(), {"A": ["AWSPREVIOUS"], "B": ["AWSCURRENT", "AWSPENDING"]}),
        (m.move("AWSPENDING", away_from=B), None),
        (m.labels(), {"A": ["AWSPREVIOUS"], "B": ["AWSCURRENT"]}),
    ],
    "a second rotation takes the first version's last label": lambda m: [
        *_promoted(m),
        (m.stage(C), None),
        (m.put(C, "third"), None),
        (m.move("AWSCURRENT", to=C, away_from=B), None),
        (m.move("AWSPENDING", away_from=C), None),
        (m.labels(), {"B": ["AWSPREVIOUS"], "C": ["AWSCURRENT"]}),
        (m.get("AWSPREVIOUS"), "second"),
    ],
    "a promotion is rejected where another version was expected to be current": lambda m: [
        *_promoted(m),
        (m.put(C, "third"), None),
        (m.move("AWSCURRENT", to=C, away_from=A), INVALID),
        (m.move("AWSCURRENT", to=C), INVALID),
        (m.get("AWSCURRENT"), "second"),
        (m.labels(), {"A": ["AWSPREVIOUS"], "B": ["AWSCURRENT"], "C": ["AWSPENDING"]}),
    ],
    "a promotion back": lambda m: [
        *_promoted(m),
        (m.move("AWSCURRENT", to=A, away_from=B), None),
        (m.labels(), {"A": ["AWSCURRENT"], "B": ["AWSPREVIOUS"]}),
    ],
    "versions that do not exist": lambda m: [
        (m.move("AWSCURRENT", to=C, away_from=A), NOT_FOUND),
        (m.move("AWSCURRENT", to=A, away_from=C), NOT_FOUND),
        (m.labels(), {"A": ["AWSCURRENT"]}),
    ],
    "the current label cannot be taken away": lambda m: [
        (m.move("AWSCURRENT", away_from=A), INVALID),
        (m.labels(), {"A": ["AWSCURRENT"]}),
    ],
    "a label that the version does not have": lambda m: [
        *_promoted(m),
        (m.move("AWSPENDING", away_from=B), INVALID),
        (m.move("AWSPENDING", away_from=A), INVALID),
    ],
    "a value without a rotation takes the pending label over": lambda m: [
        (m.put(B, "second"), None),
        (m.put(C, "third"), None),
        (m.get("AWSPENDING"), "third"),
        (m.labels(), {"A": ["AWSCURRENT"], "C": ["AWSPENDING"]}),
    ],
    "a secret that does not exist": lambda m: [
        (m.elsewhere().described(), NOT_FOUND),
        (m.elsewhere().get("AWSCURRENT"), NOT_FOUND),
        (m.elsewhere().put(B, "second"), NOT_FOUND),
        (m.elsewhere().move("AWSCURRENT", to=B, away_from=A), NOT_FOUND),
    ],
}


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_both_answer_a_sequence_of_calls_alike(manager: Manager, sequence: str) -> None:
    outcomes = SEQUENCES[sequence](manager)
    assert json.dumps([got for got, _ in outcomes]) == json.dumps([want for _, want in outcomes])
