# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts an emulator and calls its admin API. It uses only the standard library, so that every test can use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

Json = dict[str, Any]


class EmulatorError(Exception):
    """The emulator rejected an admin request, or did not start."""


# Seconds. These limits only end what would never end, even on a busy machine.
PATIENCE = 600.0


def until(holds: Callable[[], object], timeout: float = PATIENCE) -> bool:
    """Wait until a condition is true; return False after the time limit."""
    end = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Emulator:
    """The admin API of a running emulator."""

    def __init__(self, url: str, timeout: float = PATIENCE) -> None:
        self.url = url
        self.timeout = timeout
        # Never use a proxy for the admin API, because HTTP_PROXY can be the emulator. Never use TLS, because loading
        # certificates takes 50 ms.
        self._opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.HTTPHandler, urllib.request.HTTPDefaultErrorHandler):
            self._opener.add_handler(handler())
        self._opener.add_handler(urllib.request.HTTPErrorProcessor())

    def _send(self, method: str, path: str, body: Any = None) -> Json:
        return cast(Json, json.loads(self._raw(method, path, None if body is None else json.dumps(body).encode())))

    def _raw(self, method: str, path: str, data: bytes | None = None) -> bytes:
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                return cast(bytes, answer.read())
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            with suppress(ValueError, KeyError, TypeError):
                text = json.loads(text)["error"]
            raise EmulatorError(text) from None

    def health(self) -> Json:
        return self._send("GET", "health")

    def reset(self) -> None:
        """Delete jobs, faults, and log, and restore the default settings; the clock keeps its time."""
        self._send("POST", "reset")

    def seed(self, *jobs: Json) -> list[str]:
        """Create jobs in any status; return their IDs."""
        return cast("list[str]", self._send("POST", "jobs", list(jobs))["job_ids"])

    def jobs(self, **filters: str) -> list[Json]:
        """Return all jobs, or those of a provider, account, region, or status, in order of creation."""
        return cast("list[Json]", self._send("GET", f"jobs?{urlencode(filters)}")["jobs"])

    def job(self, job_id: str) -> Json:
        return self._send("GET", f"jobs/{quote(job_id, safe='')}")

    def patch(self, job_id: str, **changes: Any) -> Json:
        """Change a job as another user would."""
        return self._send("PATCH", f"jobs/{quote(job_id, safe='')}", changes)

    def clock(self, **changes: Any) -> Json:
        """Read the clock, change its mode (real, manual) or speed, or set it to the real time (sync=True)."""
        return self._send("POST", "clock", changes) if changes else self._send("GET", "clock")

    def advance(self, seconds: float) -> Json:
        return self._send("POST", "clock", {"advance": seconds})

    def fault(
        self,
        name: str,
        *,
        count: int | None = 1,
        skip: int = 0,
        provider: str | None = None,
        operation: str | None = None,
        job_id: str | None = None,
        **args: Any,
    ) -> int:
        """Arm a fault for the next matching requests (count=None: for all of them); return its ID."""
        body = {"name": name, "count": count, "skip": skip, "args": args}
        body |= {"provider": provider, "operation": operation, "job_id": job_id}
        return int(self._send("POST", "faults", body)["id"])

    def faults(self) -> list[Json]:
        """Return the faults that are still armed."""
        return cast("list[Json]", self._send("GET", "faults")["faults"])

    def clear_faults(self, fault_id: int | None = None) -> None:
        """Disarm one fault, or all of them."""
        self._send("DELETE", "faults" if fault_id is None else f"faults?id={fault_id}")

    def waiting(self, **which: Any) -> list[Json]:
        """Return held requests, oldest first, filtered by provider, operation, job_id, fault, or fault_id."""
        return cast("list[Json]", self._send("GET", f"waiting?{urlencode(which)}")["requests"])

    def until_waiting(self, count: int = 1, timeout: float = PATIENCE, **which: Any) -> list[Json]:
        """Return the held requests when their number is reached."""
        found: list[Json] = []

        def enough() -> bool:
            found[:] = self.waiting(**which)
            return len(found) >= count

        if not until(enough, timeout):
            raise EmulatorError(f"{len(found)} of {count} requests are held after {timeout:g} s: {found}")
        return found

    def release(self, count: int | None = None, **which: Any) -> int:
        """Release the oldest held requests (count=None: all of them); return their number."""
        return int(self._send("POST", "release", {"count": count, **which})["released"])

    def settings(self, **changes: Any) -> Json:
        return self._send("POST", "settings", changes) if changes else self._send("GET", "settings")

    def make_bucket(self, provider: str, name: str, account: str, region: str, versioned: bool = False) -> None:
        """Create a bucket if it does not exist. The emulator processes the manifests of jobs in such buckets."""
        query = {"provider": provider, "account": account, "region": region, "versioned": str(versioned).lower()}
        self._send("PUT", f"buckets/{quote(name)}?{urlencode(query)}")

    def put_object(
        self,
        provider: str,
        bucket: str,
        key: str,
        body: bytes,
        etag: str | None = None,
        storage_class: str | None = None,
        modified: float | None = None,
        restore: str | None = None,
        encryption: str | None = None,
    ) -> Json:
        """Put an object into a bucket; return its ETag and version.

        Set etag if it must not be the MD5, storage_class if it is not the standard one, and modified (Unix seconds) if
        the object was not written now. restore and encryption are the headers about a restore and the encryption.
        """
        given = {"etag": etag, "storage_class": storage_class, "modified": modified}
        given.update(restore=restore, encryption=encryption)
        query = {"provider": provider, **{name: str(value) for name, value in given.items() if value}}
        path = f"buckets/{quote(f'{bucket}/{key}', safe='')}?{urlencode(query)}"
        return cast(Json, json.loads(self._raw("PUT", path, body)))

    def objects(self, provider: str, bucket: str) -> dict[str, str]:
        """Return the keys in a bucket with their ETags."""
        answer = self._send("GET", f"buckets/{quote(bucket)}?{urlencode({'provider': provider})}")
        return cast("dict[str, str]", answer["objects"])

    def read_object(self, provider: str, bucket: str, key: str) -> bytes:
        path = f"buckets/{quote(f'{bucket}/{key}', safe='')}?{urlencode({'provider': provider})}"
        return self._raw("GET", path)

    def delete_object(self, provider: str, bucket: str, key: str) -> None:
        """Delete an object; a bucket with versions keeps them, and adds a delete marker."""
        self._raw("DELETE", f"buckets/{quote(f'{bucket}/{key}', safe='')}?{urlencode({'provider': provider})}")

    def log(self, since: int = 0) -> list[Json]:
        """Return the data requests after a sequence number, oldest first."""
        return cast("list[Json]", self._send("GET", f"log?since={since}")["entries"])

    def clear_log(self) -> None:
        self._send("DELETE", "log")


class Process:
    """An emulator in a separate process. Call stop(), or use start()."""

    def __init__(
        self, python: str | None = None, clock: str = "manual", port: int = 0, timeout: float = PATIENCE
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="emulator-")
        ready = Path(self._folder.name) / "ready.json"
        self._errors = (Path(self._folder.name) / "stderr").open("w+", encoding="utf-8")
        command = [python or sys.executable, "-m", "batch_emulator", "--quiet", "--clock", clock, "--port", str(port)]
        command += ["--ready-file", str(ready), "--parent-pid", str(os.getpid())]
        package = Path(__file__).resolve().parent
        self._process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(package.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )
        try:
            self.pid = self._process.pid
            self.emulator = Emulator(self._wait(ready, timeout)["url"])
        except BaseException:
            self.stop()
            raise

    def _wait(self, ready: Path, timeout: float) -> Json:
        until(lambda: ready.exists() or self._process.poll() is not None, timeout)
        if not ready.exists():
            self._errors.seek(0)
            raise EmulatorError(f"The emulator did not start: {self._errors.read().strip() or 'no output'}")
        return cast(Json, json.loads(ready.read_text(encoding="utf-8")))

    def stop(self) -> int:
        """Stop the server and wait for it; return its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            code = self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._errors.close()
        self._folder.cleanup()
        return code


@contextmanager
def start(
    python: str | None = None, clock: str = "manual", port: int = 0, timeout: float = PATIENCE
) -> Iterator[Emulator]:
    """Run an emulator, and always stop it. `python` is an interpreter with aiohttp (default: this one)."""
    process = Process(python, clock, port, timeout)
    try:
        yield process.emulator
    finally:
        process.stop()
