"""The files that come with the program beside its code: data, pages, the app and its settings, in both layouts."""

from __future__ import annotations

from pathlib import Path

_IN_THE_WHEEL = Path(__file__).with_name("_shipped")  # pyproject.toml puts them there when a wheel is built


def is_installed() -> bool:
    """Return whether this is an installed wheel; False in a checkout, where the files lie at the top of the repository."""
    return _IN_THE_WHEEL.is_dir()


def shipped(*parts: str) -> Path:
    """Return the path of a file or folder that comes with the program, named as from the top of the repository.

    >>> shipped("data", "assumptions.toml").is_file()
    True
    """
    top = _IN_THE_WHEEL if is_installed() else Path(__file__).parents[1]
    return top.joinpath(*parts)


def program() -> str:
    """Return what a person types before a command: the console command of an installed wheel, else the module.

    >>> program().endswith("cxroi")
    True
    """
    return "cxroi" if is_installed() else "python -m cxroi"
