"""Outline: Text → the documents of a file, their headings as a tree, the part each stretch is, and what is missing.

Levels: 一、 is 1, （一） 2, 1. and a heading line without number 3, （1） and —— and 一是 4, ① 5. A heading without number that opens a part
(2022年工作回顾) is 1, or 0 where 一、 stands beneath it; 附件 likewise. 篇, 章 and 节 count from 1 and move the rest down. 第一， is 3.
A second run of 一、 inside a part keeps level 1 and has the part as its parent.

What is no heading: 一是 in mid-paragraph, or at its beginning without a lead sentence; a —— item that states an amount; a lead sentence
that shares its paragraph with the body, unless it is numbered (without its bold type it cannot be told from a sentence); the entries of a
glossary. A numbered paragraph that has no lead sentence is a section with an empty title.

Parts: the words of a heading, else those of the heading above, else the part before on the same level; paragraphs may turn (problems at the
end of a review, an outlook inside a plan). Self-government inside a review stays ``review``: what is said there was done.
"""

from luoshi.outline.assemble import outline_text
from luoshi.outline.outline import Document, Gap, Outline, Section, Stretch

__all__ = ["Document", "Gap", "Outline", "Section", "Stretch", "outline_text"]
