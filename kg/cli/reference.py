"""The reference of the command line, written from the commands themselves: `python -m kg.cli.reference > kg/cli/README.md`."""

import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from textwrap import dedent
from types import NoneType
from typing import Any, get_args

import typer

from kg.cli import app
from kg.cli.command import OF_KG, variable

_HEAD = """\
# `kg`, command by command

Written from the commands themselves by `python -m kg.cli.reference > kg/cli/README.md`; `kg COMMAND --help` says the same.

Every option is also an environment variable: one for all commands that share the option (`KG_JOBS=4`), else one that begins
with the command (`KG_QUERY_FORMAT=csv`). What is typed goes before variables. A flag is given as `1` or `0`, several paths are
joined as in `PATH`, and `KG_VERBOSE=0` is `--quiet`.

`kg --install-completion` lets your shell complete commands, options and their values.
"""
_TYPES = {int: "INTEGER", float: "NUMBER", Path: "PATH", str: "TEXT"}


def reference() -> str:
    """The reference as Markdown."""
    group: Any = typer.main.get_command(app)
    context = typer.Context(group, info_name="kg")
    parts = [_HEAD, "## All commands\n", *_table([param for param in group.params if param.name in OF_KG], context, group)]
    for name, command in group.commands.items():
        parts += _command(command, typer.Context(command, info_name=name, **command.context_settings))
    return "\n".join(parts) + "\n"


def _command(command: Any, context: Any) -> Iterator[str]:
    text, _, examples = (inspect.getdoc(command.callback) or "").partition("\n\n\b\n")
    yield f"\n## kg {command.name}\n\n{text}\n"
    if examples:
        yield f"```\n{dedent(examples.partition(chr(10))[2])}\n```\n"
    yield from _table(command.params, context, command)


def _table(params: list[Any], context: Any, command: Any) -> Iterator[str]:
    if params:
        yield "| argument or option | variable | |\n|---|---|---|"
    for param in params:
        kind, settings = _annotation(command, param.name)
        if param.param_type_name == "argument":
            name, stands = f"`{param.metavar or param.name.upper()}`", ""
        else:
            value = "" if param.is_flag else f" {param.metavar or _value(kind)}"
            name = ", ".join(f"`{option}{value}`" for option in (*param.opts, *param.secondary_opts))
            stands = f"`{variable(context, param)}`"
        about = "; ".join(filter(None, (param.help.rstrip("."), _range(settings), _default(param))))
        yield f"| {name} | {stands} | {about} |"


def _annotation(command: Any, name: str) -> tuple[type, Any]:
    """The type of a parameter's value, or of each where there may be several; and Typer's settings of it."""
    hint = inspect.signature(command.callback, eval_str=True).parameters[name].annotation
    return _innermost(hint.__origin__), hint.__metadata__[0]


def _innermost(hint: Any) -> type:
    """`str` of `list[str] | None`."""
    parts = [part for part in get_args(hint) if part is not NoneType]
    return _innermost(parts[0]) if parts else hint


def _value(kind: type) -> str:
    return "\\|".join(kind) if issubclass(kind, Enum) else _TYPES[kind]


def _range(settings: Any) -> str:
    least, most = settings.min, settings.max
    if least is None:
        return ""
    return f"at least {least}" if most is None else f"{least} to {most}"


def _default(param: Any) -> str:
    if param.required:
        return "required"
    shown = param.default not in (None, False, "", []) and param.show_default
    return f"by default `{param.default}`" if shown else ""


if __name__ == "__main__":
    print(reference(), end="")
