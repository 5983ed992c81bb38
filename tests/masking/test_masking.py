"""Masking: every case beside the rules, what must hold for any text, and how well it does on texts that the rules were not made from."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from importlib.resources import files
from itertools import chain
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.masking import KINDS, find_personal, mask, mask_address, mask_id, mask_name, mask_phone
from luoshi.masking.numbers import identity_check, is_firm_code, is_luhn
from luoshi.masking.words import characters


class Cases(msgspec.Struct, forbid_unknown_fields=True):
    find: list[str]
    nothing: list[str]
    masked: list[tuple[str, str]]


CASES = msgspec.convert(yaml.safe_load(files("luoshi.masking").joinpath("cases.yaml").read_text(encoding="utf-8")), Cases)
SAMPLE = msgspec.convert(yaml.safe_load(Path(__file__).with_name("sample.yaml").read_text(encoding="utf-8")), dict[str, list[str]])
_MARK = re.compile(r"\{([a-z-]+)\|([^{}]*)\}")


def unmarked(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its marks, and what they say must be found."""
    text, wanted, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        wanted.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return text + marked[at:], wanted


def found(text: str) -> list[tuple[str, int, int]]:
    return [(one.kind, one.start, one.end) for one in find_personal(text)]


@pytest.mark.parametrize("marked", CASES.find)
def test_found(marked: str) -> None:
    text, wanted = unmarked(marked)
    assert wanted
    assert {kind for kind, _, _ in wanted} <= set(KINDS)
    assert [(kind, text[start:end]) for kind, start, end in found(text)] == [(kind, text[start:end]) for kind, start, end in wanted]
    assert found(text) == wanted


@pytest.mark.parametrize("text", CASES.nothing)
def test_nothing_found(text: str) -> None:
    assert find_personal(text) == []
    assert mask(text) == text


@pytest.mark.parametrize(("text", "masked"), CASES.masked)
def test_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_known_names_are_masked_wherever_they_stand() -> None:
    text = "那天夏至在场，夏至以后没有再来，陆远也在"
    assert find_personal(text) == []
    assert mask(text, known=["夏至", "陆远", "陆*", "至", ""]) == "那天夏*在场，夏*以后没有再来，陆*也在"


def test_there_are_enough_cases() -> None:
    assert len(CASES.find) + len(CASES.nothing) >= 200
    assert len({*CASES.find, *CASES.nothing}) == len(CASES.find) + len(CASES.nothing)


# --- what holds for any text

_PIECES = [text for marked in (*CASES.find, *CASES.nothing) for text in [unmarked(marked)[0]]]
_BITS = [
    "王",
    "女士",
    "业主",
    "我叫",
    "姓名：",
    "3号楼",
    "2单元",
    "501室",
    "小区",
    "家住",
    "*",
    "＊＊＊",
    "、",
    "，",
    " ",
    "男",
    "电话",
    "微信",
    "-",
    "1390000",
    "1207",
    "云A",
]
texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.sampled_from(_BITS), st.text(max_size=4)), max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_spans_are_true(text: str) -> None:
    last = 0
    for one in find_personal(text):
        assert last <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text != one.masked
        last = one.end


@settings(max_examples=400, deadline=None)
@given(texts, st.lists(st.sampled_from(["王女", "小区", "１号", "我叫", "王*"]) | st.text(max_size=3), max_size=2))
def test_nothing_is_found_in_what_is_masked(text: str, known: list[str]) -> None:
    masked = mask(text, known=known)
    assert find_personal(masked, known=known) == []
    assert mask(masked, known=known) == masked


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, st.text(alphabet="0123456789-+ *()Xx王陆路号室楼", max_size=24)))
def test_a_field_masked_twice_is_masked_once(text: str) -> None:
    for field in (mask_phone, mask_id, mask_name, mask_address):
        assert field(field(text)) == field(text)


@given(st.integers(10**9, 10**10 - 1), st.sampled_from(["139{}", "186{}", "15{}"]))
def test_any_mobile_is_found_and_hidden(number: int, form: str) -> None:
    mobile = form.format(number)[:11]
    (one,) = find_personal(f"请打{mobile}，谢谢")
    assert (one.kind, one.text) == ("phone", mobile)
    assert one.masked == f"{mobile[:3]}****{mobile[-4:]}"


@given(st.dates(min_value=date(1930, 1, 1)).filter(lambda day: day.year < 2026), st.integers(0, 999), st.integers(0, 9))
def test_the_check_character_decides(day: date, order: int, wrong: int) -> None:
    front = f"349901{day:%Y%m%d}{order:03}"
    assert [one.kind for one in find_personal(f"我的证{front}{identity_check(front)}")] == ["id"]
    if str(wrong) != identity_check(front):
        assert [one.kind for one in find_personal(f"我的号码{front}{wrong}") if one.kind == "id"] == []
        # whoever says that it is an identity number and mistypes it is still protected
        assert [one.kind for one in find_personal(f"身份证{front}{wrong}")] == ["id"]


# --- fields


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13900001207", "139****1207"), ("+86 139 0000 1207", "139****1207"), ("１３９００００１２０７", "139****1207"), ("0559-6210033", "0559-****0033"),
     ("(010)62110033", "010-****0033"), ("6210033", "****"), ("62100334", "****0334"), ("12345", "****"), ("", ""), ("不详", "****")],
)  # fmt: skip
def test_phone_field(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("34990119961125043X", "3" + "*" * 16 + "X"), ("349901600523001", "3" + "*" * 13 + "1"), ("12", "**"), ("", "")]
)
def test_id_field(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("陆远山", "陆*"), ("欧阳锦", "欧*"), ("阿依木·热合曼", "阿*"), ("J. Doe", "J*"), (" 陆远 ", "陆*"), ("", "")]
)
def test_name_field(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("栖山区青石镇柳溪苑小区3号楼2单元501室", "栖山区青石镇柳溪苑小区＊＊＊"), ("柳溪苑小区3号楼", "柳溪苑小区＊＊＊"), ("栖山区梧桐路88号", "栖山区梧桐路＊＊＊"),
     ("石桥村5组18号", "石桥村＊＊＊"), ("锦绣家园8-2-1404", "锦绣家园＊＊＊"), ("锦绣家园三号楼", "锦绣家园＊＊＊"), ("青石镇柳溪村", "青石镇柳溪村"), ("", "")],
)  # fmt: skip
def test_address_field(address: str, masked: str) -> None:
    assert mask_address(address) == masked


# --- codes


def test_checks() -> None:
    assert is_firm_code("91350200MA2YJ1XR9G")
    assert not is_firm_code("91350200MA2YJ1XR9H")
    assert not is_firm_code("91350200MA2YJ1XR9")
    assert [digit for digit in "0123456789" if is_luhn(f"621700123400567812{digit}")] == ["1"]
    assert identity_check("34990119961125043") == "2"


def test_surnames_are_surnames() -> None:
    known = characters()
    assert len(known.single) >= 400
    assert len(known.double) >= 60
    assert all(len(name) == 1 for name in known.single)
    assert all(len(name) == 2 for name in known.double)


# --- hostile input


_HOSTILE = {
    "1": 0, "13": 0, "1 ": 0, "1-3": 0, "一": 0, "a": 0, "a@": 0, "a.": 0, "云A": 0, "王": 0, "我叫": 0, "业主王": 0, "家住": 0, "住1": 0, "·": 0,
    "阿·": 0, "（男": 0, "、王": 0, "62": 0, "0559-": 0, "(": 0, "王(": 0, "王女士": 40_000, "13900001207,": 10_000, "小区3号楼2单元501室，": 9_230,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("piece", _HOSTILE)
def test_long_text_comes_to_an_end(piece: str) -> None:
    """What grew with the square of the length would not come to an end here."""
    assert len(find_personal(piece * (120_000 // len(piece)))) == _HOSTILE[piece]


@pytest.mark.slow
def test_a_megabyte_of_digits() -> None:
    assert find_personal("1" * 1_000_000) == []
    assert find_personal("１３９" * 333_333) == []


# --- how well it does


def measured(part: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Rightly found, missed and wrongly found in a part of the sample, by kind."""
    right, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for marked in SAMPLE[part]:
        text, wanted = unmarked(marked)
        have = found(text)
        right.update(one[0] for one in have if one in wanted)
        missed.update(one[0] for one in wanted if one not in have)
        wrong.update(one[0] for one in have if one not in wanted)
    return right, missed, wrong


def test_the_documentation_tells_how_well_it_does() -> None:
    """The table of ``docs/masking.md``: by kind, in the sample, how many there are, how many are found, missed, wrongly found."""
    parts = [measured(part) for part in SAMPLE]
    right, missed, wrong = (sum((part[column] for part in parts), Counter[str]()) for column in range(3))
    rows = [f"| `{kind}` | {right[kind] + missed[kind]} | {right[kind]} | {missed[kind]} | {wrong[kind]} |" for kind in KINDS]
    page = (Path(__file__).parents[2] / "docs" / "masking.md").read_text(encoding="utf-8")
    assert [row for row in rows if row not in page] == []
    assert sum(len(texts) for texts in SAMPLE.values()) > 300


def test_the_sample_is_not_the_cases() -> None:
    assert not {*CASES.find, *CASES.nothing} & set(chain.from_iterable(SAMPLE.values()))
