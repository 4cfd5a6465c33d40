# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes a data request: route, authenticate, limit, apply a fault, run, and log it."""

from __future__ import annotations

import asyncio

from . import ec2, fault_effects, instance_role, objects, oss, oss_sts, sts
from .aws import AwsDialect
from .cos import CosDialect
from .dialect import Dialect
from .ec2 import Ec2Dialect
from .errors import ApiError
from .instance_role import InstanceRoleDialect, OssRoleDialect
from .jobs import Job
from .journal import Entry
from .messages import Answer, Call, Dropped, Request
from .oss import OssDialect
from .oss_sts import OssStsDialect
from .sts import StsDialect
from .waits import Waiting
from .world import World

_OTHERS = (*sts.OPERATIONS, "DescribeRegions", "AssumeRoleWithOIDC", "InstanceRole")


class Exchange:
    """The data and actions that a fault can use."""

    def __init__(self, world: World, dialect: Dialect, request: Request, entry: Entry) -> None:
        self.world = world
        self.era = world.era
        self.dialect = dialect
        self.request = request
        self.entry = entry
        self.call = Call(request, "")
        self.fault = 0

    async def answer(self) -> Answer:
        try:
            self._identify()
        except ApiError as error:
            return self.refuse(error)
        if self.world.settings.latency_ms:
            await asyncio.sleep(self.world.settings.latency_ms / 1000)
        if not self.dialect.auxiliary and not self.world.within_rate(self.call.queue):
            return self._limited()
        fault = self.world.faults.take(self.dialect.provider, self.call, self.dialect.auxiliary)
        if fault is None:
            return self.apply()
        self.entry.fault, self.fault = fault.name, fault.id
        return await fault_effects.EFFECTS[fault.name].act(self, fault.args)

    def apply(self) -> Answer:
        """Run the operation now. No other code runs at the same time, so every operation is atomic."""
        if self.era != self.world.era:
            raise Dropped
        self.world.scheduler.run()
        try:
            answer = self.dialect.run(self.call)
        except ApiError as error:
            return self.refuse(error)
        self.entry.applied = self.call.write
        return answer

    async def wait(self, seconds: float | None, parties: int | None = None, connected: bool = True) -> None:
        """Wait for the time, a release, or the number of requests of the same fault; a reset drops held requests."""
        await self.world.waits.keep(self.waiting(seconds, seconds, connected), parties)
        if self.era != self.world.era:
            raise Dropped

    def waiting(self, pause: float | None, seconds: float | None, connected: bool = True) -> Waiting:
        port, gone = (self.request.port, self.request.gone) if connected else (0, lambda: False)
        return Waiting(self.entry, self.fault, port, gone, pause, seconds)

    def refuse(self, error: ApiError, bare: bool = False) -> Answer:
        self.entry.code = error.code
        return self.dialect.refuse(error, self.request, bare)

    def refusal(self, kind: str) -> ApiError:
        """The response of this provider in such a case."""
        return ApiError(*self.dialect.refusals[kind])

    def job(self) -> Job | None:
        self.world.scheduler.run()
        return self.world.store.find(self.call.queue, self.call.job_id or "")

    def _identify(self) -> None:
        entry = self.entry
        self.call = self.dialect.route(self.request)
        entry.operation, entry.job_id, entry.write = self.call.operation, self.call.job_id, self.call.write
        self.call.queue = self.dialect.authenticate(self.call)
        _unused, entry.account, entry.region = self.call.queue

    def _limited(self) -> Answer:
        limit = self.world.settings.rate_limit
        error = self.refusal("throttle")
        if limit is not None:
            error.code, error.status = limit.code or error.code, limit.http_status or error.status
            if limit.retry_after is not None:
                error.headers["Retry-After"] = str(limit.retry_after)
        self.entry.fault = "rate_limit"
        return self.refuse(error)


class Gate:
    """Passes each data request to the protocol of its path."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.aws = AwsDialect(world)
        self.cos = CosDialect(world)
        self.sts = StsDialect(world)
        self.ec2 = Ec2Dialect(world)
        self.role = InstanceRoleDialect(world)
        self.oss = OssDialect(world)
        self.oss_sts = OssStsDialect(world)
        self.oss_role = OssRoleDialect(world)
        self.objects = objects.dialects(world, self.aws, self.cos, self.oss)

    @property
    def operations(self) -> list[str]:
        jobs = [*self.aws.verbs, *self.cos.verbs, *self.oss.verbs]
        return [*jobs, *_OTHERS, *objects.OPERATIONS]

    async def serve(self, request: Request) -> Answer:
        entry = self.world.journal.open(request)
        dialect = self._dialect(request)
        if dialect is None:
            entry.http_status = 404
            return Answer(404, b"The emulator has no resource at this path.\n", "text/plain")
        entry.provider = dialect.provider
        try:
            answer = await Exchange(self.world, dialect, request, entry).answer()
        except Dropped:
            entry.http_status = None
            raise
        entry.http_status = answer.status
        return answer

    def _dialect(self, request: Request) -> Dialect | None:
        path = request.path
        if any(dialect.names_bucket(request) for dialect in self.objects):
            return objects.chosen(request, self.objects)
        if path == self.aws.prefix or path.startswith(self.aws.prefix + "/"):
            return self.aws
        if path == self.cos.prefix or path.startswith(self.cos.prefix + "/"):
            return self.cos
        if path == "/" and oss.is_ours(request):
            return self.oss
        if path == "/" and oss_sts.is_ours(request):
            return self.oss_sts
        if path == "/" and request.method == "POST":
            return self.ec2 if ec2.is_ours(request) else self.sts
        if path.startswith(instance_role.PREFIX):
            return self.role
        if path == instance_role.OSS_TOKEN_PATH or path.startswith(instance_role.OSS_PREFIX):
            return self.oss_role
        return objects.chosen(request, self.objects)
