"""The SDKs that Pulumi generates from the package's schema, with the examples of its readme."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.engine import go_module, install_node_language_host
from package.schema import schema
from package.versions import UNRELEASED
from rehearsal import Rehearsal, landing_zone
from tests.engine.consumers import PACKAGE, Consumer, code_blocks
from tests.engine.plans import resources_of
from tools.repository import ROOT

README = (PACKAGE / "README.md").read_text(encoding="utf-8").replace("OWNER", "owner")
GO_SDK = "github.com/owner/pulumi-aurora-data-platform/sdk/go"


@pytest.fixture(scope="module")
def sdks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdks")
    file = folder / "schema.json"
    # Pulumi derives the namespace from the owner of a Git repository.
    file.write_text(json.dumps({**schema(UNRELEASED), "namespace": "owner"}), encoding="utf-8")
    go_module.generate_sdks(file, folder)
    return folder


def write_examples(folder: Path, language: str, file: str) -> None:
    """Write the readme's example as `right`, and as `misspelled` with a typo in an argument."""
    (block,) = code_blocks(README, language)
    typo = re.sub(r"(?i)max(_?)capacity", r"Max\1Capacty", block)
    for name, program in (("right", block), ("misspelled", typo)):
        target = folder / file.format(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(program, encoding="utf-8")


def run(folder: Path, *command: str) -> tuple[int, str]:
    # As the CLI is built, so that Go reuses what it has compiled.
    environment = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_python_example_fits_its_sdk(sdks: Path) -> None:
    folder = sdks / "python"
    write_examples(folder, "python", "{}.py")
    settings = {"include": ["right.py", "misspelled.py"], "venvPath": str(ROOT), "venv": ".venv"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    code, report = run(folder, sys.executable, "-m", "pyright")
    assert code == 1
    assert "right.py:" not in report, report
    assert re.search(r'misspelled\.py:.*No parameter named "aurora_Max_Capacty"', report)


def test_the_go_example_fits_its_sdk(sdks: Path) -> None:
    folder = sdks / "orders"
    write_examples(folder, "go", "{}/main.go")
    # The versions of the CLI's own module, which is downloaded already.
    pins = (go_module.CLI_MODULE / "go.mod").read_text(encoding="utf-8")
    own = f"\nrequire {GO_SDK} v0.0.0\n\nreplace {GO_SDK} => ../go\n"
    (folder / "go.mod").write_text(pins + own, encoding="utf-8")
    shutil.copy(go_module.CLI_MODULE / "go.sum", folder)
    sdk = sdks / "go" / "go.mod"
    wanted = f"sdk/v3 v{go_module.VERSION}"
    sdk.write_text(re.sub(r"sdk/v3 v[\d.]+", wanted, sdk.read_text(encoding="utf-8")))
    code, report = run(folder, go_module.find_go(), "build", "-trimpath", "-mod=mod", "./...")
    assert code == 1
    assert "right/main.go:" not in report, report
    assert re.search(r"misspelled/main\.go:.* unknown field AuroraMaxCapacty in struct", report)


@pytest.fixture(scope="module")
def typescript(sdks: Path) -> Path:
    """Return a project with the compiler, Pulumi's SDK and the package's."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = sdks / "typescript"
    folder.mkdir()
    packages = {"@pulumi/pulumi": "^3.200.0", "@types/node": "^20", "typescript": "^5"}
    project = {"name": "orders", "private": True, "dependencies": packages}
    (folder / "package.json").write_text(json.dumps(project), encoding="utf-8")
    options = {
        **{"strict": True, "noEmit": True, "skipLibCheck": True, "types": ["node"]},
        **{"target": "es2020", "module": "commonjs", "moduleResolution": "node"},
        "paths": {"@owner/aurora-data-platform": ["./sdk"]},
    }
    settings = {"compilerOptions": options, "files": ["index.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    shutil.copytree(sdks / "nodejs", folder / "sdk")
    code, report = run(
        folder, npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit"
    )
    assert code == 0, report
    return folder


def test_the_typescript_example_fits_its_sdk(typescript: Path) -> None:
    write_examples(typescript, "ts", "{}.ts")
    settings = {"extends": "./tsconfig.json", "files": ["right.ts", "misspelled.ts"]}
    (typescript / "examples.json").write_text(json.dumps(settings), encoding="utf-8")
    compiler = str(typescript / "node_modules" / ".bin" / "tsc")
    code, report = run(typescript, compiler, "--project", "examples.json")
    assert code != 0
    assert "right.ts(" not in report, report
    assert re.search(
        r"misspelled\.ts\(.*'auroraMaxCapacty' does not exist in type 'CapacityArgs'", report
    )


PROGRAM = """
import * as pulumi from "@pulumi/pulumi";
import { AuroraDataPlatform } from "@owner/aurora-data-platform";

class SecurityGroup extends pulumi.CustomResource {}
class Topic extends pulumi.CustomResource {}

const network = new pulumi.Config().requireObject<{ vpcId: string; subnetIds: string[] }>("network");
const service = new SecurityGroup("aws:ec2/securityGroup:SecurityGroup", "service", {
    description: "ECS tasks",
    vpcId: network.vpcId,
});
const pages = new Topic("aws:sns/topic:Topic", "pages", {});
const database = new AuroraDataPlatform("database", {
    environment: "typed",
    costCenter: "orders",
    network: { ...network, clientSecurityGroupIds: { service: service.id } },
    notifications: { notificationTopicArns: [pages.id] },
    protection: { enableDeletionProtection: false, protectResources: false },
});

export const clusterEndpoint = database.clusterEndpoint;
"""


def test_a_typescript_program_deploys_the_package_with_outputs_as_arguments(
    typescript: Path, rehearsal: Rehearsal
) -> None:
    tsc = str(typescript / "node_modules" / ".bin" / "tsc")
    code, report = run(typescript / "sdk", tsc, "--project", ".")
    assert code == 0, report
    shutil.copy(typescript / "sdk" / "package.json", typescript / "sdk" / "bin")
    shutil.copytree(
        typescript / "sdk", typescript / "node_modules" / "@owner" / "aurora-data-platform"
    )
    (typescript / "index.ts").write_text(PROGRAM, encoding="utf-8")
    consumer = Consumer(rehearsal, typescript)
    consumer.write({"name": "orders", "runtime": "nodejs"})
    vpc_id, subnet_ids = landing_zone.private_network(
        rehearsal.aws.url, "us-east-2", landing_zone.ENVIRONMENTS[0]
    )
    home = Path(rehearsal.environment()["PULUMI_HOME"])
    install_node_language_host(home, rehearsal.engine)
    network = {"vpcId": vpc_id, "subnetIds": subnet_ids}
    stack = consumer.stack("typescript", {"orders:network": network})
    stack.up()
    try:
        deployed = {each["urn"].rpartition("::")[2]: each for each in resources_of(stack)}
        rule = deployed["database-ingress-from-service"]["inputs"]
        assert rule["referencedSecurityGroupId"] == deployed["service"]["id"]
        assert deployed["database-subnet-group"]["inputs"]["subnetIds"] == subnet_ids
        alarm = deployed["database-alarm-memory-exhausted"]["inputs"]
        assert deployed["pages"]["id"] in alarm["alarmActions"]
        cluster = deployed["database-cluster"]
        assert cluster["id"] == "typed-aurora-cluster-ue2"
        assert stack.outputs()["clusterEndpoint"].value == cluster["outputs"]["endpoint"]
    finally:
        stack.destroy()
        stack.workspace.remove_stack(stack.name)
