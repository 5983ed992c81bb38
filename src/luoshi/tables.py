"""Loads a YAML data file into its declared type; an error names the file and the path inside it."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import msgspec
import yaml

from luoshi.errors import BadTable

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


def load_table(package: str, name: str, type_: type[T]) -> T:
    """Returns the data file ``name`` that lies in ``package`` as a value of ``type_``.

    Unknown keys, missing keys and wrong types raise ``BadTable`` with the file and the path of the key.
    """
    where = f"{package.replace('.', '/')}/{name}"
    raw = files(package).joinpath(name).read_text(encoding="utf-8")
    try:
        data = yaml.load(raw, Loader=_Loader)  # noqa: S506 - a safe loader, the C one where it is built
    except yaml.YAMLError as error:
        raise BadTable(f"不是合格的 YAML：{error}", where=where, remedy="请按提示的行列改正") from error
    try:
        return msgspec.convert(data, type_, strict=True)
    except msgspec.ValidationError as error:
        raise BadTable(str(error), where=where, remedy="请对照声明的字段改正") from error
