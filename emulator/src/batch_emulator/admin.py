# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The admin API at /_emulator: seed jobs, read them, set the clock, arm faults, and read the log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from . import origins, seeding
from .errors import AdminError
from .faults import read_fault
from .jobs import Job, QueueKey
from .messages import Answer, Request
from .world import World

PREFIX = "/_emulator"


class Admin:
    def __init__(self, world: World, remote: bool) -> None:
        self.world = world
        self.remote = remote
        self.routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda request: {"status": "ok", "jobs": len(self.world.store.jobs)},
            ("POST", "reset"): self._reset,
            ("GET", "jobs"): self._jobs,
            ("POST", "jobs"): lambda request: {"job_ids": seeding.seed(self.world, _json(request))},
            ("GET", "clock"): lambda request: self.world.clock.state(),
            ("POST", "clock"): self._turn,
            ("GET", "faults"): lambda request: {"faults": self.world.faults.state()},
            ("POST", "faults"): self._arm,
            ("DELETE", "faults"): self._disarm,
            ("GET", "waiting"): self._waiting,
            ("POST", "release"): self._release,
            ("GET", "settings"): lambda request: self.world.settings.state(),
            ("POST", "settings"): self._set,
            ("GET", "log"): self._log,
            ("DELETE", "log"): lambda request: self.world.journal.clear(),
        }

    def serve(self, request: Request) -> Answer:
        if complaint := origins.complaint(request, self.remote):
            return _answer(403, {"error": complaint})
        self.world.scheduler.run()
        try:
            result = self._result(request)
            if isinstance(result, bytes):
                return Answer(200, result, "application/octet-stream")
            return _answer(200, result or {})
        except AdminError as error:
            return _answer(error.status, {"error": error.message})

    def _result(self, request: Request) -> Any:
        name = request.path[len(PREFIX) :].strip("/")
        kind, _unused, job_id = name.partition("/")
        if kind == "jobs" and job_id:
            return self._one_job(request, unquote(job_id))
        if kind == "buckets" and job_id:
            return self._bucket(request, unquote(job_id))
        if (request.method, name) not in self.routes:
            known = ", ".join(f"{method} {path}" for method, path in self.routes)
            raise AdminError(
                f"No such admin call; known calls: {known}, GET and PATCH jobs/ID, PUT and GET buckets/NAME[/KEY].",
                404,
            )
        return self.routes[request.method, name](request)

    def _reset(self, request: Request) -> None:
        self.world.reset()

    def _jobs(self, request: Request) -> dict[str, Any]:
        wanted = dict(request.pairs(True))
        now = self.world.clock.now()
        known = ("provider", "account", "region", "status")
        if unknown := sorted(set(wanted) - set(known)):
            raise AdminError(f"Unknown filter {', '.join(unknown)}; known filters: {', '.join(known)}.")
        jobs = sorted(self.world.store, key=lambda job: job.place)
        return {"jobs": [seeding.show(job, now) for job in jobs if _fits(job, wanted)]}

    def _one_job(self, request: Request, job_id: str) -> dict[str, Any]:
        job = self.world.store.jobs.get(job_id)
        if job is None:
            raise AdminError(f"Job {job_id!r} not found.", 404)
        if request.method == "PATCH":
            seeding.patch(self.world, job, _json(request))
        elif request.method != "GET":
            raise AdminError("A job supports only GET (read) and PATCH (change).", 405)
        return seeding.show(job, self.world.clock.now())

    def _bucket(self, request: Request, name: str) -> dict[str, Any] | bytes:
        """Make a bucket or an object in it, list its objects, or read one."""
        query = dict(request.pairs(True))
        provider = query.get("provider", "aws")
        name, _unused, key = name.partition("/")
        if request.method == "PUT" and not key:
            owner = QueueKey(provider, query.get("account", ""), query.get("region", ""))
            self.world.buckets.make(owner, name, query.get("versioned") == "true")
            return {}
        bucket = self.world.buckets.find(provider, name)
        if bucket is None:
            raise AdminError(f"Bucket {name!r} of {provider} not found.", 404)
        if request.method == "PUT":
            if not re.fullmatch(r"[0-9]{0,12}(\.[0-9]{1,9})?", query.get("modified", "")):
                raise AdminError(f"modified must be a number of Unix seconds, not {query['modified']!r}.")
            made = bucket.put(
                key,
                request.body,
                float(query.get("modified") or self.world.clock.now()),
                etag=query.get("etag"),
                storage_class=query.get("storage_class"),
            )
            made.restore, made.encryption = query.get("restore", ""), query.get("encryption", "")
            return {"etag": made.etag, "version": made.version}
        if not key:
            return {"objects": {key: item.etag for key, item in bucket.latest()}}
        if request.method == "DELETE":
            bucket.remove(key, self.world.clock.now())
            return {}
        item = bucket.find(key)
        if item is None:
            raise AdminError(f"Object {key!r} not found in {name}.", 404)
        return item.body

    def _turn(self, request: Request) -> dict[str, Any]:
        wanted = _object(request, ("advance", "mode", "speed", "sync"))
        if wanted.pop("sync", False):
            if self.world.store.jobs:
                raise AdminError("sync requires an emulator without jobs: jobs cannot go back in time.")
            self.world.clock.sync()
        for name in ("advance", "speed"):
            value = wanted.get(name, 0)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise AdminError(f"{name} must be a number, not {value!r}.")
        self.world.clock.change(wanted.get("mode"), wanted.get("speed"))
        self.world.clock.advance(wanted.get("advance", 0))
        self.world.scheduler.run()
        return self.world.clock.state()

    def _arm(self, request: Request) -> dict[str, Any]:
        fault = read_fault(_json(request), self.world.operations)
        return {"id": self.world.faults.arm(fault)}

    def _disarm(self, request: Request) -> None:
        query = dict(request.pairs(True))
        if set(query) - {"id"} or not re.fullmatch(r"[0-9]{1,18}", query.get("id", "0")):
            raise AdminError(f"`id` must be a number and the only parameter, not {request.query!r}.")
        self.world.faults.clear(int(query["id"]) if query else None)

    def _waiting(self, request: Request) -> dict[str, Any]:
        chosen = _choice(dict(request.pairs(True)))
        return {"requests": [state for one in self.world.waits.now() if chosen(state := one.state())]}

    def _release(self, request: Request) -> dict[str, Any]:
        wanted = _object(request, ("count", *_CHOICES))
        count = wanted.pop("count", None)
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
            raise AdminError(f"count must be null (for all) or an integer from 1, not {count!r}.")
        return {"released": self.world.waits.release(_choice(wanted), count)}

    def _set(self, request: Request) -> dict[str, Any]:
        capacity = self.world.settings.capacity
        self.world.settings.change(_object(request, None))
        if self.world.settings.capacity != capacity:
            self.world.scheduler.redispatch()
        return self.world.settings.state()

    def _log(self, request: Request) -> dict[str, Any]:
        since = dict(request.pairs(True)).get("since", "0")
        if not re.fullmatch(r"[0-9]{1,18}", since):
            raise AdminError(f"since must be a number, not {since!r}.")
        return {"entries": self.world.journal.since(int(since))}


_CHOICES = ("provider", "operation", "job_id", "fault", "fault_id")


def _choice(wanted: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    """Return a filter for held requests."""
    if unknown := sorted(set(wanted) - set(_CHOICES)):
        raise AdminError(f"Unknown filter {', '.join(unknown)}; known filters: {', '.join(_CHOICES)}.")
    given = {name: str(value) for name, value in wanted.items() if value is not None}
    return lambda state: all(str(state[name]) == value for name, value in given.items())


def _fits(job: Job, wanted: dict[str, str]) -> bool:
    has = {**job.queue._asdict(), "status": job.status}
    return all(has[name] == value for name, value in wanted.items())


def _json(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except ValueError as error:
        raise AdminError(f"The body is not valid JSON: {error}.") from None


def _object(request: Request, known: tuple[str, ...] | None) -> dict[str, Any]:
    data = _json(request)
    if not isinstance(data, dict):
        raise AdminError("The body must be a JSON object.")
    if known is not None and (unknown := sorted(set(data) - set(known))):
        raise AdminError(f"Unknown field {', '.join(unknown)}; known fields: {', '.join(known)}.")
    return data


def _answer(status: int, data: Any) -> Answer:
    return Answer(status, json.dumps(data).encode() + b"\n", "application/json")
