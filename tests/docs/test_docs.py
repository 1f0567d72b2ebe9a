"""Documentation has tests: reference pages are what the code says, links lead somewhere, and every code block runs."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from joinedup.settings import parse_inquiry

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODES = re.compile(r"#\s*exit (\d)")


def generated() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


@pytest.mark.parametrize("name", ["cli.md", "forms.md", "tables.md", "inquiry-toml.md"])
def test_reference_pages_are_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert generated()[name] == written, "out of date: make docs"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def run_shell(block: str, folder: Path, joinedup) -> None:
    for line in block.splitlines():
        command = line.removeprefix("$ ").strip()
        if not command or command.startswith("#"):
            continue
        if command.startswith("make "):
            done = subprocess.run(
                ["make", "-n", *shlex.split(command, comments=True)[1:]],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            continue
        if command.startswith(("git ", "pip ", "uv ", "cd ")):
            continue  # how to come by the program; the clean clone of CI does that
        expected = int(match.group(1)) if (match := CODES.search(command)) else 0
        words = shlex.split(command, comments=True)
        assert words[0] in {"joinedup", "cp", "mkdir"}, f"a documented command no test may run: {command}"
        if words[0] == "joinedup":
            joinedup(*words[1:], code=expected, folder=folder)
        else:
            subprocess.run(words, cwd=folder, check=True)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_code_block_runs(page: Path, tmp_path: Path, joinedup) -> None:
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in ("", "sh", "console"):
            run_shell(block, tmp_path, joinedup)
        elif language == "toml":
            parsed = tomllib.loads(block)
            if "question" in parsed:
                parse_inquiry(block)
        elif language == "yaml":
            yaml.safe_load(block)
        elif language == "python":
            exec(compile(block, str(page), "exec"), {})  # noqa: S102  (our own pages)
        else:
            assert language == "text", f"a code block in {language!r} that nothing checks"
