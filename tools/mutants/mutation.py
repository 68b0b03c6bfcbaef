"""Mutants of a module, made by cosmic-ray. Text is never mutated, so messages are not covered."""

import ast
import difflib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from cosmic_ray import mutating, plugins  # pyright: ignore[reportMissingTypeStubs]

_mutate = cast("Callable[[str, object, int], str | None]", cast("Any", mutating).mutate_code)
_operator_class = cast("Callable[[str], type]", cast("Any", plugins).get_operator)
_ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Pow_Mul", "Mod_Mul", "FloorDiv_Mul")
_BITS = ("BitOr_BitAnd", "BitAnd_BitOr")
_COMPARISONS = (
    *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
    *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
)
OPERATORS = (
    *(f"ReplaceBinaryOperator_{each}" for each in (*_ARITHMETIC, *_BITS)),
    *(f"ReplaceComparisonOperator_{each}" for each in _COMPARISONS),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub", "AddNot"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer"),
    *("ExceptionReplacer", "RemoveDecorator", "ZeroIterationForLoop"),
)
"""Operators of cosmic-ray, with one or two replacements of each operator of Python."""


@dataclass(frozen=True)
class Mutant:
    """One change of a module.

    Attributes:
        source: The module with the change.
        change: The changed lines, before and after.
    """

    source: str
    change: str

    @property
    def digest(self) -> str:
        """Digest of its source."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]


def mutants_of(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module once, except for operators in signatures and types."""
    signatures = _signatures(source)
    seen = {source}
    for name in OPERATORS:
        operator = _operator_class(f"core/{name}")()
        for occurrence in count():
            mutated = _mutate(source, operator, occurrence)
            if mutated is None:
                break
            if mutated in seen or not _is_python(mutated):
                continue
            seen.add(mutated)
            change = change_between(source, mutated)
            if name.startswith("ReplaceBinary") and _signatures(mutated) != signatures:
                continue
            yield Mutant(mutated, change)


def change_between(source: str, mutated: str) -> str:
    """Return the changed lines."""
    lines = difflib.unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm="")
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in changed)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _signatures(source: str) -> list[str]:
    """Return annotations and kinds of parameters: for cosmic-ray, `|` and `*` are arithmetic."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            found.append(ast.unparse(node.annotation))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            found.append(ast.unparse(node.returns))
        elif isinstance(node, ast.arguments):
            found.append(f"{len(node.posonlyargs)} {len(node.kwonlyargs)}")
    return found
