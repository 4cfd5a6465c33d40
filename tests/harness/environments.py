# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual environments from pinned requirements, made again only when the pins or the interpreter change."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import pip_settings
from .interpreters import Interpreter
from .lanes import Lane, NoPython
from .paths import CACHE, REQUIREMENTS

UV_PINS = REQUIREMENTS / "uv.txt"
QUIET_PIP = ("--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-input")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One run at a time per checkout; the kernel drops the lock of a run that died."""
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another run holds {name} in this checkout; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure(lane: Lane, pythons: dict[str, Interpreter]) -> None:
    with locked("environments"):
        key = _key(lane.pins, lane.interpreter)
        if _is_current(lane.env, key):
            return
        print(f"Setting up {lane.env.name} ({lane})", flush=True)
        shutil.rmtree(lane.env, ignore_errors=True)
        if not _install_with_uv(lane, installer(pythons)):
            _install_with_pip(lane)
        _stamp(lane.env).write_text(key, encoding="utf-8")


def installer(pythons: dict[str, Interpreter]) -> Path:
    """A small environment with pip and, where there is one for this machine, uv, which is ten times as fast."""
    with_pip = [python for python in pythons.values() if python.has_pip]
    if not with_pip:
        raise NoPython(
            "No Python here can make a virtual environment (ensurepip is missing): "
            "install it, on Debian and Ubuntu with `apt-get install python3-venv`."
        )
    interpreter = with_pip[-1]
    env = CACHE / "installer"
    key = _key(UV_PINS, interpreter)
    if not _is_current(env, key):
        shutil.rmtree(env, ignore_errors=True)
        _run(interpreter.path, "-m", "venv", env)
        try:
            _run(env / "bin" / "python", "-m", "pip", "install", *QUIET_PIP, "--only-binary", ":all:", "-r", UV_PINS)
        except subprocess.CalledProcessError:
            return env
        _stamp(env).write_text(key, encoding="utf-8")
    return env


def download(pythons: dict[str, Interpreter], requirements: Iterable[str], target: Path) -> None:
    """Wheels of the very versions named, without what they depend on."""
    pip = installer(pythons) / "bin" / "python"
    _run(
        pip, "-m", "pip", "download", *QUIET_PIP, "--no-deps", "--only-binary", ":all:", "--dest", target, *requirements
    )


def _install_with_uv(lane: Lane, tools: Path) -> bool:
    uv = tools / "bin" / "uv"
    if not uv.exists():
        return False
    # uv reads no settings of pip, and an index of this machine's own must not be passed over.
    index = pip_settings.read(tools / "bin" / "python").get("index-url")
    settings = {"UV_DEFAULT_INDEX": index} if index else {}
    try:
        _run(uv, "venv", "--quiet", "--no-project", "--python", lane.interpreter.path, lane.env, **settings)
        _run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", lane.python, lane.pins, **settings)
    except subprocess.CalledProcessError:
        print("uv could not install the requirements; trying pip.", flush=True)
        shutil.rmtree(lane.env, ignore_errors=True)
        return False
    return True


def _install_with_pip(lane: Lane) -> None:
    if not lane.interpreter.has_pip:
        version = lane.interpreter.version
        raise NoPython(
            f"Python {version} lacks ensurepip: on Debian and Ubuntu `apt-get install python{version}-venv`."
        )
    _run(lane.interpreter.path, "-m", "venv", lane.env)
    # The pins are complete, and one of them stands in for a package that another asks for by name.
    _run(lane.python, "-m", "pip", "install", *QUIET_PIP, "--no-deps", "-r", lane.pins)


def _run(*command: object, **settings: str) -> None:
    command_line = [str(word) for word in command]
    subprocess.run(command_line, check=True, stdin=subprocess.DEVNULL, env={**_settings(), **settings})


def _settings() -> dict[str, str]:
    """The user's settings for the package index hold here; byte-compiling once saves it at every start."""
    settings = dict(os.environ)
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    settings.pop("PYTHONPATH", None)
    settings.setdefault("UV_CACHE_DIR", str(CACHE / "uv-cache"))
    scratch = CACHE / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    settings["TMPDIR"] = str(scratch)
    settings["UV_PYTHON_DOWNLOADS"] = "never"
    return settings


def _key(pins: Path, interpreter: Interpreter) -> str:
    return hashlib.sha256(f"{interpreter.path}\n{interpreter.version}\n{pins.read_text('utf-8')}".encode()).hexdigest()


def _stamp(env: Path) -> Path:
    return env / "requirements.sha256"


def _is_current(env: Path, key: str) -> bool:
    stamp = _stamp(env)
    # A base interpreter that was removed leaves a dangling link, which does not exist.
    return stamp.is_file() and stamp.read_text("utf-8") == key and (env / "bin" / "python").exists()
