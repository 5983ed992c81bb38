"""The command line: each command reads its options, asks a module for the answer, and shows it.

Exit codes: 0 all is well; 1 a file could not be read, a quotation does not hold, something needed is missing; 2 the command line is wrong.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import click

from luoshi.errors import BadUsage, LuoshiError
from luoshi.messages import Lang, Speaker, lang_of
from luoshi.screens.usage import ChineseContext, OrderedGroup, usage_error

ROLE_NAMES = ("system_admin", "audit_admin", "security_admin", "supervisor", "liaison", "leader", "appraiser", "reader")
KIND_NAMES = ("document", "section", "measure", "task", "project", "term")
_YOUNG_OBJECTS: Final = 100_000
FORMAT_NAMES = ("table", "jsonl", "csv", "xlsx", "html")
MEASURE_NAMES = ("level", "growth", "change", "rank")
VERDICT_NAMES = ("met", "near", "missed", "carried_over", "restated", "weakened", "strengthened", "dropped", "cannot_tell", "not_yet")
FIELD_NAMES = (
    "economy", "industry", "investment", "trade", "finance", "jobs", "welfare", "city", "innovation", "environment", "rural", "transport",
    "governance", "other",
)  # fmt: skip
LINK_FORMATS = ("table", "jsonl", "csv", "xlsx", "parquet")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs a command line and leaves the process with its exit code."""
    # word lists and patterns are made once and stay: looking for cycles among them costs a tenth of the time of one report
    gc.set_threshold(_YOUNG_OBJECTS)
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _to_utf8(stream)
    say = Speaker(_lang(arguments))
    try:
        code = make_commands(say).main(args=arguments, prog_name="luoshi", standalone_mode=False)
    except click.UsageError as error:
        code = usage_error(error, say)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(say("cli.stopped"), err=True)
        code = 130
    except LuoshiError as error:
        click.echo(say("cli.error", error=say.error(error)), err=True)
        code = 2 if isinstance(error, BadUsage) else 1
    except MemoryError:
        click.echo(
            say("cli.error", error=say.error(LuoshiError("文件太大，内存不够", remedy="请拆成较小的文件再读", slug="too-large"))), err=True
        )
        code = 1
    except BrokenPipeError:
        # Whoever reads our output has enough of it; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _to_utf8(stream: IO[str]) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _lang(arguments: Sequence[str]) -> Lang:
    """The language is needed before the options are parsed, since their help is written in it."""
    for at, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if argument == "--lang" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return lang_of(os.environ)


def make_commands(say: Speaker) -> click.Group:
    """The whole command line in one language."""
    from luoshi import __version__

    group = OrderedGroup("luoshi", help=say("help.luoshi"), params=[_lang_option(say), _version(say, __version__)], no_args_is_help=True)
    for make in (
        _read,
        _link,
        _record,
        _compare,
        _text,
        _eval,
        _verify,
        _doctor,
        _demo,
        _serve,
        _worker,
        _tick,
        _mcp,
        _account,
        _import,
        _export,
        _rebuild,
        _backup,
        _restore,
        _release,
        _export_site,
    ):
        command = make(say)
        group.add_command(command)
    for one in (group, *group.commands.values()):
        one.add_help_option = False
        one.params.append(_help(say))
        if say.lang == "zh":
            one.context_class = ChineseContext
    return group


def _command(say: Speaker, name: str, run: Any, params: list[click.Parameter]) -> click.Command:
    """A command; ``--lang`` may stand behind its name as well."""
    return click.Command(
        name, callback=run, params=[*params, _lang_option(say)], help=say(f"help.{name}"), short_help=say(f"help.{name}").split("\n")[0]
    )


def _lang_option(say: Speaker) -> click.Option:
    return click.Option(["--lang"], type=click.Choice(["zh", "en"]), expose_value=False, help=say("option.lang"))


def _help(say: Speaker) -> click.Option:
    def show(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not context.resilient_parsing:
            click.echo(context.get_help())
            context.exit()

    return click.Option(["-h", "--help"], is_flag=True, expose_value=False, is_eager=True, help=say("option.help"), callback=show)


def _version(say: Speaker, version: str) -> click.Option:
    def show(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value and not context.resilient_parsing:
            click.echo(f"luoshi {version}")
            context.exit()

    return click.Option(["--version"], is_flag=True, expose_value=False, is_eager=True, help=say("option.version"), callback=show)


def _path(name: str, *, several: bool = False) -> click.Argument:
    return click.Argument([name.lower()], nargs=-1 if several else 1, required=True, metavar=f"{name}…" if several else name, type=str)


def _read(say: Speaker) -> click.Command:
    def run(**options: Any) -> int:
        from luoshi.screens.read import Wanted, read

        kinds = frozenset(name for value in options["kind"] for name in value.split(",") if name)
        wanted = Wanted(
            patterns=options["path"], format=options["format"], kinds=kinds, out=options["out"], jobs=options["jobs"],
            explain=options["explain"], quiet=options["quiet"],
        )  # fmt: skip
        return read(wanted, say)

    return _command(say, "read", run, [
        _path("PATH", several=True),
        click.Option(["-f", "--format"], type=click.Choice(FORMAT_NAMES), help=say("option.format")),
        click.Option(["-k", "--kind"], multiple=True, metavar="KIND", help=say("option.kind", kinds=" ".join(KIND_NAMES))),
        click.Option(["-o", "--out"], metavar="PATH", help=say("option.out")),
        click.Option(["-j", "--jobs"], type=click.IntRange(0, 512), default=0, metavar="N", help=say("option.jobs")),
        click.Option(["--explain"], type=int, metavar="OFFSET", help=say("option.explain")),
        click.Option(["-q", "--quiet"], is_flag=True, help=say("option.quiet")),
    ])  # fmt: skip


def _link(say: Speaker) -> click.Command:
    def run(**options: Any) -> int:
        from luoshi.screens.link import Wanted, link_files

        return link_files(Wanted(options["path"], options["format"], options["out"], options["jobs"], options["quiet"]), say)

    return _command(say, "link", run, [
        _path("PATH", several=True),
        click.Option(["-f", "--format"], type=click.Choice(LINK_FORMATS), help=say("option.format")),
        click.Option(["-o", "--out"], metavar="PATH", help=say("option.link_out")),
        click.Option(["-j", "--jobs"], type=click.IntRange(0, 512), default=0, metavar="N", help=say("option.jobs")),
        click.Option(["-q", "--quiet"], is_flag=True, help=say("option.link_quiet")),
    ])  # fmt: skip


def _table_options(say: Speaker) -> list[click.Parameter]:
    """Where a table out of the ledger goes, and of which ledger it is."""
    return [
        click.Option(["-f", "--format"], type=click.Choice(LINK_FORMATS), help=say("option.format")),
        click.Option(["-o", "--out"], metavar="PATH", help=say("option.link_out")),
        _data_option(say),
    ]


def _record(say: Speaker) -> click.Command:
    def run(place: str, **options: Any) -> int:
        from luoshi.screens.promises import Out, record

        _set({"data": options["data"]})
        out = Out(options["format"], options["out"])
        return record(place, out, say, year=options["year"], verdict=options["verdict"] or "", field=options["field"] or "")

    return _command(say, "record", run, [
        _path("PLACE"),
        click.Option(["--year"], type=click.IntRange(1900, 2200), metavar="YEAR", help=say("option.record_year")),
        click.Option(["--verdict"], type=click.Choice(VERDICT_NAMES), help=say("option.verdict")),
        click.Option(["--field"], type=click.Choice(FIELD_NAMES), help=say("option.field")),
        *_table_options(say),
    ])  # fmt: skip


def _compare(say: Speaker) -> click.Command:
    def run(indicator: str, **options: Any) -> int:
        from luoshi.screens.promises import Out, compare

        _set({"data": options["data"]})
        return compare(
            indicator,
            Out(options["format"], options["out"]),
            say,
            places=options["place"],
            years=options["years"],
            measure=options["measure"],
        )

    return _command(say, "compare", run, [
        _path("INDICATOR"),
        click.Option(["--place"], multiple=True, metavar="PLACE", help=say("option.compare_place")),
        click.Option(["--years"], default="", metavar="YEARS", help=say("option.compare_years")),
        click.Option(["--measure"], type=click.Choice(MEASURE_NAMES), help=say("option.compare_measure")),
        *_table_options(say),
    ])  # fmt: skip


def _text(say: Speaker) -> click.Command:
    def run(path: str) -> int:
        from luoshi.screens.check import show_text

        return show_text(path)

    return _command(say, "text", run, [_path("PATH")])


def _eval(say: Speaker) -> click.Command:
    def run(gold: tuple[str, ...], kind: str, root: str | None, source: str | None, errors: int) -> int:
        from luoshi.screens.check import show_scores

        return show_scores([Path(path) for path in gold], kind, Path(root) if root else None, Path(source) if source else None, errors, say)

    return _command(say, "eval", run, [
        _path("GOLD", several=True),
        click.Option(["-k", "--kind"], type=click.Choice(["measure", "project", "task"]), default="measure", help=say("option.eval_kind")),
        click.Option(["--root"], metavar="DIR", help=say("option.root")),
        click.Option(["--source"], metavar="FILE", help=say("option.source")),
        click.Option(["--errors"], type=click.IntRange(0), default=0, metavar="N", help=say("option.errors")),
    ])  # fmt: skip


def _verify(say: Speaker) -> click.Command:
    def run(facts: str | None, source: str | None, ledger: bool, deep: bool, data: str | None) -> int:
        if ledger or deep:
            if facts:
                raise click.BadOptionUsage("--ledger", "--ledger takes no files")
            from luoshi.screens.ledger import show_ledger

            _set({"data": data})
            return show_ledger(say, deep=deep)
        if not facts or not source:
            context = click.get_current_context()
            missing = [param for param in context.command.params if isinstance(param, click.Argument)][1 if facts else 0]
            raise click.MissingParameter(ctx=context, param=missing)
        from luoshi.screens.check import show_verdict

        return show_verdict(facts, source, say)

    return _command(say, "verify", run, [
        click.Argument(["facts"], required=False, metavar="FACTS"),
        click.Argument(["source"], required=False, metavar="SOURCE"),
        click.Option(["--ledger"], is_flag=True, help=say("option.ledger")),
        click.Option(["--deep"], is_flag=True, help=say("option.deep")),
        _data_option(say),
    ])  # fmt: skip


def _doctor(say: Speaker) -> click.Command:
    def run() -> int:
        from luoshi.screens.check import show_findings

        return show_findings(say)

    return _command(say, "doctor", run, [])


def _demo(say: Speaker) -> click.Command:
    def run(browser: bool, **options: Any) -> None:
        from luoshi.screens.demo import run_demo

        run_demo(options.pop("data"), say, browser=browser, port=options["port"])

    return _command(say, "demo", run, [
        click.Option(["--data"], metavar="DIR", help=say("option.demo_data")),
        click.Option(["--port"], type=click.IntRange(1, 65535), metavar="N", help=say("option.port")),
        click.Option(["--browser/--no-browser"], default=True, help=say("option.browser")),
    ])  # fmt: skip


def _serve(say: Speaker) -> click.Command:
    def run(**options: Any) -> None:
        from luoshi.web.serve import serve

        _set(options)
        serve(tell=_teller(say))

    return _command(say, "serve", run, [
        _data_option(say),
        click.Option(["--host"], metavar="ADDRESS", help=say("option.host")),
        click.Option(["--port"], type=click.IntRange(1, 65535), metavar="N", help=say("option.port")),
        click.Option(["--workers"], type=click.IntRange(1, 64), metavar="N", help=say("option.workers")),
        click.Option(["--threads"], type=click.IntRange(1, 64), metavar="N", help=say("option.threads")),
        click.Option(["--readers"], type=click.IntRange(0, 16), metavar="N", help=say("option.readers")),
    ])  # fmt: skip


def _worker(say: Speaker) -> click.Command:
    def run(**options: Any) -> None:
        from luoshi.web.serve import run_worker

        _set(options)
        run_worker(tell=_teller(say))

    return _command(say, "worker", run, [_data_option(say)])


def _tick(say: Speaker) -> click.Command:
    def run(dry_run: bool, at: str | None, data: str | None) -> int:
        from luoshi.screens.clock import foresee, tick

        if at and not dry_run:
            raise click.BadOptionUsage("--at", "--at goes with --dry-run")
        _set({"data": data})
        return foresee(say, at=at) if dry_run else tick(say)

    return _command(say, "tick", run, [
        click.Option(["--dry-run"], is_flag=True, help=say("option.dry_run")),
        click.Option(["--at"], metavar="MOMENT", help=say("option.tick_at")),
        _data_option(say),
    ])  # fmt: skip


def _mcp(say: Speaker) -> click.Command:
    def run(token_file: str | None, data: str | None) -> int:
        from luoshi.screens.assistant import answer

        _set({"data": data})
        return answer(say, token_file=token_file)

    return _command(say, "mcp", run, [click.Option(["--token-file"], metavar="PATH", help=say("option.token_file")), _data_option(say)])


def _account(say: Speaker) -> click.Command:
    def run(username: str, name: str, role: tuple[str, ...], data: str | None) -> None:
        from luoshi.web.account import make_account

        _set({"data": data})
        make_account(username, name=name, roles=role, tell=_teller(say))

    return _command(say, "account", run, [
        _path("USERNAME"),
        click.Option(["--name"], default="", metavar="NAME", help=say("option.account_name")),
        click.Option(["--role"], type=click.Choice(ROLE_NAMES), multiple=True, help=say("option.account_role", roles=" ".join(ROLE_NAMES))),
        _data_option(say),
    ])  # fmt: skip


def _import(say: Speaker) -> click.Command:
    def run(path: tuple[str, ...], jobs: int, quiet: bool, data: str | None) -> int:
        from luoshi.screens.ledger import take_in

        _set({"data": data})
        return take_in(path, say, jobs=jobs, quiet=quiet)

    return _command(say, "import", run, [
        _path("PATH", several=True),
        click.Option(["-j", "--jobs"], type=click.IntRange(0, 64), default=0, metavar="N", help=say("option.import_jobs")),
        click.Option(["-q", "--quiet"], is_flag=True, help=say("option.quiet")),
        _data_option(say),
    ])  # fmt: skip


def _export(say: Speaker) -> click.Command:
    def run(table: str, out: str, query: str, data: str | None) -> int:
        from luoshi.screens.ledger import export

        _set({"data": data})
        return export(table, out, query, say)

    return _command(say, "export", run, [
        click.Argument(["table"], type=click.Choice(["facts", "items"]), metavar="TABLE"),
        click.Option(["-o", "--out"], required=True, metavar="PATH", help=say("option.export_out")),
        click.Option(["--query"], default="", metavar="QUERY", help=say("option.query")),
        _data_option(say),
    ])  # fmt: skip


def _rebuild(say: Speaker) -> click.Command:
    def run(at: str | None, out: str | None, data: str | None) -> int:
        from luoshi.screens.ledger import rebuild

        _set({"data": data})
        return rebuild(say, at=at, out=Path(out) if out else None)

    return _command(say, "rebuild", run, [
        click.Option(["--at"], metavar="MOMENT", help=say("option.at")),
        click.Option(["-o", "--out"], metavar="DIR", help=say("option.past_out")),
        _data_option(say),
    ])  # fmt: skip


def _backup(say: Speaker) -> click.Command:
    def run(file: str, data: str | None) -> int:
        from luoshi.screens.ledger import back_up

        _set({"data": data})
        return back_up(Path(file), say)

    return _command(say, "backup", run, [_path("FILE"), _data_option(say)])


def _restore(say: Speaker) -> click.Command:
    def run(file: str, replace: bool, data: str | None) -> int:
        from luoshi.screens.ledger import restore

        _set({"data": data})
        return restore(Path(file), say, replace=replace)

    return _command(say, "restore", run, [
        _path("FILE"), click.Option(["--replace"], is_flag=True, help=say("option.replace")), _data_option(say),
    ])  # fmt: skip


def _release(say: Speaker) -> click.Command:
    def run(folder: str, release: str, again: bool, data: str | None) -> int:
        from luoshi.screens.release import write_data

        _set({"data": data})
        return write_data(Path(folder), say, release=release, again=again)

    return _command(say, "release", run, [
        _path("FOLDER"),
        click.Option(["--release"], default="", metavar="ID", help=say("option.release_id")),
        click.Option(["--again"], is_flag=True, help=say("option.release_again")),
        _data_option(say),
    ])  # fmt: skip


def _export_site(say: Speaker) -> click.Command:
    def run(folder: str, data: str | None) -> int:
        from luoshi.screens.release import write_site

        _set({"data": data})
        return write_site(Path(folder), say, lang=say.lang)

    return _command(say, "export-site", run, [_path("FOLDER"), _data_option(say)])


def _data_option(say: Speaker) -> click.Option:
    return click.Option(["--data"], metavar="DIR", help=say("option.data"))


def _set(options: Mapping[str, object]) -> None:
    """An option stands for its variable (``--port`` for ``LUOSHI_PORT``), so that every process of the server is told it."""
    os.environ.update({f"LUOSHI_{name.upper()}": str(value) for name, value in options.items() if value is not None})


def _teller(say: Speaker) -> Callable[..., None]:
    return lambda key, **values: click.echo(say(key, **values), err=True)


if __name__ == "__main__":
    main()
