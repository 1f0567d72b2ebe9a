"""Slow measurements: never part of the tests. Each module prints its table and writes it into docs/benchmarks.md."""
