"""The provider contract: what the official provider does with each property, from its source.

`data/contract/<service>.yaml` maps type tokens to the fields of TypeContract; `<service>` is
boto3's name. A call in it is an operation of that service or `service:Operation`, and ends with
`if <property> or <property>` if only programs that set one of them cause it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from emulator.provider.protocol.properties import Properties, is_list

__all__ = [
    "STEPS",
    "ApiCall",
    "ContractError",
    "PropertyContract",
    "Source",
    "TypeContract",
    "load",
]

DIRECTORY = Path(__file__).parent / "data" / "contract"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Every start of the emulated AWS reads the files; libyaml parses them ten times as fast."""

SUPPRESSIONS: Mapping[str, str] = {
    "": "equality",
    "archive": "hash of the content",
    "block": "members one by one; sets inside have no order, computed members may be left out",
    "case": "text in any case",
    "containers": "definitions of containers; defaults and empty lists are ignored",
    "given-keys": "only the members that the program gives",
    "json": "JSON values; the order of a list counts",
    "key": "id and ARN of a KMS key",
    "network": "members one by one; lists are sets",
    "parameters": "a set; the apply method has a default, the name any case",
    "policy": "IAM policy equivalence; the order of a list does not count, one element needs none",
    "protocol": "name and number of an IP protocol",
    "rules": "a set, whose members have defaults",
    "trimmed": "text without surrounding white space",
    "unordered": "a set",
    "version": "a version and its prefix",
    "write-only": "never compared",
}
"""How a property's old and new values are compared."""
STEPS = ("create", "update", "delete")
"""The steps that change a resource."""

_CALL = re.compile(
    r"(?:(?P<service>[\w-]+):)?(?P<operation>[A-Z]\w+)(?: if (?P<properties>\w+(?: or \w+)*))?"
)
_SOURCE = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}):(?P<path>\S+)")


class ContractError(Exception):
    """A contract file with an unknown key or a malformed value."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True)
class Source:
    """A file of a public repository at a commit."""

    repository: str
    commit: str
    path: str


@dataclass(frozen=True)
class ApiCall:
    """An operation of an AWS service, which a step of a resource calls.

    Attributes:
        service: boto3's name of the service, such as `rds`.
        operation: The operation in the API's spelling, such as `CreateDBCluster`.
        properties: Any one of them, set by the program, causes the call; empty if none is needed.
    """

    service: str
    operation: str
    properties: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`service:Operation`."""
        return f"{self.service}:{self.operation}"


@dataclass(frozen=True)
class PropertyContract:
    """An input property, under its Pulumi name."""

    replaces: bool = False  # ForceNew or RequiresReplace
    replaces_if: str = ""  # the condition of a CustomizeDiff or ModifyPlan
    required: bool = False  # by the SDK in use
    default: Any = None  # what Check fills in
    computed: bool = False  # AWS chooses if the program does not
    kept_when_unset: bool = False  # a program that stops setting it causes no difference
    secret: bool = False  # Sensitive, so encrypted in state
    write_only: bool = False  # sent, but not stored
    read: str = ""  # member of the read call; empty if the state keeps the program's value
    suppress: str = ""  # a key of SUPPRESSIONS
    note: str = ""


@dataclass(frozen=True)
class TypeContract:
    """A resource type."""

    service: str  # boto3's name of it
    terraform: str  # Terraform's name of it
    plugin: str  # sdkv2 or framework, for which the bridge does not ask for the name
    sources: tuple[Source, ...]  # of different ages, so a test holds names to the installed SDK
    properties: Mapping[str, PropertyContract]
    autonamed: str = ""  # the property for which Check generates a name
    name_limit: int = 0  # longest generated name
    always_deleted_first: bool = False  # pulumi-aws, DeleteBeforeReplace
    reads: tuple[str, ...] = ()  # API calls of a read, the describing one first
    # By step, without `reads`. A partition that cannot tag at creation (ISO) causes further calls.
    calls: Mapping[str, tuple[ApiCall, ...]] = field(default_factory=dict[str, tuple[ApiCall, ...]])
    waits: tuple[str, ...] = ()
    secret_outputs: tuple[str, ...] = ()  # those that are not inputs
    oddities: tuple[str, ...] = ()  # what has surprised users, with the public report

    def deletes_before_replacing(self, program_inputs: frozenset[str]) -> bool:
        """Return what the bridge's nameRequiresDeleteBeforeReplace answers to a replacement."""
        named = self.plugin == "sdkv2" and self.autonamed in program_inputs
        return self.always_deleted_first or named


def load(directory: Path = DIRECTORY) -> dict[str, TypeContract]:
    """Load every contract file, by type token; a malformed one raises ContractError."""
    return {
        token: _type(path.stem, f"{path.name}: {token}", entry)
        for path in sorted(directory.glob("*.yaml"))
        for token, entry in yaml.load(path.read_text(encoding="utf-8"), _LOADER).items()  # noqa: S506 - a safe one
    }


def _type(service: str, where: str, entry: Properties) -> TypeContract:
    parsed: Properties = {key: tuple(it) if is_list(it) else it for key, it in entry.items()}
    sources = [_SOURCE.fullmatch(text) for text in entry["sources"]]
    if None in sources:
        raise ContractError(where, f"sources are OWNER/REPOSITORY@COMMIT:PATH: {entry['sources']}")
    parsed["sources"] = tuple(Source(**source.groupdict()) for source in sources if source)
    parsed["calls"] = {
        step: tuple(_call(service, where, text) for text in texts)
        for step, texts in entry.get("calls", {}).items()
    }
    try:
        parsed["properties"] = {
            name: PropertyContract(**given) for name, given in entry["properties"].items()
        }
        contract = TypeContract(service=service, **parsed)
    except TypeError as error:
        raise ContractError(where, str(error)) from error
    unknown = {each.suppress for each in contract.properties.values()} - SUPPRESSIONS.keys()
    if unknown or contract.plugin not in ("sdkv2", "framework"):
        raise ContractError(where, f"plugin {contract.plugin}, unknown comparisons {unknown}")
    calls = [each for step in contract.calls.values() for each in step]
    causes = {name for each in calls for name in each.properties}
    if not contract.calls.keys() <= set(STEPS) or not causes <= contract.properties.keys():
        raise ContractError(
            where,
            f"calls: unknown steps {sorted(contract.calls.keys() - set(STEPS))}, "
            f"unknown properties {sorted(causes - contract.properties.keys())}",
        )
    return contract


def _call(service: str, where: str, text: str) -> ApiCall:
    found = _CALL.fullmatch(text)
    if found is None:
        raise ContractError(where, f"calls are [service:]Operation [if property]: {text}")
    properties = found["properties"]
    return ApiCall(
        found["service"] or service,
        found["operation"],
        tuple(properties.split(" or ")) if properties else (),
    )
