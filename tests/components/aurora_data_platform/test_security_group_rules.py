"""Descriptions of security group rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aurora_data_platform.security_group_rules import rule_description
from tests.components.aurora_data_platform.platforms import platform


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("PostgreSQL from web", "PostgreSQL from web"),
        ("PostgreSQL from a'b\"c|d~é", "PostgreSQL from a_b_c_d__"),
        ("x" * 300, "x" * 255),
        ("._-:/()#,@[]+=&;{}!$* ok", "._-:/()#,@[]+=&;{}!$* ok"),
    ],
)
def test_unsupported_characters_are_replaced_and_long_text_is_cut(
    text: str, description: str
) -> None:
    assert rule_description(text) == description


@given(st.text(max_size=400))
def test_ec2_accepts_every_description(text: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}", rule_description(text))


def test_a_client_name_of_the_maximum_length_gives_a_description_within_the_limit() -> None:
    recording = platform(client_security_group_ids={"c" * 255: "sg-1"})
    descriptions = [each.inputs["description"] for each in recording.of_type("IngressRule")]
    assert max(map(len, descriptions)) == 255
