"""Runs every benchmark (`bench_*.py` in this folder) and says on what machine: `python -m benchmarks`."""

from __future__ import annotations

import importlib
import os
import platform
from pathlib import Path

import psutil


def machine() -> str:
    """The machine that figures were taken on, in one line."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    """Every benchmark in the order of its name."""
    print(machine())
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"\n== {file.stem.removeprefix('bench_')}")
        importlib.import_module(f"benchmarks.{file.stem}").main()


if __name__ == "__main__":
    main()
