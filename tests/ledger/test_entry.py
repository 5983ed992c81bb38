"""The chain: whatever is done to entries afterwards is found."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.entry import GENESIS, BrokenChain, Draft, Entry, canonical, checked, moment, seal

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)
_DRAFTS = st.lists(st.builds(Draft, _WORDS, _WORDS, st.dictionaries(_WORDS, _VALUES, max_size=3), _WORDS), min_size=1, max_size=6)


def chain(drafts: list[Draft], actor: str = "a1") -> list[Entry]:
    out, last = list[Entry](), GENESIS
    for seq, draft in enumerate(drafts, start=1):
        out.append(seal(last, seq, f"2026-03-05T01:02:{seq:02d}.000000Z", actor, draft))
        last = out[-1].hash
    return out


@given(_DRAFTS)
def test_a_chain_that_nobody_touched_holds(drafts: list[Draft]) -> None:
    entries = chain(drafts)
    assert list(checked(entries)) == entries
    assert [entry.values for entry in entries] == [msgspec.json.decode(canonical(draft.data)) for draft in drafts]


@given(_DRAFTS, st.data())
def test_any_change_of_any_field_is_found(drafts: list[Draft], data: st.DataObject) -> None:
    entries = chain(drafts)
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(Entry.__struct_fields__))
    before = getattr(entries[at], field)
    after = data.draw((st.integers(0, 20) if field == "seq" else _WORDS).filter(lambda value: value != before))
    entries[at] = msgspec.structs.replace(entries[at], **{field: after})
    with pytest.raises(BrokenChain, match=r"broken-chain"):
        list(checked(entries))


@given(_DRAFTS.filter(lambda drafts: len(drafts) > 1), st.data())
def test_an_entry_that_was_removed_swapped_or_put_in_is_found(drafts: list[Draft], data: st.DataObject) -> None:
    entries = chain(drafts)
    at = data.draw(st.integers(0, len(entries) - 2))
    without = entries[:at] + entries[at + 1 :]
    swapped = [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]
    doubled = [*entries[: at + 1], entries[at], *entries[at + 1 :]]
    renumbered = [*entries[:at], *(msgspec.structs.replace(entry, seq=entry.seq - 1) for entry in entries[at + 1 :])]
    for wrong in (without, swapped, doubled, renumbered):
        with pytest.raises(BrokenChain):
            list(checked(wrong))


@given(_DRAFTS, _DRAFTS)
def test_entries_cannot_move_to_another_chain(drafts: list[Draft], others: list[Draft]) -> None:
    first, second = chain(drafts), chain(others, actor="a2")
    with pytest.raises(BrokenChain):
        list(checked([*first, *(msgspec.structs.replace(entry, seq=entry.seq + len(first)) for entry in second)]))


def test_fields_do_not_run_into_each_other() -> None:
    one = seal(GENESIS, 1, "t", "a", Draft("ab", "c"))
    other = seal(GENESIS, 1, "t", "a", Draft("a", "bc"))
    assert one.hash != other.hash


def test_the_seal_is_the_same_on_every_machine() -> None:
    entry = seal(GENESIS, 1, "2026-03-05T01:02:03.000000Z", "a1", Draft("fact.accept", "f1", {"note": "对", "b": 1, "a": None}, "d1"))
    assert entry.data == '{"a":null,"b":1,"note":"对"}'
    # as anybody can compute it from a backup, with the standard library alone
    body = [GENESIS, 1, entry.at, "a1", "fact.accept", "f1", "d1", entry.data]
    told = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    assert entry.hash == hashlib.sha256(told).hexdigest() == "dae80aa67ae8547b25599d189fb9a893b0480b0f226cce89793e5e02bb5dde02"


def test_a_part_of_a_chain_is_checked_from_where_it_begins() -> None:
    entries = chain([Draft("fact.accept", "f1"), Draft("fact.reject", "f1"), Draft("fact.reopen", "f1")])
    assert list(checked(entries[1:], previous=entries[0].hash, seq=1)) == entries[1:]
    with pytest.raises(BrokenChain, match="缺少第 1 条"):
        list(checked(entries[1:]))


def test_a_naive_moment_is_an_error_of_the_program() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 3, 5))  # noqa: DTZ001 - what is refused
    assert moment(datetime(2026, 3, 5, tzinfo=UTC)) == "2026-03-05T00:00:00.000000Z"
