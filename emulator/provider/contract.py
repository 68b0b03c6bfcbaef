"""The provider contract: what the official provider does with each property, from its source.

`data/contract/<service>.yaml` maps type tokens to the fields of TypeContract.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from emulator.provider.protocol.properties import Properties, is_list

__all__ = ["ContractError", "PropertyContract", "Source", "TypeContract", "load"]

DIRECTORY = Path(__file__).parent / "data" / "contract"

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

    terraform: str  # Terraform's name of it
    plugin: str  # sdkv2 or framework, for which the bridge does not ask for the name
    sources: tuple[Source, ...]  # of different ages, so a test holds names to the installed SDK
    properties: Mapping[str, PropertyContract]
    autonamed: str = ""  # the property for which Check generates a name
    name_limit: int = 0  # longest generated name
    always_deleted_first: bool = False  # pulumi-aws, DeleteBeforeReplace
    reads: tuple[str, ...] = ()  # API calls of a read, the describing one first
    waits: tuple[str, ...] = ()
    secret_outputs: tuple[str, ...] = ()  # those that are no inputs
    oddities: tuple[str, ...] = ()  # what has surprised users, with the public report

    def deletes_before_replacing(self, program_inputs: frozenset[str]) -> bool:
        """Return what the bridge's nameRequiresDeleteBeforeReplace answers to a replacement."""
        named = self.plugin == "sdkv2" and self.autonamed in program_inputs
        return self.always_deleted_first or named


def load(directory: Path = DIRECTORY) -> dict[str, TypeContract]:
    """Load every contract file, by type token; a malformed one raises ContractError."""
    return {
        token: _type(f"{path.name}: {token}", entry)
        for path in sorted(directory.glob("*.yaml"))
        for token, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


def _type(where: str, entry: Properties) -> TypeContract:
    parsed: Properties = {key: tuple(it) if is_list(it) else it for key, it in entry.items()}
    sources = [_SOURCE.fullmatch(text) for text in entry["sources"]]
    if None in sources:
        raise ContractError(where, f"sources are OWNER/REPOSITORY@COMMIT:PATH: {entry['sources']}")
    parsed["sources"] = tuple(Source(**source.groupdict()) for source in sources if source)
    try:
        parsed["properties"] = {
            name: PropertyContract(**given) for name, given in entry["properties"].items()
        }
        contract = TypeContract(**parsed)
    except TypeError as error:
        raise ContractError(where, str(error)) from error
    unknown = {each.suppress for each in contract.properties.values()} - SUPPRESSIONS.keys()
    if unknown or contract.plugin not in ("sdkv2", "framework"):
        raise ContractError(where, f"plugin {contract.plugin}, unknown comparisons {unknown}")
    return contract
