# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test of the contract runs on every cloud."""

from __future__ import annotations

import os
import typing as t

import botocore.loaders
import botocore.session
import pytest
from ansible.module_utils.common import warnings
from ansible_collections.objectstore.batch.plugins.module_utils._requests import senders
from batch_emulator.client import Emulator, start

from .clouds import ACCOUNTS, Account, Cloud
from .moments import Clock

if t.TYPE_CHECKING:
    from collections.abc import Iterator

_FOREIGN = (
    "AWS_",
    "TENCENTCLOUD_",
    "COS_",
    "OSS_",
    "ALIBABA",
    "ALICLOUD_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with start(clock="manual") as emulator:
        yield emulator


@pytest.fixture(autouse=True, scope="session")
def _models_are_read_once() -> Iterator[None]:
    """Modules run in this process by the thousand, and botocore would read its models anew for each."""
    loader = botocore.loaders.create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", lambda *paths: loader)
        yield


@pytest.fixture(autouse=True, scope="session")
def _little_patience() -> Iterator[None]:
    """Wait a fifth as long before a request is sent again: how long is the unit tests' to judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(senders, "_BASE", senders._BASE / 5)
        yield


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    # Modules judge ages by the real clock: other tests have turned the emulated one, which stands still besides.
    running.clock(sync=True)
    return running


@pytest.fixture
def clock(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes for the modules of this process only as far as the test wants it to."""
    made = Clock(emulator)
    made.install(monkeypatch)
    return made


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: t.Any) -> None:
    """Hide what the user's environment and home say about clouds."""
    for name in os.environ:
        if name.upper().startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def _no_warnings_of_earlier_tasks() -> None:
    """ansible-core collects the warnings of a process, which is one task everywhere but here."""
    warnings._global_warnings.clear()


@pytest.fixture
def machine(emulator: Emulator, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The emulator in the place of the metadata services, as their proxy.

    These are given up soon, so they are asked by the tests' clock: a busy machine answers slowly.
    """
    monkeypatch.setenv("HTTP_PROXY", emulator.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return emulator


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.provider)
def cloud(request: pytest.FixtureRequest, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    account: Account = request.param
    return Cloud(account, emulator, capsys)
