"""`make compare-cfn-lint`: judges the platform's resources by CloudFormation's schemas."""

import sys

from tools.compare_cfn_lint import linter
from tools.compare_cfn_lint.mapping import NAMES
from tools.compare_cfn_lint.record import RESULT, Result, complaints, differences, result
from tools.compare_cfn_lint.templates import changed_templates, digests, templates
from tools.reference.cfn_lint_page import PAGE, cfn_lint_page


def main() -> None:
    """Run cfn-lint, record its findings and compare them with the accepted ones."""
    found = judged()
    RESULT.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    result.cache_clear()
    PAGE.write_text(cfn_lint_page(), encoding="utf-8")
    unexpected = complaints(found, differences())
    if unexpected:
        sys.exit(
            "\n".join(["compare-cfn-lint: the differences are not the listed ones", *unexpected])
        )
    print(f"{len(found.findings)} findings in {len(found.templates)} templates, as listed")


def judged() -> Result:
    """Return what cfn-lint states about the templates and their resource types."""
    changed = changed_templates()
    found = linter.findings({**templates(), **changed})
    own = [each for each in found if each.template in templates()]
    usual = {each.rule for each in own}
    return Result(
        version=linter.version(),
        templates=digests(),
        findings=tuple(own),
        violations={
            name: tuple(sorted({each.rule for each in found if each.template == name} - usual))
            for name in changed
        },
        schemas=linter.schemas({kind.type for kind in NAMES.types.values()}),
    )


if __name__ == "__main__":
    main()
