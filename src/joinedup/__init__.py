"""Joinedup: agencies' files in, a reproducible assessment out."""

from importlib.metadata import version

__version__ = version("joinedup")
