# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of the inventory, by the real ansible-inventory: what it keeps, and what comes from the file each time."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY

from .playbooks import run
from .test_inventory import ENVIRONMENT, account, inventory, seed, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

NAME = "aws-111122223333-eu-central-1"
SECRET = "hush-hush-hush"


def cache(folder: Path) -> dict[str, t.Any]:
    connection = str(folder / "cache")
    return {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": connection}


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache").rglob("*") if path.is_file()]


def lists(emulator: Emulator) -> int:
    """Return how often a queue was read since the last time."""
    found = [entry["operation"] for entry in emulator.log()].count("ListJobs")
    emulator.clear_log()
    return found


def test_failures_are_asked_again(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    emulator.fault("denied", operation="ListJobs")
    regions = ["eu-central-1", "us-east-1"]
    file = write(tmp_path, [account("AWS_ONE", regions, emulator)], concurrency=1, **cache(tmp_path))
    first = inventory(tmp_path, file)
    assert [host["queue_state"] for host in first.hosts.values()] == ["unreachable", "waiting"]
    assert lists(emulator) == 2
    kept = "".join(path.read_text(encoding="utf-8") for path in files(tmp_path))
    assert "unreachable" not in kept and "access_denied" not in kept and "us-east-1" in kept
    second = inventory(tmp_path, file)
    assert [host["queue_state"] for host in second.hosts.values()] == ["waiting", "waiting"]
    assert lists(emulator) == 1 and not second.says("Unreachable queue")
    assert inventory(tmp_path, file).hosts == second.hosts and lists(emulator) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"assume_role_arn": "arn:aws:iam::111122223333:role/old"},
            {"assume_role_arn": "arn:aws:iam::111122223333:role/new"},
        ),
        ({}, {"validate_certs": False}),
        ({"access_key_variable": "AWS_ONE_ID"}, {"access_key_variable": "AWS_COPY_ID"}),
    ],
    ids=["role", "certificates", "variable"],
)
def test_the_connection_always_comes_from_the_file(
    emulator: Emulator, tmp_path: Path, old: dict[str, t.Any], new: dict[str, t.Any]
) -> None:
    """Another connection under the same name is another question, too."""
    seed(emulator)
    for options, asked in ((old, 1), (old, 0), (new, 1), (new, 0)):
        file = write(tmp_path, [account("AWS_ONE", ["eu-central-1"], emulator, **options)], **cache(tmp_path))
        host = inventory(tmp_path, file, AWS_COPY_ID=AWS_KEY.key_id).hosts[NAME]
        assert (lists(emulator), host["queue_error"]) == (asked, None)
        for name, value in options.items():
            assert host[f"queue_{name}"] == value
            assert str(value) in str(host["queue_connection"])


def test_the_credentials_of_the_environment_are_part_of_the_question(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    entry = {"provider": "aws", "regions": ["us-east-1"], "endpoint_url": emulator.url}
    file = write(tmp_path, [entry], **cache(tmp_path))
    for name, asked in (("AWS_ONE", 1), ("AWS_ONE", 0), ("AWS_TWO", 1)):
        keys = {"AWS_ACCESS_KEY_ID": ENVIRONMENT[f"{name}_ID"], "AWS_SECRET_ACCESS_KEY": ENVIRONMENT[f"{name}_KEY"]}
        host = inventory(tmp_path, file, **keys).hosts["aws-us-east-1"]
        assert lists(emulator) == asked
        assert host["queue_account_id"] == {"AWS_ONE": "111122223333", "AWS_TWO": "444455556666"}[name]
        assert host["queue_connection"]["account_id"] == host["queue_account_id"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 3, "entries": {"x": []}}',
        b'{"asked": ["x"], "found": {"x": {}}}',
    ],
    ids=repr,
)
def test_a_cache_that_is_damaged_or_of_another_release(emulator: Emulator, tmp_path: Path, damage: bytes) -> None:
    seed(emulator)
    file = write(tmp_path, [account("AWS_ONE", ["eu-central-1"], emulator)], **cache(tmp_path))
    whole = inventory(tmp_path, file)
    assert lists(emulator) == 1
    (path,) = files(tmp_path)
    path.write_bytes(damage)
    again = inventory(tmp_path, file)
    assert (again.code, again.hosts, lists(emulator)) == (0, whole.hosts, 1), again.errors
    assert (inventory(tmp_path, file).hosts, lists(emulator)) == (whole.hosts, 0)


def test_what_somebody_wrote_into_a_cache_is_no_template(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    file = write(tmp_path, [account("AWS_ONE", ["all"], emulator)], compose={"seen": "queue_state"}, **cache(tmp_path))
    inventory(tmp_path, file)
    (path,) = files(tmp_path)
    template = f"{{{{ lookup('ansible.builtin.pipe', 'touch {tmp_path}/PWNED') }}}}"
    text = path.read_text(encoding="utf-8")
    for word in ("waiting", "111122223333", "us-east-1"):
        path.write_text(text.replace(word, json.dumps(template)[1:-1]), encoding="utf-8")
        assert inventory(tmp_path, file).code == 0
        assert not (tmp_path / "PWNED").exists()


def test_the_cache_is_left_out_when_it_is_flushed(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    file = write(tmp_path, [account("AWS_ONE", ["eu-central-1"], emulator)], **cache(tmp_path))
    show = {"ansible.builtin.debug": {"msg": "live {{ queue_live }}"}}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": [show]}]))
    inventory(tmp_path, file)
    assert lists(emulator) == 1
    emulator.patch("aws-restore", status="Complete", tasks_done=1000)
    for words, seen, asked in (((), 1, 0), (("--flush-cache",), 0, 1), ((), 0, 0)):
        done = run(tmp_path, Path(file.name), Path("play.yml"), *words, environment=ENVIRONMENT)
        assert (f"live {seen}" in done.output, lists(emulator)) == (True, asked), done.output
