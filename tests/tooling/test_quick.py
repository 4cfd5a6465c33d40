# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command from a prepared process does what the command itself does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from importlib.metadata import version
from pathlib import Path

import pytest
from contract import quick

TOOLS = Path(sys.executable).parent
MODULE = """
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.some.where.plugins.module_utils.word import WORD
AnsibleModule({}).exit_json(msg=WORD)
"""

if t.TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="module")
def starter(packages: Path) -> Iterator[quick.Starter]:
    """A prepared process with its own packages, which runs one command after the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "CACHE", packages)
        made = quick.Starter(TOOLS / "python")
        patch.setattr(quick, "_idle", {TOOLS / "python": [made]})
        yield made
        made.close()


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": os.pathsep.join([str(TOOLS), os.defpath]), **more}


def test_no_configuration_outlives_its_command(starter: quick.Starter, tmp_path: Path) -> None:
    command = [str(TOOLS / "ansible-config"), "dump", "--only-changed"]
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        own = environment(folder, ANSIBLE_COLLECTIONS_PATH=str(folder))
        if name == "one":
            own["ANSIBLE_FORKS"] = "7"
            (folder / "ansible.cfg").write_text("[defaults]\nretry_files_enabled = true\n", encoding="utf-8")
        done, wanted = (run(command, folder, own) for run in (quick.run, quick.plain))
        assert vars(done) == vars(wanted)
        assert ("DEFAULT_FORKS" in done.stdout, "RETRY_FILES" in done.stdout) == (name == "one",) * 2


@pytest.mark.parametrize("words", [("--version",), ("--no-such-option",), ("-i", "away", "away.yml")])
def test_what_it_prints_and_how_it_ends(starter: quick.Starter, tmp_path: Path, words: tuple[str, ...]) -> None:
    command = [str(TOOLS / "ansible-playbook"), *words]
    own = environment(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path))
    for stderr in (subprocess.PIPE, subprocess.STDOUT):
        done, wanted = (run(command, tmp_path, own, stderr) for run in (quick.run, quick.plain))
        assert vars(done) == vars(wanted)


def test_templates_that_differ_in_their_settings_only(starter: quick.Starter, packages: Path, tmp_path: Path) -> None:
    command = [str(TOOLS / "ansible-playbook"), "-i", "localhost,", "-c", "local", "play.yml"]
    own = environment(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path))
    line = "{% if true %}\n  a\n{% endif %}\n{{ 1 + 1 }} {{ '\\\\d' }}"
    (tmp_path / "line.j2").write_text(line, encoding="utf-8")
    heads = ("", "#jinja2: trim_blocks:False\n", "#jinja2: lstrip_blocks:True, variable_start_string:'[['\n")
    messages = [f"{head}{line}" for head in heads] + [
        "{{ lookup('ansible.builtin.template', 'line.j2') }}",
        "{{ nothing }}",
    ]
    tasks = [{"ansible.builtin.debug": {"msg": text}, "ignore_errors": True} for text in messages]
    play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    (tmp_path / "play.yml").write_text(json.dumps(play), encoding="utf-8")
    wanted = quick.plain(command, tmp_path, own)
    assert (wanted.returncode, wanted.stdout.count("TASK [")) == (
        0,
        5,
    ) and "'nothing' is undefined" in wanted.stdout + wanted.stderr
    for _time in ("compiled", "kept"):
        assert vars(quick.run(command, tmp_path, own)) == vars(wanted)
    assert bool(list(packages.rglob("templates/*"))) == (version("ansible-core") >= "2.19")


@pytest.mark.parametrize("end", ["sys.exit(7)", "os.kill(os.getpid(), 15)", "sys.exit('a word')", "1 / 0", "None"])
def test_every_end_of_a_program(starter: quick.Starter, tmp_path: Path, end: str) -> None:
    program = tmp_path / "program"
    program.write_text(f"import os, sys\nprint(sys.argv, os.getcwd(), dict(os.environ), flush=True)\n{end}\n", "utf-8")
    own = environment(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path))
    wanted = quick.plain([sys.executable, str(program), "x"], tmp_path, own)
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err, open(os.devnull, "rb") as nothing:
        streams = [nothing.fileno(), out.fileno(), err.fileno()]
        assert starter.run([str(program), "x"], tmp_path, own, streams) == wanted.returncode
    assert (tmp_path / "out").read_text("utf-8") == wanted.stdout
    assert (tmp_path / "err").read_text("utf-8").splitlines()[-1:] == wanted.stderr.splitlines()[-1:]


def test_a_source_that_changed_is_packed_again(starter: quick.Starter, packages: Path, tmp_path: Path) -> None:
    plugins = tmp_path / "ansible_collections" / "some" / "where" / "plugins"
    for kind in ("modules", "module_utils"):
        (plugins / kind).mkdir(parents=True)
    (plugins / "modules" / "say.py").write_text(MODULE, encoding="utf-8")
    command = [str(TOOLS / "ansible"), "localhost", "-m", "some.where.say"]
    own = environment(tmp_path, ANSIBLE_COLLECTIONS_PATH=str(tmp_path))
    kept = []
    for word, writes in (("first", True), ("first", False), ("second", True)):
        if writes:
            (plugins / "module_utils" / "word.py").write_text(f"WORD = '{word}'\n", encoding="utf-8")
        done = quick.run(command, tmp_path, own)
        assert f'"msg": "{word}"' in done.stdout, done.stdout + done.stderr
        kept.append({path: path.stat().st_ino for path in packages.rglob("*say*")})
    assert len(kept[0]) == 1 and kept[1] == kept[0]
    assert len(kept[2]) == 2
