"""Loads a YAML data file into its declared type; an error names the file and the path inside it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final, TypeVar

import msgspec
import yaml

from luoshi.errors import BadTable

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
#: deeper and longer is no table that somebody wrote by hand
_DEEPEST: Final = 40
_LONGEST: Final = 200_000


def load_table(package: str, name: str, type_: type[T]) -> T:
    """Returns the data file ``name`` that lies in ``package`` as a value of ``type_``.

    Unknown keys, missing keys and wrong types raise ``BadTable`` with the file and the path of the key.
    """
    where = f"{package.replace('.', '/')}/{name}"
    raw = files(package).joinpath(name).read_text(encoding="utf-8")
    data = _loaded(raw, where)
    try:
        return msgspec.convert(data, type_, strict=True)
    except msgspec.ValidationError as error:
        raise BadTable(str(error), where=where, remedy="请对照声明的字段改正") from error


def read_yaml(raw: str, where: str) -> Any:
    """What a YAML text of somebody says, as plain data; ``BadTable`` names ``where`` for what is no YAML, too long or nested too deep."""
    if len(raw) > _LONGEST:
        raise BadTable("文件过大", where=where, remedy=f"不超过 {_LONGEST:,} 字")
    if _is_deep(raw, where):
        raise BadTable(f"括号套得太深（超过 {_DEEPEST} 层）", where=where, remedy="请把它改浅")
    return _loaded(raw, where)


def _loaded(raw: str, where: str) -> Any:
    try:
        return yaml.load(raw, Loader=_Loader)  # noqa: S506 - a safe loader, the C one where it is built
    except yaml.YAMLError as error:
        raise BadTable(f"不是合格的 YAML：{error}", where=where, remedy="请按提示的行列改正") from error


def _is_deep(raw: str, where: str) -> bool:
    """Whether the text is nested too deep. Events tell it: the loader goes down by recursion in C and takes the process with it."""
    depth = 0
    try:
        for event in yaml.parse(raw, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return True
    except yaml.YAMLError as error:
        raise BadTable(f"不是合格的 YAML：{error}", where=where, remedy="请按提示的行列改正") from error
    return False
