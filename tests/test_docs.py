"""The documentation speaks of the program that is here: commands, options, keys, targets, links."""

from __future__ import annotations

import re
from pathlib import Path

import click
import msgspec
import pytest

from luoshi.cli import FORMAT_NAMES, KIND_NAMES, make_commands
from luoshi.extract import KINDS, fact
from luoshi.messages import Speaker
from luoshi.publish import FORMATS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = make_commands(Speaker("en")).commands
FACTS = {"document": fact.DocumentFact, "section": fact.SectionFact, "measure": fact.MeasureFact, "task": fact.TaskFact,
         "project": fact.ProjectFact, "term": fact.TermFact}  # fmt: skip


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    words = read("docs/cli.md")
    assert f"## luoshi {name}" in words
    section = words.split(f"## luoshi {name}")[1].split("\n## ")[0]
    general = words.split("\n## ")[0]
    for option in COMMANDS[name].params:
        if isinstance(option, click.Option):
            for flag in (*option.opts, *option.secondary_opts):
                assert f"`{flag}`" in section or f"`{flag} " in section or f"`{flag}" in general, flag


def test_documented_options_are_there() -> None:
    words = read("docs/cli.md")
    for name, command in COMMANDS.items():
        section = words.split(f"## luoshi {name}")[1].split("\n## ")[0]
        table = "\n".join(line.split(" | ")[0] for line in section.splitlines() if line.startswith("|"))
        flags = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
        assert set(re.findall(r"--[a-z][a-z-]*", table)) <= flags


@pytest.mark.parametrize("page", ["README.md", "README.en.md", "CONTRIBUTING.md"])
def test_commands_in_examples_are_there(page: str) -> None:
    words = read(page)
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", words, flags=re.MULTILINE)) <= targets
    for line in re.findall(r"^luoshi (.+?)(?:  +#.*)?$", words, flags=re.MULTILINE):
        name = line.split()[0]
        assert name in COMMANDS, line
        flags = {flag for option in COMMANDS[name].params for flag in option.opts}
        assert {word for word in line.split() if word.startswith("-") and word != "-"} <= flags, line


def test_the_two_commands_stand_first() -> None:
    for page in ("README.md", "README.en.md"):
        first = re.search(r"```sh\n(.*?)```", read(page), flags=re.DOTALL)
        assert first is not None
        assert re.findall(r"make [a-z]+", first[1]) == ["make demo", "make test"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_and_key_is_documented(kind: str) -> None:
    words = read("docs/facts.md")
    assert f"## {kind} " in words
    section = words.split(f"## {kind} ")[1].split("\n## ")[0] + words.split("\n## ")[0]
    for field in msgspec.structs.fields(FACTS[kind]):
        assert f"`{field.encode_name}`" in section, field.encode_name


def test_names_on_the_command_line_are_those_of_the_library() -> None:
    assert set(KIND_NAMES) == set(KINDS)
    assert set(FORMAT_NAMES) == set(FORMATS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_target_explains_itself() -> None:
    for target in re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE):
        assert re.search(rf"^{target}:.*## .+", read("Makefile"), flags=re.MULTILINE), target


def test_every_decision_is_listed() -> None:
    pages = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
    assert set(re.findall(r"\((0\d+-[a-z-]+\.md)\)", read("docs/decisions/README.md"))) == pages
    assert all(re.match(rf"# {int(name[:4])}\. ", read(f"docs/decisions/{name}")) for name in pages)
