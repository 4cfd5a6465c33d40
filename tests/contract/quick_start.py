# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command of Ansible and keeps what it compiles: `python quick_start.py CACHE PROGRAM WORDS`.

Ansible packs every module with all that it imports, once per run, and each module compiles that source again. Both take
most of the time of a short run. The package of the first run is used again while no source has changed, and it holds
the bytecode next to the source. Everything else is the program itself.
"""

from __future__ import annotations

import atexit
import base64
import dataclasses
import hashlib
import importlib.util
import io
import marshal
import os
import runpy
import sys
import tempfile
import typing as t
import zipfile
from pathlib import Path

OTHER_SOURCES = ("ANSIBLE_LIBRARY", "ANSIBLE_MODULE_UTILS")
"""Variables that name further modules: with one of them, nothing is kept."""
KEPT = ("ansible.modules.", "ansible_collections.")
"""Packages of modules that have one place. Those of a folder library do not."""


def state_of_sources(roots: list[str]) -> str:
    """The state of every file that can become a part of a package."""
    state = hashlib.sha256(f"{sys.version} {sys.executable}".encode())
    for root in (*roots, *importlib.util.find_spec("ansible").submodule_search_locations):  # type: ignore[union-attr]
        folder = Path(root)
        release = folder / "release.py"
        if release.is_file():
            state.update(f"{release} {release.stat().st_mtime_ns}".encode())
        for kind in ("modules", "module_utils"):
            for found in sorted(folder.glob(f"ansible_collections/*/*/plugins/{kind}")):
                for place, folders, files in os.walk(found):
                    folders.sort()
                    for name in sorted(file for file in files if file.endswith(".py")):
                        seen = os.stat(os.path.join(place, name))
                        state.update(f"{place}/{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return state.hexdigest()[:24]


def with_bytecode(packed: bytes) -> bytes:
    """Add to a package the bytecode of its sources, which a Python of another version passes over."""
    before, after = zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))), io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_STORED) as more:
        for item in before.infolist():
            source = before.read(item)
            more.writestr(item, source)
            if item.filename.endswith(".py"):
                # PEP 552: by a hash that is not compared with the source.
                head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(source)
                code = compile(source, item.filename, "exec", dont_inherit=True)
                more.writestr(zipfile.ZipInfo(f"{item.filename}c", item.date_time), head + marshal.dumps(code))
    return base64.b64encode(after.getvalue())


def keep(made: Path, kept: Path) -> None:
    """Keep a package that Ansible has made."""
    from ansible.executor import module_common

    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        new = Path(folder, made.name)
        cached: t.Any = getattr(module_common, "_CachedModule", None)
        if cached:
            package = cached.load(str(made))
            dataclasses.replace(package, zip_data=with_bytecode(package.zip_data)).dump(str(new))
        else:
            new.write_bytes(with_bytecode(made.read_bytes()))
        new.rename(kept)


def use_packages(cache: Path) -> None:
    """Give Ansible the packages of earlier runs, and keep those that it makes."""
    from ansible import constants

    roots = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    if any(name in os.environ for name in OTHER_SOURCES) or not all(roots):
        return
    shelf = cache / state_of_sources(roots)
    shelf.mkdir(parents=True, exist_ok=True)
    own = Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache")
    own.mkdir()
    for path in shelf.glob("*-*"):
        (own / path.name).symlink_to(path)
    me = os.getpid()

    def at_the_end() -> None:
        if os.getpid() == me:
            for made in own.glob("*-*"):
                if made.name.startswith(KEPT) and made.suffix not in (".lock",) and not made.is_symlink():
                    keep(made, shelf / made.name)

    # Before Ansible removes its folder: what is registered last runs first.
    atexit.register(at_the_end)


def main(cache: str, program: str, *words: str) -> None:
    """Run the program in this process."""
    sys.argv = [program, *words]
    sys.path[0] = str(Path(program).parent)
    use_packages(Path(cache))
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
