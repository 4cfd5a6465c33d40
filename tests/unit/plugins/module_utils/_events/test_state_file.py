# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A state file is complete, or it is set aside."""

from __future__ import annotations

import os

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._events.queue_records import QueueRecord, record_of
from ansible_collections.objectstore.batch.plugins.module_utils._events.state_file import StateFile


def record():
    jobs = {
        "a": record_of(Job("a", "Ready", 10, 'text "quoted" \u202e'), 1, None, None, 5.5)._replace(
            reported=("stalled",)
        )
    }
    return QueueRecord(jobs, 5.5, True, 3, False, 4.5, "digest", [{"type": "ended"}])


def test_what_was_saved_is_loaded(tmp_path):
    file = StateFile(str(tmp_path / "state.json"))
    file.note("aws-1", record())
    file.save()
    assert StateFile(str(tmp_path / "state.json")).load() == ({"aws-1": record()}, "")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0


def test_without_a_path_nothing_is_kept(tmp_path):
    file = StateFile("")
    file.note("aws-1", record())
    file.save()
    assert file.load() == ({}, "")


def test_no_file_yet(tmp_path):
    assert StateFile(str(tmp_path / "state.json")).load() == ({}, "")


@pytest.mark.parametrize(
    "content",
    [
        *[
            "",
            "{",
            "null",
            "[]",
            "{}",
            '{"version": 2, "queues": {}}',
            '{"version": 1}',
            '{"version": 1, "queues": []}',
        ],
        '{"version": 1, "queues": {"q": {}}}',
        '{"version": 1, "queues": {"q": {"jobs": {"a": ["Ready"]}, "pending": []}}}',
        '{"version": 1, "queues": {"q": {"jobs": [], "pending": []}}}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_a_damaged_file_is_set_aside(tmp_path, content):
    path = tmp_path / "state.json"
    path.write_text(content, encoding="latin-1")
    found, warning = StateFile(str(path)).load()
    assert found == {}
    assert f"renamed to {path}.damaged" in warning
    assert [item.name for item in tmp_path.iterdir()] == ["state.json.damaged"]


def test_a_cut_file_is_set_aside(tmp_path):
    path = tmp_path / "state.json"
    file = StateFile(str(path))
    file.note("aws-1", record())
    file.save()
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert StateFile(str(path)).load()[0] == {}


def test_a_failed_save_leaves_the_former_file(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    file = StateFile(str(path))
    file.note("aws-1", record())
    file.save()
    before = path.read_bytes()

    def fail(*_names):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    file.note("aws-1", QueueRecord())
    with pytest.raises(OSError, match="No space left"):
        file.save()
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["state.json"]


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(OptionError, match="cannot be read"):
        StateFile(str(tmp_path)).load()
