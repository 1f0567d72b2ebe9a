"""An inquiry's own standards: YAML files in its folder `standards/`, each fault told with its line and what was expected."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from joinedup.errors import SettingsError
from joinedup.registry.breach_rules import breach_rules
from joinedup.registry.events import event_types, outcomes
from joinedup.registry.forms import forms
from joinedup.registry.local_rules import line_of
from joinedup.registry.standards import Standard, Standards, standards

FOLDER = "standards"
_LARGEST = 1_000_000
_REMEDY = "Mend the lines named; docs/how-to/add-a-standard.md shows a whole standard."


def all_standards(inquiry_dir: Path) -> dict[str, Standard]:
    """The registered standards and then the inquiry's own, by id.

    Raises SettingsError naming file and line: for a file that cannot be read, and for an id already taken.
    """
    found = dict(standards())
    for path in sorted((inquiry_dir / FOLDER).glob("*.yaml")):
        for standard in read_standards(path):
            if standard.id in found or standard.id in breach_rules():
                raise SettingsError(
                    f"{path.name}: there is already a standard or rule {standard.id!r}", remedy="Choose another id."
                )
            found[standard.id] = standard
    return found


def read_standards(path: Path) -> tuple[Standard, ...]:
    """The standards of one YAML file.

    Raises SettingsError with every fault on a line of its own: the line in the file, the key, what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.name} cannot be read: {type(error).__name__}", remedy="Save it as UTF-8 text and make it readable."
        ) from error
    if len(text) > _LARGEST:
        raise SettingsError(f"{path.name} is too large for standards", remedy="A standard is half a page of text.")
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        read = Standards.model_validate(yaml.load(text, Loader=yaml.CSafeLoader)).root
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsError(f"{path.name} line {line}: not valid YAML: {error.problem}", remedy=_REMEDY) from error
    except ValidationError as error:
        faults = sorted(
            (line_of(tree, fault["loc"]) if tree else 1, str(fault["loc"][-1] if fault["loc"] else "the file"), fault["msg"])
            for fault in error.errors()
        )  # fmt: skip
        told = [
            f"{path.name} line {line}: {key!r}: {message.removeprefix('Value error, ')}"
            for line, key, message in faults
        ]
        raise SettingsError("\n".join(told), remedy=_REMEDY) from error
    for place, standard in enumerate(read):
        if wrong := unknown_names(standard):
            line = line_of(tree, (place,)) if tree else 1
            raise SettingsError(f"{path.name} line {line}: {standard.id}: {'; '.join(wrong)}", remedy=_REMEDY)
    return read


def unknown_names(standard: Standard) -> list[str]:
    """What a standard names that is not registered, or that its forms cannot show."""
    wrong = [
        f"no event type {name!r} is registered"
        for name in sorted({standard.first_step, standard.makes_due, standard.step.event} - set(event_types()))
    ]
    wrong += [
        f"no outcome {name!r} is registered"
        for name in sorted({*standard.excused_outcomes, *standard.step.not_taken} - set(outcomes()))
    ]
    for name in standard.forms:
        if name not in forms():
            wrong.append(f"no form {name!r} is registered")
            continue
        held = {event.type for sheet in forms()[name].sheets for event in sheet.events}
        lacking = sorted({standard.pathway, standard.first_step, standard.makes_due} - held)
        wrong += [f"the form {name} holds no {event}" for event in lacking if event in event_types()]
    return wrong
