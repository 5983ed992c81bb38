"""What a template is made of: the blocks of a draft from top to bottom, and what a kind of paper declares of its values."""

from __future__ import annotations

from typing import Literal

import msgspec

from luoshi.loop.mechanism import Words

#: how a paper looks: with a red head, as a letter (7.2, 10.1), without either, or with a wide table on its side
Form = Literal["red", "letter", "plain", "wide"]


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="mark"):
    """The red head."""

    text: str


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="number"):
    """The number of the document, with the red line below it where there is a head."""

    text: str


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="title"):
    text: str


class To(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="to"):
    """Who gets it."""

    text: str


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="text"):
    text: str


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="head"):
    """A heading; ``level`` 1 to 4: 一、 （一） 1. （1）."""

    text: str
    level: int = 1


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a table: its heading, what stands in a cell, its share of the width."""

    head: str
    cell: str
    width: float = 1
    align: Literal["left", "center", "right"] = "left"
    total: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="table"):
    """A table with a row for each of a list; heads repeat on the next page, no row is torn. A last row where a column has a ``total``."""

    columns: tuple[Column, ...]
    #: in smaller print
    fine: bool = False


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell of a form; ``head``: it names what stands beside it."""

    text: str
    head: bool = False
    span: int = 1


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="form"):
    """A form: cells row by row, each row of the same number of columns; ``widths`` their shares."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Picture(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="picture"):
    text: str


class Small(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="small"):
    """Small print at a table."""

    text: str


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="sign"):
    """Who signs, and the day."""

    office: str
    day: str


class AnnexNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="annex-note"):
    """That there is an annex, below the text."""

    text: str


class Annex(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="annex"):
    """An annex on a page of its own; ``wide``: on its side."""

    mark: str
    title: str
    wide: bool = False


class Remark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="remark"):
    """A remark in brackets: （此件公开发布）."""

    text: str


class Copies(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="is", tag="copies"):
    """Who gets copies, who printed it and when: at the foot of the last page."""

    to: str
    office: str
    day: str


Block = Mark | Number | Title | To | Text | Head | Table | Sheet | Picture | Small | Sign | AnnexNote | Annex | Remark | Copies


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of a paper: its key in the program, its name between the braces of a template, what it is, and an example of it.

    A field of a kind without ``name`` is one that papers on a matter share (``shared.yaml``).
    ``of``: it is a list, and these are the values of each of its rows. ``needed``: a template without it says less than the paper must.
    """

    key: str
    name: str = ""
    words: str = ""
    needed: bool = False
    picture: bool = False
    sample: str | int | float = ""
    of: tuple[Field, ...] = ()


class Adds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must add up. ``whole`` is the sum of ``parts`` (values, or ``list.column``: that column of all rows), or the number of rows of

    ``count``. ``each``: it is said of every row of this list, and ``whole`` and ``parts`` are columns of it. ``where`` names it in words.
    """

    whole: str
    where: str
    parts: tuple[str, ...] = ()
    count: str = ""
    each: str = ""
    #: the row's value by which it is named
    named: str = ""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of paper. ``wide``, ``form``: how the draft looks that the program ships; an office's own template may look otherwise."""

    key: str
    title: Words
    about: Words
    form: Form
    fields: tuple[Field, ...]
    blocks: tuple[Block, ...]
    adds: tuple[Adds, ...] = ()
    #: kinds of paper in a mechanism's file for which this one is made
    papers: tuple[str, ...] = ()
    source: str = ""
