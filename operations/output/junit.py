"""Results of checks as JUnit XML, which CI systems show."""

from xml.etree.ElementTree import Element, SubElement, tostring

from operations.checks.run import CheckResult, Result, Run

_DETAILS = {Result.FAILED: "failure", Result.UNKNOWN: "error", Result.SKIPPED: "skipped"}


def junit(stack: str, run: Run) -> str:
    """Return the XML of a run.

    Args:
        stack: Name of the stack, which becomes that of the suite.
        run: The run.
    """
    suite = Element(
        "testsuite",
        name=f"verify {stack}",
        tests=str(len(run.results)),
        failures=str(run.count(Result.FAILED)),
        errors=str(run.count(Result.UNKNOWN)),
        skipped=str(run.count(Result.SKIPPED)),
        time=f"{run.timing.seconds:.2f}",
        timestamp=f"{run.timing.started:%Y-%m-%dT%H:%M:%S}",
    )
    for each in run.results:
        case = SubElement(suite, "testcase", classname=each.check.group, name=each.check.id)
        if each.result in _DETAILS:
            SubElement(case, _DETAILS[each.result], message=_message(each)).text = each.check.remedy
        elif each.result is Result.WARNING:
            SubElement(case, "system-out").text = f"warning: {_message(each)}"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def _message(each: CheckResult) -> str:
    judged = each.judgement
    evidence = f" ({judged.evidence})" if judged.evidence else ""
    return f"expected {judged.expected}; found {judged.found}{evidence}"
