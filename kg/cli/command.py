"""What all commands have beyond their own options: the options of `kg` itself, and environment variables."""

import re
from typing import Any

import typer
from typer.core import TyperCommand

from kg.cli import report
from kg.errors import KgError

# Typer exports no other name for the base of its usage errors.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
# The options of `kg` that each command takes as well: what `report.start` is given.
OF_KG = ("verbose", "log_file", "debug")


class Command(TyperCommand):
    """A command for which `kg -v build` and `kg build -v` are the same; it names the variable that a wrong value is from."""

    def get_params(self, ctx: Any) -> list[Any]:
        params = super().get_params(ctx)
        of_kg = [param for param in ctx.parent.command.params if param.name in OF_KG] if ctx.parent else []
        own = len(self.params)  # --help comes last
        return params[:own] + of_kg + params[own:]

    def invoke(self, ctx: Any) -> Any:
        given = {name: ctx.params.pop(name) for name in OF_KG}
        typed = {name: value for name, value in given.items() if origin(ctx, name) == "COMMANDLINE"}
        values = {name: ctx.parent.params[name] for name in OF_KG} | typed
        try:
            report.start(**values)
            return super().invoke(ctx)
        except (KgError, UsageError) as error:
            for param in self.get_params(ctx):
                value = str(values.get(param.name, ctx.params.get(param.name)))
                if origin(ctx, param.name) == "ENVIRONMENT" and _says(error, value):
                    error.add_note(f"from the variable {variable(ctx, param)}")
            raise


def _says(error: Exception, value: str) -> bool:
    """Whether an error has a value as a whole: not the `1` of `X1Z`, nor the `csv` of `fix.csv`."""
    return re.search(rf"(?<![\w./-]){re.escape(value)}(?![\w./-])", str(error)) is not None


def variable(ctx: Any, param: Any) -> str:
    """The environment variable that stands for an option: that of all commands, or of this one."""
    return str(param.envvar or f"{ctx.auto_envvar_prefix}_{param.name.upper()}")


def name_variable(error: Exception) -> None:
    """Lets a usage error name the environment variable that the wrong value is from, if it is from one."""
    ctx, param = getattr(error, "ctx", None), getattr(error, "param", None)
    if ctx and param and origin(ctx, param.name) == "ENVIRONMENT":
        error.param_hint = variable(ctx, param)  # type: ignore[attr-defined]


def origin(ctx: Any, name: str) -> str:
    """Where the value of an option is from: COMMANDLINE, ENVIRONMENT or DEFAULT."""
    source = ctx.get_parameter_source(name)
    return source.name if source else ""
