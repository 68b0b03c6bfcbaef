"""The pack answers whatever a program declares, and never shows a value that could be secret."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_policy import proxy

from policy_pack.aurora_policies.pack.catalogue import catalogue
from tools.testing.policies import Analyzer, Declared
from tools.testing.policy_cases import by_control, case_analyzer, cases
from tools.testing.recorder import SECRET_SIGNATURE

CANARY = "canary"
UNKNOWNS = [value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_")]
WRONG: tuple[Any, ...] = (None, True, 7, "", "text", [], {}, [None], {"a": {}}, [[{}]])
# The further types of a control have the same code path, and there are more than a hundred.
TYPES = sorted({type_ for control in catalogue().values() for type_ in control.resources[:3]})


def words_of(value: Any) -> set[str]:
    """Every key and text of the cases: the words that checks look for."""
    match value:
        case dict():
            return {word for pair in value.items() for each in pair for word in words_of(each)}  # pyright: ignore
        case list():
            return {word for each in value for word in words_of(each)}  # pyright: ignore
        case str() if value.startswith("{"):
            return {value} | words_of(json.loads(value))
        case str():
            return {value}
        case _:
            return set()


WORDS = sorted(
    {
        word
        for case in cases("compliant", "violating")
        for row in case.stack.values()
        for word in words_of(row["properties"])
    }
    - {"hunter2", "hunter2hunter2"}
)
texts = st.text(max_size=20).map(lambda text: f"{CANARY}{text}")
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(UNKNOWNS)
    | st.sampled_from(WORDS)
    | texts
)
COMPLIANT = by_control("compliant")


def containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    documents = st.fixed_dictionaries({"Statement": values | st.lists(values, max_size=3)})
    return (
        st.lists(values, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS), values, max_size=5)
        | values.map(
            lambda value: {SECRET_SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": value}
        )
        | documents
        | documents.map(json.dumps)
    )


bags = st.dictionaries(
    st.sampled_from(WORDS) | texts, st.recursive(leaves, containers, max_leaves=12), max_size=12
)


@st.composite
def stacks(draw: st.DrawFn) -> list[Declared]:
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1, max_size=4))
    urns = [f"urn:pulumi:prod::cases::any::{name}" for name in names]
    return [
        Declared(
            type=draw(st.sampled_from(TYPES)),
            name=name,
            urn=urn,
            inputs=draw(bags),
            protect=draw(st.booleans()),
            dependencies=draw(
                st.dictionaries(
                    st.sampled_from(["", "securityGroupId", "role", "masterPassword"]),
                    st.lists(st.sampled_from(urns), max_size=2).map(tuple),
                    max_size=2,
                )
            ),
        )
        for name, urn in zip(names, urns, strict=True)
    ]


@settings(max_examples=150)
@given(stacks())
def test_no_properties_make_a_policy_fail_or_show_them(resources: list[Declared]) -> None:
    for violation in Analyzer("prod").analyze(resources):
        assert CANARY not in violation.text


@pytest.mark.parametrize("name", COMPLIANT)
def test_no_property_of_the_wrong_type_makes_a_policy_fail(name: str) -> None:
    for case in COMPLIANT[name]:
        subject = case_analyzer(case, "prod")
        for description, resources in case.variants(with_one_wrong_property):
            try:
                subject.analyze(resources)
            except Exception as error:
                error.add_note(f"{case}, with {description}")
                raise


def with_one_wrong_property(properties: Mapping[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    for key in properties:
        for wrong in WRONG:
            yield {key: wrong}, {**properties, key: wrong}


@pytest.mark.parametrize("depth", [60, 900, 100_000])
def test_a_large_or_deep_value_is_checked(depth: int) -> None:
    nested = f'{{"Statement": {"[" * depth}{"]" * depth}}}'
    # The protocol itself limits how deep a structure may be, unlike the text of a document.
    policy = json.loads(nested) if depth < 100 else nested
    bag = {"policy": policy, "tags": {f"key{index}": "x" * 10_000 for index in range(100)}}
    Analyzer("prod").analyze([Declared(type_, "a", f"urn:{type_}", bag) for type_ in TYPES])
