"""The outputs of a platform."""

import inspect
import json
import re

from pydantic.alias_generators import to_camel

from components.aurora_data_platform import AuroraDataPlatform
from tools.testing.programs import run_program
from tools.testing.recorder import PASSWORD

OUTPUTS = {
    *("clusterEndpoint", "readerEndpoint", "clusterIdentifier", "clusterResourceId", "clusterArn"),
    "customEndpoints",
    *("engineVersion", "port", "databaseName", "securityGroupId", "kmsKeyArn"),
    *("masterSecretArn", "users", "databaseSetup", "postgresqlLogGroupName", "dashboardUrl"),
    *("notificationsTopicArn", "declaredState", "readme"),
}


def test_the_program_exports_exactly_the_documented_outputs() -> None:
    assert run_program("dev").exports.keys() == OUTPUTS


def test_no_output_contains_the_password() -> None:
    assert PASSWORD not in json.dumps(run_program("prod").exports)


def test_the_readme_shows_how_to_log_in_with_a_token() -> None:
    readme = run_program("dev").exports["readme"]
    assert "--hostname writer.example --port 5432 --username trialfinder_app" in readme
    assert "{" not in readme


def test_every_output_is_documented_and_typed() -> None:
    """Every output is an attribute with a type and a docstring, for editors and the API reference."""
    outputs = AuroraDataPlatform.__annotations__
    source = inspect.getsource(AuroraDataPlatform)
    documented = re.findall(r'^    (\w+): pulumi\.Output\[[^\n]+\]\n    """', source, re.MULTILINE)
    assert documented == list(outputs)
    assert {to_camel(name) for name in outputs} == OUTPUTS
