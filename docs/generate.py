"""Writes docs/reference/*.md from the code and the registry: `make docs`. A test fails when a page is out of date."""

from __future__ import annotations

import datetime
import types
import typing
from pathlib import Path

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from joinedup.cli.app import VERBS, LazyVerbs
from joinedup.domain.tables import SHAPES
from joinedup.registry.code_sets import code_sets
from joinedup.registry.forms import Form, forms
from joinedup.settings import Inquiry

REFERENCE = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made from the code by `make docs`; changes belong there. -->\n"


def pages() -> dict[str, str]:
    """Every reference page, by file name."""
    return {"cli.md": cli(), "forms.md": form_pages(), "tables.md": tables(), "inquiry-toml.md": settings()}


def cli() -> str:
    """The command, from its own help."""
    lines = [MADE, "# The command", ""]
    lines += ["Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 findings in the data, 2 usage,"]
    lines += [
        "3 data could not be read, 4 refused, 5 internal error. `NO_COLOR` is respected. Nothing is sent anywhere.",
        "",
    ]
    group = LazyVerbs(name="joinedup")
    context = typer.Context(group, info_name="joinedup")
    for name in VERBS:
        command = group.get_command(context, name)
        assert command is not None
        inner = typer.Context(command, parent=context, info_name=name)
        lines += [f"## joinedup {name}", "", *(command.help or "").strip().splitlines(), ""]
        lines += [f"`joinedup {name} {' '.join(command.collect_usage_pieces(inner))}`", ""]
        for parameter in command.params:
            record = parameter.get_help_record(inner)
            if record and "--help" not in record[0]:
                lines.append(f"- `{record[0]}`: {one_line(record[1])}")
            elif parameter.param_type_name == "argument":
                lines.append(f"- `{parameter.make_metavar(inner)}`: {one_line(getattr(parameter, 'help', '') or '')}")
        lines.append("")
    return "\n".join(lines)


def one_line(text: str) -> str:
    """The text on one line, its brackets safe in Markdown."""
    return " ".join(text.split())


def form_pages() -> str:
    """Every registered form and code set."""
    lines = [MADE, "# Return forms", ""]
    lines += [
        "A file is recognised by its headings or elements, not by its name. Our own forms: `joinedup form NAME` writes an"
    ]
    lines += ["empty one. `aliases`, `phones`, `vehicles` and `accounts` are separated by `;`.", ""]
    for ours, title in ((True, "Our own forms"), (False, "Public standards")):
        lines += [f"## {title}", ""]
        for form in forms().values():
            if form.ours == ours:
                lines += form_lines(form)
    lines += ["## Code sets", "", "| code set | title | codes | version | source |", "|---|---|---:|---|---|"]
    for entry in code_sets().values():
        source = one_line(entry.source)
        lines.append(f"| `{entry.id}` | {entry.title} | {len(entry.codes)} | {entry.version} | {source} |")
    return "\n".join(lines) + "\n"


def form_lines(form: Form) -> list[str]:
    """One form: its sheets and columns."""
    lines = [f"### `{form.id}`: {form.title}", "", one_line(form.about), "", f"Source: {one_line(form.source)}", ""]
    for sheet in form.sheets:
        if len(form.sheets) > 1:
            lines += [f"#### {form.id}: {sheet.title}", ""]
        lines += [
            one_line(sheet.row),
            "",
            "| column | heading | type | required | use | codes |",
            "|---|---|---|---|---|---|",
        ]
        for column in sheet.columns:
            codes = f"`{column.codes}`" if column.codes else ""
            needed = "yes" if column.required else ""
            label = column.label.replace("|", "\\|")
            lines.append(f"| `{column.id}` | {label} | {column.type} | {needed} | {column.flag} | {codes} |")
        lines.append("")
    return lines


def tables() -> str:
    """The data dictionary."""
    lines = [
        MADE,
        "# Tables of a run",
        "",
        "`joinedup show DIR TABLE` prints any of them, `--csv` and `--json` write them.",
        "",
    ]
    for shape in SHAPES.values():
        lines += [
            f"## {shape.name}",
            "",
            shape.row,
            f"Ordered by {', '.join(f'`{name}`' for name in shape.order)}.",
            "",
        ]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [
            f"| `{column.name}` | {column.kind} | {column.means.replace('|', chr(92) + '|')} |"
            for column in shape.columns
        ]
        lines.append("")
    return "\n".join(lines)


def settings() -> str:
    """Every key of inquiry.toml."""
    lines = [
        MADE,
        "# inquiry.toml",
        "",
        "`joinedup init DIR` writes a commented one. An unknown key is an error that names its line.",
        "",
    ]
    lines += model_lines(Inquiry, "")
    return "\n".join(lines)


def model_lines(model: type[BaseModel], heading: str) -> list[str]:
    """One table of the file, and those inside it."""
    lines = [f"## {heading or 'Top level'}", "", one_line(model.__doc__ or ""), ""]
    lines += ["| key | type | default |", "|---|---|---|"]
    inside = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        child = inner_model(field.annotation)
        if child:
            many = typing.get_origin(field.annotation) is tuple
            inside.append((child, f"`[[{key}]]`" if many else f"`[{key}]`"))
        default = "required" if field.is_required() else shown(field.get_default(call_default_factory=True))
        lines.append(f"| `{key}` | {type_words(field.annotation)} | {default} |")
    lines.append("")
    for child, child_heading in inside:
        lines += model_lines(child, child_heading)
    return lines


def inner_model(annotation: object) -> type[BaseModel] | None:
    """The model inside an annotation, if any."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := inner_model(part))), None)


def shown(value: object) -> str:
    """A default as it would be written."""
    if value in (None, PydanticUndefined, (), {}) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple):
        return f"`[{', '.join(f'{chr(34)}{part}{chr(34)}' for part in value)}]`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def type_words(annotation: object) -> str:
    """An annotation in a reader's words."""
    words = {str: "text", int: "whole number", float: "number", bool: "true or false", datetime.date: "date"}
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in words:
        return words[annotation]  # type: ignore[index]  # the test above keeps to the keys
    if origin is typing.Literal:
        return " \\| ".join(f"`{part}`" for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_words(part) for part in parts if part is not types.NoneType)
    if origin is tuple:
        return f"list of {type_words(parts[0])}"
    if origin is dict:
        return f"table of {type_words(parts[1])}"
    if origin is typing.Annotated:
        return type_words(parts[0])
    return "table"


def main() -> None:
    """Writes every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
