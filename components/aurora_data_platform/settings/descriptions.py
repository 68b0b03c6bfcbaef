"""Descriptions of settings, for references and schemas.

They are read from the source only there: pydantic's `use_attribute_docstrings` reads it whenever a
model is imported, which took 5% of the time of every preview.
"""

import ast
import inspect
import itertools
import textwrap
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel


@cache
def descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the docstrings of a model's fields, by the name of the field."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= _docstrings(base)
    return found


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return the texts that follow a class's own annotated names."""
    source = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(model))))
    definition = next(node for node in source if isinstance(node, ast.ClassDef))
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in itertools.pairwise(definition.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    }
