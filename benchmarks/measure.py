"""Runs a command as a whole process and says what it cost."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one command cost: wall and CPU seconds, peak resident memory in megabytes, and what it printed."""

    wall: float
    cpu: float
    peak_mb: float
    output: str


def measure(command: list[str]) -> Cost:
    """Runs the command and its children to their end; raises CalledProcessError when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Cost(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def write_table(path: Path, name: str, lines: list[str]) -> None:
    """Puts the lines between the marks `<!-- NAME: from here -->` and `<!-- NAME: to here -->` of a document."""
    text = path.read_text(encoding="utf-8")
    start, end = f"<!-- {name}: from here -->", f"<!-- {name}: to here -->"
    before, _, rest = text.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        message = f"{path} lacks the marks of {name}"
        raise ValueError(message)
    path.write_text("\n".join([before + start, "", *lines, "", end + after]), encoding="utf-8")
