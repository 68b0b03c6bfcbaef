"""The pack as the engine starts it: a separate process that listens on a port."""

# The SDK leaves the protocol's stubs untyped.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policy_pack.aurora_policies.pack.catalogue import catalogue
from tools.repository import read_yaml

PACK = Path(__file__).parents[3] / "policy_pack"


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    # The engine starts a pack in the folder of the program, not in that of the pack.
    process = subprocess.Popen(
        [sys.executable, str(PACK)], stdout=subprocess.PIPE, cwd=tmp_path_factory.mktemp("program")
    )
    assert process.stdout
    port = int(process.stdout.readline())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)
    process.stdout.close()
    process.kill()
    process.wait()


def test_the_pack_lists_every_policy(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    assert info.name == "aurora-policies"
    assert [each.name for each in info.policies] == [each.name for each in catalogue().values()]


def test_the_pack_checks_a_resource(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    request = analyzer_pb2.AnalyzeRequest(
        type="aws:cloudwatch/logGroup:LogGroup", name="log", urn="urn:pulumi:prod::a::b::log"
    )
    found = {each.policyName for each in analyzer.Analyze(request).diagnostics}
    assert found == {"log-retention", "log-cmk", "required-tags"}


def test_the_pack_checks_a_stack(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    secret = analyzer_pb2.AnalyzerResource(
        type="aws:secretsmanager/secret:Secret", name="secret", urn="urn:pulumi:prod::a::b::secret"
    )
    request = analyzer_pb2.AnalyzeStackRequest(resources=[secret])
    found = {each.policyName for each in analyzer.AnalyzeStack(request).diagnostics}
    assert found == {"secret-rotation"}


def test_the_running_pack_keeps_locked_controls_on(
    analyzer: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    off = analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.DISABLED)
    names = {each.name for each in catalogue().values()}
    analyzer.Configure(
        analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=dict.fromkeys(names, off))
    )
    request = analyzer_pb2.AnalyzeRequest(
        type="aws:rds/cluster:Cluster", name="database", urn="urn:pulumi:prod::a::b::database"
    )
    found = {each.policyName for each in analyzer.Analyze(request).diagnostics}
    assert found == {
        *("rds-cluster-storage-encrypted", "rds-cluster-cmk", "rds-cluster-deletion-protection"),
        "rds-cluster-backup-retention",
    }


def test_the_pack_runs_in_the_environment_of_the_project() -> None:
    runtime = read_yaml(PACK / "PulumiPolicy.yaml")["runtime"]
    options = {"toolchain": "pip", "virtualenv": "../.venv"}
    assert runtime == {"name": "python", "options": options}


def test_the_pack_imports_nothing_of_the_program_that_it_checks() -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import aurora_policies.pack.policies"
    script += "; print([each for each in sys.modules if each.split('.')[0] == 'components'])"
    found = subprocess.run(
        [sys.executable, "-c", script, str(PACK)], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"
