"""What a wrong command line is told, and help in Chinese: click speaks English."""

from __future__ import annotations

import re
from typing import Final

import click

from luoshi.messages import Speaker


def usage_error(error: click.UsageError, say: Speaker) -> int:
    """The exit code, after the error was told in the language of the user."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help(), err=True)
        return 2
    command = error.ctx.command_path if error.ctx else "luoshi"
    click.echo(say("cli.error", error=_told(error, say)), err=True)
    click.echo(say("cli.see_help", command=command), err=True)
    return 2


def _told(error: click.UsageError, say: Speaker) -> str:
    """Click's message in the language of the user, as far as its kind is known."""
    if say.lang == "en":
        return error.format_message()
    param = getattr(error, "param", None)
    name = getattr(error, "param_hint", None) or (
        max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name if param else ""
    )
    kind = getattr(param, "type", None)
    match error:
        case click.BadParameter() if isinstance(kind, click.Choice):
            return say("usage.bad_choice", name=name, choices=" ".join(kind.choices))
        case click.NoSuchOption():
            return say("usage.no_such_option", name=error.option_name)
        case click.MissingParameter():
            return say("usage.missing", name=name)
        case click.BadParameter():
            return say("usage.bad_value", name=name, why=_wanted(kind, say))
        case click.BadOptionUsage():
            return say("usage.bad_option", name=error.option_name)
    quoted = _QUOTED.match(error.format_message())
    if quoted is not None:
        return say("usage.no_such_command" if quoted["command"] else "usage.too_many", name=quoted["command"] or quoted["more"])
    return say("usage.other")


#: the messages that click has for what a command line holds too much of
_QUOTED = re.compile(r"No such command '(?P<command>[^']*)'|Got unexpected extra arguments? \((?P<more>.*)\)", re.DOTALL)


def _wanted(kind: object, say: Speaker) -> str:
    """What a value should have been."""
    match kind:
        case click.IntRange(min=int(least), max=int(most)):
            return say("usage.number_between", least=least, most=most)
        case click.IntRange(min=int(least)):
            return say("usage.number_from", least=least)
    return say("usage.number")


class _Formatter(click.HelpFormatter):
    """Writes help with Chinese headings."""

    _WORDS: Final = {"Options": "选项", "Commands": "命令"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…"), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self._WORDS.get(heading, heading)}：\n")


class ChineseContext(click.Context):
    formatter_class = _Formatter


class OrderedGroup(click.Group):
    """A group that lists its commands in the order in which they were made."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)
