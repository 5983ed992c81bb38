"""The fictional district of the demonstration: its accounts, its posts and who holds them. Nobody here is a real person."""

from __future__ import annotations

from typing import Final

import msgspec

#: the password of all accounts of the demonstration; it is shown on the screen and good for nothing else
PASSWORD: Final = "Qishan-2026"  # noqa: S105 - the demonstration shows it
REGION: Final = "云川省澜州市栖山区"
#: whose name stands in the head of every page, and at the head and the end of every paper
OFFICE: Final = "栖山区人民政府督查室"


class Person(msgspec.Struct, frozen=True):
    """An account of the demonstration."""

    username: str
    name: str
    roles: tuple[str, ...]
    unit: str = ""


class Held(msgspec.Struct, frozen=True):
    """A post and who holds it, from a day on."""

    title: str
    person: str
    since: str


PEOPLE: Final = (
    Person("ducha", "温照野", ("supervisor",)),
    Person("ducha2", "纪南枝", ("supervisor",)),
    Person("caizheng", "苏砚田", ("liaison",), unit="区财政局"),
    Person("lingdao", "松问渠", ("leader",)),
    Person("lingdao2", "柏望川", ("leader",)),
    Person("lingdao3", "竹知节", ("leader",)),
    Person("lingdao4", "麦秋", ("leader",)),
    Person("kaohe", "叶听澜", ("appraiser",)),
    Person("duzhe", "宋微云", ("reader",)),
    Person("xitong", "程槐序", ("system_admin",)),
    Person("shenji", "谢知非", ("audit_admin",)),
    Person("anquan", "顾长汀", ("security_admin",)),
)
POSTS: Final = (
    Held("区长", "松问渠", "2023-01-10"),
    Held("常务副区长", "柏望川", "2023-01-10"),
    Held("副区长（工业和商务）", "梅听雨", "2023-01-10"),
    Held("副区长（城建和交通）", "竹知节", "2023-01-10"),
    Held("副区长（农业农村）", "桐叶舟", "2023-03-02"),
    Held("副区长（社会事业）", "麦秋", "2023-01-10"),
)
#: the liaisons of the units whose matters are shown
LIAISONS: Final = (
    "江满舟", "白简", "许听松", "石惊蛰", "云归鹤", "林小满", "秦照水", "陶既白", "安如初", "贺兰山", "何处春", "沈星河",
    "方见山", "阮清欢", "霍青萍", "凌霜晓", "邵闻笛", "骆秋池", "祝长庚", "夏知蝉", "闵疏桐", "甘棠", "屈折梅", "车载酒",
)  # fmt: skip
