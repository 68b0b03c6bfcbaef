"""Time of `cdk synth` for a stack like dev, without that of the CDK's command line.

What is timed is the app that `cdk synth` runs, with fewer resources than the dev stack has. The AWS
CDK is installed in an environment of its own; it needs Node.js.
"""

import os
import shutil
import tempfile

from benchmarks.machine import timed
from tools.repository import ROOT

PYTHON = ROOT / ".cdk/bin/python"
APP = ROOT / "benchmarks/cdk/app.py"
NODE_IS_MISSING = "there is no Node.js, which the AWS CDK needs: no comparison with cdk synth"


def is_available() -> bool:
    """Return whether the AWS CDK is installed and can run."""
    return PYTHON.is_file() and shutil.which("node") is not None


def synthesize() -> tuple[float, float]:
    """Synthesize the stack once; return the wall clock and the CPU time in seconds."""
    with tempfile.TemporaryDirectory() as output:
        return timed(
            [PYTHON, APP],
            {
                **os.environ,
                "CDK_OUTDIR": output,
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
                "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            },
        )
