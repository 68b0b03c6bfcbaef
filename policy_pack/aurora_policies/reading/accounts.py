"""Accounts: the ones that a stack belongs to, and the ones that its resources give access to."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from .conditions import account_of
from .policy_documents import document_at, statements
from .resource_types import GRANTEES, RESOURCE_POLICIES
from .resources import Resource
from .security_group_rules import DIRECTIONS, security_group_rules
from .values import get, texts, words

_ACCOUNT = re.compile(r"[0-9]{12}")
_ORGANIZATION = re.compile(r"o-[a-z0-9]+")


def grantees_of(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield path and name of every account and organization that a resource gives access to."""
    yield from _in_documents(resource)
    for path in GRANTEES.get(resource.type, ()):
        yield from ((path, _party(each)) for each in words(resource[path]))
    for direction in DIRECTIONS:
        for rule in security_group_rules(resource, direction):
            # A group of another account is written as ACCOUNT/GROUP.
            for account, slash, _ in (group.partition("/") for group in texts([*rule.groups])):
                if slash:
                    yield f"{rule.path}security group", account


def _in_documents(resource: Resource) -> Iterator[tuple[str, str]]:
    property_ = RESOURCE_POLICIES.get(resource.type)
    if property_ is None:
        return
    for path, document in document_at(resource.properties, property_):
        for statement in statements(document, path):
            if statement.allows:
                yield from ((statement.path, each) for each in sorted(statement.grantees))


def _party(text: str) -> str:
    organization = re.search(r":organizations::.*/(o-[a-z0-9]+)", text)
    return organization[1] if organization else account_of(text) or text


def foreign(
    names: Iterable[tuple[str, str]], accepted: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield path and kind of the accounts and organizations that are not accepted."""
    for path, name in names:
        if name in accepted:
            continue
        if _ACCOUNT.fullmatch(name):
            yield path, "another account"
        elif _ORGANIZATION.fullmatch(name):
            yield path, "another organization"


def own_accounts(resources: Iterable[Resource], accepted: Collection[str]) -> set[str]:
    """Return the accounts that a stack belongs to.

    They are the accounts in the ARNs of its resources. Before the first deployment there are no
    ARNs; then it is the account that most of the resources give access to, apart from the accepted
    ones, and none if several accounts are named equally often.
    """
    listed = list(resources)
    owned = {account_of(arn) for each in listed for arn in texts(get(each.outputs, "arn"))}
    owned = set(filter(_ACCOUNT.fullmatch, owned))
    if owned:
        return owned
    named = Counter(
        chain.from_iterable(
            {name for _, name in grantees_of(each) if _ACCOUNT.fullmatch(name)} - set(accepted)
            for each in listed
        )
    )
    ranked = named.most_common()
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return set()
    return {ranked[0][0]}
