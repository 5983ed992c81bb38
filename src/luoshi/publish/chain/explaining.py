"""Why a target ended as it did, in one sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from luoshi.link import Outcome
from luoshi.messages import Lang, Message
from luoshi.tables import load_table

_ANEW = frozenset({"restated", "weakened", "strengthened"})


@cache
def _words() -> Mapping[str, Message]:
    return load_table("luoshi.publish.chain", "words.yaml", dict[str, Message])


def word(group: str, slug: str, lang: Lang) -> str:
    """The word for a verdict, a why, a reason or a kind of target; the slug itself where there is none yet."""
    message = _words().get(f"{group}.{slug}")
    return slug if message is None else message.zh if lang == "zh" else message.en


def sentence(key: str, lang: Lang, **values: object) -> str:
    message = _words()[key]
    return (message.zh if lang == "zh" else message.en).format(**values)


def has_words(group: str, slug: str) -> bool:
    return f"{group}.{slug}" in _words()


def answer_kind(verdict: str) -> str:
    """What the second quotation is: a ``result``, the goal said ``anew``, the thing promised ``again``."""
    return "again" if verdict == "carried_over" else "anew" if verdict in _ANEW else "result"


def explained(outcome: Outcome, lang: Lang, comparator: str = "") -> str:
    """One sentence: the target (``comparator`` is how it is meant), what was reported, how far they are apart, the verdict, what it rests on.

    ```
    2023年目标“6%”（地区生产总值，左右），报告为“5.5%”，相差 -0.5 百分点：未完成。依据：同一指标；低于目标。
    ```
    """
    year = sentence("said.year", lang, year=outcome.due) if outcome.due else sentence("said.no_year", lang)
    name = _short(outcome.name)
    if comparator not in ("", "eq") and outcome.target.text[:1].isdigit():
        name = sentence("said.as", lang, name=name, comparator=word("comparator", comparator, lang))
    told = [sentence("said.target", lang, year=year, text=_short(outcome.target.text), name=name)]
    if outcome.result is not None:
        told.append(sentence(f"said.{answer_kind(outcome.verdict)}", lang, text=_short(outcome.result.text)))
    if outcome.distance:
        told.append(sentence("said.distance", lang, distance=_signed(outcome.distance), unit=outcome.distance_unit))
    if outcome.worked:
        told.append(sentence("said.worked", lang, worked=outcome.worked))
    verdict = word("verdict", outcome.verdict, lang)
    if outcome.why:
        verdict = sentence("said.why", lang, verdict=verdict, why=word("why", outcome.why, lang))
    ended = sentence("said.verdict", lang, told=sentence("said.comma", lang).join(told), verdict=verdict)
    return ended + _grounds(outcome, lang)


def _grounds(outcome: Outcome, lang: Lang) -> str:
    joint = sentence("said.joint", lang)
    grounds = [word("reason", reason, lang) for reason in outcome.reasons]
    if outcome.forecast:
        grounds.append(sentence("said.forecast", lang))
    if outcome.likely:
        grounds.append(sentence("said.likely", lang))
    told = sentence("said.grounds", lang, grounds=joint.join(grounds)) if grounds else ""
    if outcome.others:
        told += sentence("said.others", lang, others=joint.join(word("verdict", one, lang) for one in outcome.others))
    return told


def _short(words: str, most: int = 40) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1] + "…"


def _signed(distance: str) -> str:
    return distance if distance.startswith("-") or distance == "0" else f"+{distance}"
