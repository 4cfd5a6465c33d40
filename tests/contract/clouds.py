# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds that every provider is tested on, and modules run to their real exit against the emulator."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import itertools
import json
import os
import re
import subprocess
import sys
import typing as t
from urllib.parse import quote, unquote

import pytest
from ansible.module_utils import basic
from batch_emulator.client import Emulator

if t.TYPE_CHECKING:
    from collections.abc import Iterator

JOB_ID = "00000000-0000-4000-8000-000000000001"
_RUNS = itertools.count(1)
PATIENT = {"request_timeout": 600, "retry_deadline": 600}
"""Limits of a module in a process of its own that waits for another one, or on a machine that is busy."""
MODULES = "ansible_collections.objectstore.batch.plugins.modules"


@dataclasses.dataclass(frozen=True)
class Account:
    """One row of the contract: how a cloud is reached, and its own words for what they share."""

    provider: str
    connection: dict[str, t.Any]
    secrets: tuple[str, ...]
    write_refused: str  # code of an update of an ended job
    denied: str = "AccessDenied"
    temporary: dict[str, str] = dataclasses.field(default_factory=dict)


WORDS = frozenset({"job_id", "job_ids", "order", "protect", "job", "confirmed", "cancelled"})
_PLAIN = re.compile("[A-Za-z0-9_-]{1,63}")


class Names:
    """The ids that tests use, and what they are on a cloud whose ids are of another form.

    Ids of OSS hold signs that a query has to encode, so each id of a test gets some.
    """

    def __init__(self, provider: str) -> None:
        self._needed = provider == "oss"
        self._known: dict[str, str] = {}
        self._strange: dict[str, str] = {}

    def encode(self, value: t.Any, key: str = "") -> t.Any:
        """Return a value with the cloud's ids in place of the test's."""
        if isinstance(value, dict):
            return {self._strange.get(name, name): self.encode(item, name) for name, item in value.items()}
        if isinstance(value, list):
            # A list after has the jobs of a chain; a text of this name is a duration.
            return [self.encode(item, "job" if key == "after" else key) for item in value]
        if not isinstance(value, str) or value in self._strange:
            return self._strange.get(value, value) if isinstance(value, str) else value
        if not self._needed or key not in WORDS or not _PLAIN.fullmatch(value):
            return value
        strange = value.replace("-", "+").replace("_", "/") + "="
        self._known[strange], self._strange[value] = value, strange
        return strange

    def decode(self, text: str) -> str:
        """Return a text with the test's ids in place of the cloud's."""
        return re.sub(r"[A-Za-z0-9+/=]+", lambda found: self._known.get(found[0], found[0]), text)


def own_id(provider: str, name: str) -> str:
    """Return an id of a test as it is on a cloud."""
    return t.cast(str, Names(provider).encode(name, "job_id"))


class NamedEmulator(Emulator):
    """An emulator that takes and gives the ids of tests."""

    def __init__(self, emulator: Emulator, names: Names) -> None:
        self.__dict__.update(emulator.__dict__)
        self._names = names

    def _send(self, method: str, path: str, body: t.Any = None) -> dict[str, t.Any]:
        folder, slash, job_id = path.partition("/")
        if slash and folder == "jobs":
            path = f"jobs/{quote(self._names.encode(unquote(job_id), 'job_id'), safe='')}"
        answer = super()._send(method, path, self._names.encode(body))
        return t.cast("dict[str, t.Any]", json.loads(self._names.decode(json.dumps(answer))))


ACCOUNTS = (
    Account(
        provider="aws",
        connection={
            "region": "eu-central-1",
            "account_id": "111122223333",
            "access_key": "EMULATORAWSKEY",
            "secret_key": "emulator-aws-secret-not-real",
        },
        secrets=("emulator-aws-secret-not-real", "emulator-aws-temp-secret-not-real", "emulator-aws-session-token"),
        write_refused="InvalidRequest",
        temporary={
            "access_key": "EMULATORAWSTEMPKEY",
            "secret_key": "emulator-aws-temp-secret-not-real",
            "session_token": "emulator-aws-session-token",
        },
    ),
    Account(
        provider="cos",
        connection={
            "region": "ap-guangzhou",
            "account_id": "100000000001",
            "app_id": "1250000000",
            "access_key": "EMULATORCOSID",
            "secret_key": "emulator-cos-secret-not-real",
        },
        secrets=("emulator-cos-secret-not-real", "emulator-cos-temp-secret-not-real", "emulator-cos-session-token"),
        write_refused="NoSuchJob",
        temporary={
            "access_key": "EMULATORCOSTEMPID",
            "secret_key": "emulator-cos-temp-secret-not-real",
            "session_token": "emulator-cos-session-token",
        },
    ),
    Account(
        provider="oss",
        connection={
            "region": "cn-hangzhou",
            "access_key": "EMULATOROSSID",
            "secret_key": "emulator-oss-secret-not-real",
        },
        secrets=("emulator-oss-secret-not-real", "emulator-oss-temp-secret-not-real", "emulator-oss-session-token"),
        write_refused="InvalidArgument",
        temporary={
            "access_key": "EMULATOROSSTEMPID",
            "secret_key": "emulator-oss-temp-secret-not-real",
            "session_token": "emulator-oss-session-token",
        },
    ),
)


def on(*providers: str) -> pytest.MarkDecorator:
    """Run a test on these clouds only, because the others have nothing of the kind."""
    accounts = [account for account in ACCOUNTS if account.provider in providers]
    return pytest.mark.parametrize("cloud", accounts, ids=[account.provider for account in accounts], indirect=True)


@contextlib.contextmanager
def module_args(arguments: dict[str, t.Any]) -> Iterator[None]:
    """Hand arguments to the next AnsibleModule, as ansible-core's own tests do."""
    with contextlib.ExitStack() as stack:
        try:
            from ansible.module_utils.testing import patch_module_args  # since ansible-core 2.19
        except ImportError:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
        else:
            stack.enter_context(patch_module_args(arguments))
        yield


class Cloud:
    """One account on the emulator, and the modules run against it."""

    def __init__(self, account: Account, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
        self.account = account
        self.provider = account.provider
        self.names = Names(account.provider)
        self.emulator = NamedEmulator(emulator, self.names)
        self._capsys = capsys

    def seed(self, *jobs: dict[str, t.Any], **job: t.Any) -> list[str]:
        """Create jobs that the scheduler leaves alone; one from keywords, with JOB_ID and priority 10."""
        region = {"region": self.account.connection["region"]}
        base = {"provider": self.provider, "frozen": True, **region}
        defaults = {"job_id": JOB_ID, "priority": 10, "status": "Active"}
        return self.emulator.seed(*[{**base, **item} for item in (jobs or ({**defaults, **job},))])

    def fault(self, name: str, **details: t.Any) -> None:
        """Arm a fault for this cloud."""
        self.emulator.fault(name, provider=self.provider, **details)

    def priority_of(self, job_id: str = JOB_ID) -> int:
        """Return the priority that the cloud has stored."""
        return t.cast(int, self.emulator.job(job_id)["priority"])

    def operations(self) -> list[str]:
        """Return the operations of the request log."""
        return [entry["operation"] for entry in self.emulator.log()]

    def writes(self) -> list[dict[str, t.Any]]:
        """Return the writes that the log says were applied."""
        return [entry for entry in self.emulator.log() if entry["write"] and entry["applied"]]

    def arguments(self, **options: t.Any) -> dict[str, t.Any]:
        """Return a module's arguments: how to connect, and its own options; None takes one away."""
        arguments = {
            "provider": self.provider,
            "endpoint_url": self.emulator.url,
            **self.account.connection,
            **options,
        }
        given = {name: value for name, value in arguments.items() if value is not None}
        return t.cast("dict[str, t.Any]", self.names.encode(given))

    @contextlib.contextmanager
    def started(
        self, module: str, stderr: int | None = None, first: str = "", **options: t.Any
    ) -> Iterator[subprocess.Popen[str]]:
        """Run a module in a process of its own, which is never left behind.

        :param first: Python to run before the module.
        """
        # A shell that started the tests in the background has them ignore it.
        heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code = f"{heeds}\n{first}\nfrom {MODULES}.{module} import main; main()"
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": self.arguments(**options)}))
            process.stdin.close()
            process.stdin = None
            yield process
        finally:
            process.kill()
            process.wait()

    def weighed(self, module: str, **options: t.Any) -> tuple[dict[str, t.Any], int]:
        """Run a module in a process of its own; return what it printed, and the most memory that it had, in bytes."""
        # At its end the process says so itself: who looks from outside on a busy machine looks too late. Not by
        # getrusage: Linux counts the memory that the parent had at the start among a child's peak.
        first = "import atexit, sys; atexit.register(lambda: sys.stderr.write(open('/proc/self/status').read()))"
        with self.started(module, subprocess.PIPE, first, **{**PATIENT, **options}) as process:
            printed, status = process.communicate()
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        assert found, status
        return json.loads(self.names.decode(printed)), int(found[1]) * 1024

    def run(self, module: str, check_mode: bool = False, diff: bool = False, **options: t.Any) -> dict[str, t.Any]:
        """Run a module to its exit; return what it printed, with its exit code as rc."""
        arguments = self.arguments(**options, _ansible_check_mode=check_mode, _ansible_diff=diff)
        self._capsys.readouterr()
        threshold = gc.get_threshold()
        with module_args(arguments), pytest.raises(SystemExit) as exited:
            importlib.import_module(f"{MODULES}.{module}").main()
        # A module leaves its garbage to the end of its process; this process goes on.
        gc.set_threshold(*threshold)
        gc.unfreeze()
        if next(_RUNS) % 100 == 0:
            gc.collect()
        printed = self.names.decode(self._capsys.readouterr().out)
        result = t.cast("dict[str, t.Any]", json.loads(printed))
        # From ansible-core 2.22 on a module tells its controller what to mask; results do not show it.
        result.pop("_ansible_new_secrets", None)
        for secret in self.account.secrets:
            assert secret not in json.dumps({key: value for key, value in result.items() if key != "invocation"})
            assert secret not in json.dumps(result.get("invocation", {}))
        return {**result, "rc": exited.value.code}

    def prioritize(self, priority: t.Any = 100, job_id: str = JOB_ID, **options: t.Any) -> dict[str, t.Any]:
        """Run batch_job_priority."""
        return self.run("batch_job_priority", job_id=job_id, priority=priority, **options)

    def info(self, **options: t.Any) -> dict[str, t.Any]:
        """Run batch_job_info."""
        return self.run("batch_job_info", **options)

    def wait(self, job_id: t.Any = JOB_ID, **options: t.Any) -> dict[str, t.Any]:
        """Run batch_job_wait without its action plugin, and impatiently."""
        return self.run("batch_job_wait", job_id=job_id, **{"interval": 0.1, "timeout": 20, **options})
