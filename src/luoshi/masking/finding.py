"""Finds and masks personal data in Chinese text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from luoshi.masking.addresses import addresses
from luoshi.masking.found import KINDS, Found, Hit, flat
from luoshi.masking.marks import contacts, emails, plates
from luoshi.masking.names import names
from luoshi.masking.numbers import cards, identities, phones


def _candidates(text: str, known: Collection[str]) -> Iterator[Hit]:
    numbers = [*phones(text), *identities(text)]
    return chain(emails(text), numbers, cards(text), plates(text), contacts(text), addresses(text), names(text, numbers, known))


def _settled(hits: Iterator[Hit], length: int) -> list[Hit]:
    """The hits that stay, in order, none over another: the surer kind first, then the longer."""
    taken, stay = bytearray(length), []
    order = {kind: place for place, kind in enumerate(KINDS)}
    for hit in sorted(hits, key=lambda hit: (order[hit.kind], hit.start - hit.end, hit.start)):
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            stay.append(hit)
    return sorted(stay, key=lambda hit: hit.start)


def find_personal(text: str, *, known: Collection[str] = ()) -> list[Found]:
    """The personal data in the text, in order, none over another; offsets are code points and ``text[start:end]`` is ``found.text``.

    Names only where the text introduces them, and those that are ``known`` from elsewhere (the field of the caller) wherever they stand.
    The time is linear in the length. What it misses, ``docs/masking.md`` says in figures.

    >>> [(found.kind, found.text, found.masked) for found in find_personal("我叫陆远山，电话13900001207。")]
    [('name', '陆远山', '陆*'), ('phone', '13900001207', '139****1207')]
    """
    plain = flat(text)
    return [
        Found(hit.kind, hit.start, hit.end, text[hit.start : hit.end], hit.masked) for hit in _settled(_candidates(plain, known), len(text))
    ]


def mask(text: str, *, known: Collection[str] = ()) -> str:
    """The text with its personal data masked; nothing of it is found in what comes out, so masking twice changes nothing.

    >>> mask("王女士住柳溪苑小区3号楼2单元501室，车牌云A32817")
    '王*女士住柳溪苑小区＊＊＊，车牌云A***17'
    >>> mask("楼下的芦苇家太吵", known=["芦苇"])
    '楼下的芦*家太吵'
    """
    # a mask may bring to light what another reading of the same words had covered; each round hides some characters for good
    while found := find_personal(text, known=known):
        parts, at = [], 0
        for one in found:
            parts += [text[at : one.start], one.masked]
            at = one.end
        text = "".join([*parts, text[at:]])
    return text
