"""What is not as the standard says."""

from __future__ import annotations

import msgspec

from luoshi.publish.papers.layout import SOURCE


class Deviation(msgspec.Struct, frozen=True):
    """Something that is not as the standard says: what, where, what it should be, and the clause."""

    what: str
    where: str
    should: str
    source: str = SOURCE

    def __str__(self) -> str:
        return f"{self.where}：{self.what}，应为{self.should}（{self.source}）"
