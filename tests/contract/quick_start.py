# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands of Ansible, each in a fork, and keeps what they compile: `python quick_start.py CACHE SOCKET`.

Ansible packs every module with all that it imports, once per run, and each module compiles that source again. Both take
most of the time of a short run. The package of the first run is used again while no source has changed, and it holds
the bytecode next to the source. This process has imported what the commands import, except for what reads a
configuration: each command reads its own. Everything else is the program itself. quick.py starts this process.
"""

from __future__ import annotations

import atexit
import base64
import dataclasses
import gc
import hashlib
import importlib
import importlib.util
import io
import json
import marshal
import os
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import typing as t
import zipfile
from pathlib import Path

OTHER_SOURCES = ("ANSIBLE_LIBRARY", "ANSIBLE_MODULE_UTILS", "ANSIBLE_FILTER_PLUGINS", "ANSIBLE_TEST_PLUGINS")
"""Variables that name further modules or plugins: with one of them, nothing is kept."""
KEPT = ("ansible.modules.", "ansible_collections.")
"""Packages of modules that have one place. Those of a folder library do not."""

KEPT_SECONDS = 86400
"""How long packages of sources that have changed are kept."""
STARTS = (
    *("cli.adhoc", "cli.inventory", "cli.playbook", "plugins.callback.junit", "plugins.connection.ssh"),
    *("plugins.filter.core", "plugins.filter.urls", "plugins.inventory.toml", "plugins.test.uri"),
)
"""What a command imports, itself or through its plugins."""

SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "autoescape"),
)
"""What a template can set for itself, and what else its compilation looks at."""


def state_of_sources(roots: list[str]) -> str:
    """The state of every file that can become a part of a package."""
    state = hashlib.sha256(f"{sys.version} {sys.executable}".encode())
    for root in (*roots, *importlib.util.find_spec("ansible").submodule_search_locations):  # type: ignore[union-attr]
        folder = Path(root)
        release = folder / "release.py"
        if release.is_file():
            state.update(f"{release} {release.stat().st_mtime_ns}".encode())
        for kind in ("modules", "module_utils", "filter", "test"):
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
        cached: t.Any = getattr(module_common, "_CachedModule", None)  # since ansible-core 2.19
        if cached is not None:
            package = cached.load(str(made))
            dataclasses.replace(package, zip_data=with_bytecode(package.zip_data)).dump(str(new))
        else:
            new.write_bytes(with_bytecode(made.read_bytes()))
        new.rename(kept)


def shelf_of(cache: Path, roots: list[str]) -> Path:
    """The folder of the packages of these sources."""
    shelf = cache / state_of_sources(roots)
    if not shelf.is_dir():
        shelf.mkdir(parents=True, exist_ok=True)
        for other in cache.iterdir():
            if other.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
    return shelf


def use_templates(shelf: Path) -> None:
    """Keep what templates are compiled to, if it depends on nothing but the template and the plugins that there are.

    That is so where Ansible has switched off the optimizer of Jinja, which evaluates constants: not in the oldest lane.
    """
    try:
        from ansible._internal._templating import _jinja_bits as bits
    except ImportError:
        return
    compiled: t.Any = bits.AnsibleEnvironment.compile

    def compile_once(self: t.Any, source: t.Any, *args: t.Any, **more: t.Any) -> t.Any:
        if self.optimized or not isinstance(source, str) or any(args) or any(more.values()):
            return compiled(self, source, *args, **more)
        context = bits._TemplateCompileContext.current(optional=True)
        syntax = [bits._TemplateConfig.allow_embedded_templates, *(getattr(self, name) for name in SYNTAX)]
        parts = (source, context and context.escape_backslashes, syntax, sorted(self.extensions))
        kept = shelf / hashlib.sha256(repr(parts).encode()).hexdigest()
        try:
            return marshal.loads(kept.read_bytes())
        except FileNotFoundError:
            code = compiled(self, source, *args, **more)
            new = kept.with_suffix(f".{os.getpid()}")
            new.write_bytes(marshal.dumps(code))
            new.rename(kept)
            return code

    bits.AnsibleEnvironment.compile = compile_once


def use_packages(cache: Path) -> None:
    """Give Ansible the packages of earlier runs, and keep those that it makes."""
    try:
        from ansible import constants
    except Exception:
        # The program says by itself what is wrong with its configuration.
        return
    roots = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    if any(name in os.environ for name in OTHER_SOURCES) or not all(roots):
        return
    shelf = shelf_of(cache, roots)
    (shelf / "templates").mkdir(exist_ok=True)
    use_templates(shelf / "templates")
    own = Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache")
    own.mkdir()
    for path in shelf.glob("*-*"):
        (own / path.name).symlink_to(path)
    me = os.getpid()

    def at_the_end() -> None:
        if os.getpid() == me:
            for made in own.glob("*-*"):
                if made.name.startswith(KEPT) and made.suffix != ".lock" and not made.is_symlink():
                    keep(made, shelf / made.name)

    # Before Ansible removes its folder: what is registered last runs first.
    atexit.register(at_the_end)


class ConfigurationError(BaseException):
    """An import that would read the configuration of Ansible. No module takes it for a missing library."""


class Refusal:
    """Refuses to import what reads the configuration."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == "ansible.constants":
            raise ConfigurationError(name)


def prepare() -> None:
    """Import what a command imports at its start, as far as it reads no configuration."""
    code = f"import sys, {', '.join(f'ansible.{name}' for name in STARTS)}; print(*sys.modules)"
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "LC_ALL": "C.UTF-8"}
        names = subprocess.run([sys.executable, "-c", code], env=env, check=True, stdout=subprocess.PIPE, text=True)
    refusal: t.Any = Refusal()
    sys.meta_path.insert(0, refusal)
    for name in names.stdout.split():
        # Names of parts of other modules, such as six.moves, are no files.
        try:
            importlib.import_module(name)
        except (ConfigurationError, ImportError):
            continue
    sys.meta_path.remove(refusal)
    assert "ansible.constants" not in sys.modules
    # Objects that no fork has to look at, let alone copy.
    gc.freeze()


def run(cache: Path, asked: dict[str, t.Any], streams: list[int]) -> t.NoReturn:
    """Become a command of Ansible."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    program = asked["command"][0]
    sys.argv[:] = asked["command"]
    sys.path[0] = str(Path(program).parent)
    use_packages(cache)
    runpy.run_path(program, run_name="__main__")
    sys.exit()


def serve(cache: Path, channel: socket.socket) -> None:
    """Run one command after the other, until nobody asks for more."""
    while True:
        # In one packet, however long.
        words, streams, _flags, _address = socket.recv_fds(channel, 1 << 20, 3)
        if not words:
            return
        child = os.fork()
        if not child:
            channel.close()
            # Out of this function, as if this process had just begun: its end is that of any program.
            run(cache, json.loads(words), streams)
        for stream in streams:
            os.close(stream)
        channel.send(str(child).encode())
        _child, status = os.waitpid(child, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    prepare()
    with socket.socket(fileno=int(sys.argv[2])) as asking:
        serve(Path(sys.argv[1]), asking)
