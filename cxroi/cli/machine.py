"""What is wrong with the machine: packages, memory, fonts, settings of the environment, and who reaches the port."""

from __future__ import annotations

import os
import platform
import socket
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from cxroi import __version__
from cxroi.environment import SettingError
from cxroi.errors import CxroiError
from cxroi.intake.child import ChildLimits
from cxroi.shipped import is_installed, shipped
from cxroi.store.settings import EngineSettings

NOTES = {"doctor.memory_low", "doctor.port_reached", "doctor.memory_unknown"}
SHOWN = ("duckdb", "numpy", "pandas", "pyarrow", "scipy", "statsmodels", "streamlit", "typst")
_LEAST_MEMORY = 2_500_000_000  # bytes: one engine, one reader of files, and the app
_NOWHERE = ("192.0.2.1", 9)  # an address for documentation: nothing is sent, the system only says which way it would go


def machine_facts() -> dict[str, object]:
    """Return which programs run here, and how much memory is free, in bytes (None where the system does not say)."""
    packages = {name: _version(name) for name in SHOWN}
    return {
        "cxroi": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": packages,
        "memory_available": memory_available(),
        "processors": os.cpu_count(),
    }


def check_machine(port: int) -> Iterator[CxroiError]:
    """Yield what is wrong with the machine."""
    yield from _packages()
    for settings in (EngineSettings, ChildLimits):
        try:
            settings.of_environment()
        except SettingError as error:
            yield error
    if (free := memory_available()) is not None and free < _LEAST_MEMORY:
        yield CxroiError("doctor.memory_low", free=free // 1_000_000, needed=_LEAST_MEMORY // 1_000_000)
    if missing := [name for name in ("Regular", "SemiBold") if not list(shipped("static", "fonts").glob(f"*{name}*"))]:
        yield CxroiError("doctor.no_fonts", fonts=", ".join(missing))
    if (address := _own_address()) and _answers(address, port):
        yield CxroiError("doctor.port_reached", address=f"{address}:{port}")


def required() -> Iterator[Requirement]:
    """Yield what this program needs, as the installed wheel or the checkout says."""
    if is_installed():
        named = metadata.requires("cxroi") or []
    else:
        project = Path(shipped("pyproject.toml")).read_text(encoding="utf-8")
        named = tomllib.loads(project)["project"]["dependencies"]
    for line in named:
        need = Requirement(line)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield need


def _packages() -> Iterator[CxroiError]:
    for need in required():
        found = _version(need.name)
        if found is None:
            yield CxroiError("doctor.package_missing", package=need.name, needed=str(need.specifier))
        elif not need.specifier.contains(found, prereleases=True):
            yield CxroiError("doctor.package_wrong", package=need.name, found=found, needed=str(need.specifier))


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def memory_available() -> int | None:
    """Return the bytes of memory that a program could still have; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None


def _own_address() -> str:
    """Return the address under which other machines would reach this one; "" where there is no way out."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
            way_out.connect(_NOWHERE)
            address = str(way_out.getsockname()[0])
    except OSError:
        return ""
    return "" if address.startswith("127.") else address


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False
