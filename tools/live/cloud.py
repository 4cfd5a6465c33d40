# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud as a run meets it: the collection's own provider, and the one place that writes, to jobs of ours alone."""

from __future__ import annotations

import functools
import hashlib
import io
import re
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.objectstore.batch.plugins.module_utils._clouds import registry, stores
from ansible_collections.objectstore.batch.plugins.module_utils._connection import connection_options
from ansible_collections.objectstore.batch.plugins.module_utils._core import (
    batch_jobs,
    connections,
    errors,
    object_stores,
    providers,
)
from ansible_collections.objectstore.batch.plugins.module_utils._create import job_definition, recognition

from .guard import Place, Refused

PREFIX = "objectstore-batch-live"
MARK = re.compile(r"^objectstore\.batch live ([0-9a-f]{8}) \[token [0-9a-f]{12}-[0-9a-f]{8}\]$")
KEYS = ("one", "two", "three")
MANIFEST = f"{PREFIX}/manifest.csv"
# The operation only deletes or sets tags of the three test objects, even if it runs.
OPERATIONS: dict[str, dict[str, Any]] = {
    "aws": {"S3DeleteObjectTagging": None},
    "cos": {"COSPutObjectTagging": {"TaggingDirective": "Replaced", "TagSet": [{"Key": "live", "Value": "yes"}]}},
    "oss": {"DeleteObjectTagging": None},
}
PAGES = 50


class Cloud:
    """One account of one cloud, and one run in it."""

    def __init__(self, place: Place, run: str, environment: Mapping[str, str]) -> None:
        params: dict[str, Any] = {
            name: spec.get("default") for name, spec in connection_options.CONNECTION_SPEC.items()
        }
        params |= {"region": place.region, "account_id": place.account_id, "app_id": place.app_id or None}
        params |= {"endpoint_url": place.endpoint_url or None, "ca_bundle": place.ca_bundle or None}
        maker = registry.PROVIDERS[place.provider]()
        self.place, self.run = place, run
        resolved = connection_options.resolve(params, environment, maker.traits)
        # The environment may name an endpoint, too.
        if connections.uses_plain_http(resolved.endpoint_url):
            raise Refused(f"The endpoint {resolved.endpoint_url} is plain http and not of this machine.")
        self.provider = maker(resolved)
        self.traits: providers.Traits = maker.traits
        self.store: object_stores.Store = stores.STORES[place.provider](self.provider)
        self.created: dict[str, str] = {}
        self._etag = ""

    def check_account(self) -> str:
        """Have the cloud say whose keys these are, where it can; what it said.

        :raises Refused: it is another account.
        """
        if not self.traits.connection.identity:
            self.provider.list_page("")
            return "this cloud has no request that names the account; a list that it answered stands for that"
        found = self.provider.identify()
        if found != self.place.account_id:
            raise Refused("The keys belong to another account than the allowed one. Nothing was done.")
        return "the provider confirms that the keys belong to the allowed account"

    def put_objects(self) -> None:
        """Put the three objects and their manifest, unless they are there.

        :raises Refused: something else is there.
        """
        for key in KEYS:
            self._put(f"{PREFIX}/{key}", b"x")
        rows = "".join(f"{self.place.bucket},{PREFIX}/{key}\n" for key in KEYS)
        self._put(MANIFEST, rows.encode())

    def _put(self, key: str, content: bytes) -> None:
        bucket = self.place.bucket
        try:
            there = self.store.head(bucket, key)
        except errors.BatchError as error:
            if error.failure.kind != "not_found":
                raise
        else:
            # Not every ETag is an MD5, so the content is read.
            if there.size != len(content) or self.store.read(bucket, key, 0, len(content))[0] != content:
                raise Refused(f"{key} in {bucket} is not what a run puts there: look at it, and delete it.")
            return
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            opened = functools.partial(io.FileIO, file.name)
            self.store.put(bucket, key, object_stores.Body(opened, len(content), hashlib.md5(content).digest()))

    def create(self, number: int) -> str:
        """Create a job that does not run before it is confirmed, and return its ID.

        :param number: 1 or 2; the same one is the same request, with the same token.
        """
        job_id = self.provider.create(self._creation(self.run, number).request)
        self.created[job_id] = self.run
        return job_id

    def _creation(self, run: str, number: int) -> recognition.Creation:
        place = self.place
        if not self._etag:
            self._etag = self.store.head(place.bucket, MANIFEST).etag
        arn = self.store.resource(place.bucket, MANIFEST)
        report = {"enabled": False, "scope": "AllTasks", "bucket": None, "prefix": None}
        if self.traits.reports.always_described:
            bucket = self.store.resource(place.bucket, "x")
            report["bucket"] = place.bucket if place.provider == "oss" else bucket.rpartition("/")[0]
        params = {
            "operation": OPERATIONS[place.provider],
            "manifest": {"object_arn": arn, "etag": self._etag, "format": "csv", "fields": None, "version_id": None},
            "manifest_generator": None,
            "report": report,
            "role_arn": place.role_arn,
            "description": f"objectstore.batch live {run}",
            "priority": 10 * number,
            "confirmation_required": True,
            "classes": None,
            "tags": {PREFIX: run} if place.provider == "aws" else None,
            "client_request_token": f"live-{run}-{number}",
        }
        made = job_definition.prepare(params, self.traits)
        return made.in_queue(self.provider.as_sent(made.draft), (place.provider, place.region, ""), self.traits)

    def write(self, job_id: str, priority: int | None = None, status: str = "") -> int | str:
        """Request a priority or a status. No other function updates jobs, and it updates only jobs of this run.

        :raises Refused: the provider does not show the job as a job of this run.
        """
        self._is_ours(self.provider.describe(job_id))
        if priority is not None:
            return self.provider.update_priority(job_id, priority)
        return self.provider.update_status(job_id, status, "objectstore.batch live test")

    def _is_ours(self, found: batch_jobs.Job) -> None:
        """See that a job is what a run creates, by the cloud's fields: a description can be copied by anybody."""
        mark = MARK.match(found.description)
        run = mark[1] if mark else ""
        same = run and self.created.get(found.job_id, run) == run and self._same(run, found)
        if not same or (self.place.provider == "aws" and self.provider.tags(found.job_id).get(PREFIX) != run):
            raise Refused(f"Job {found.job_id} is not one of ours, whatever its description says: it is left alone.")

    def _same(self, run: str, found: batch_jobs.Job) -> bool:
        wanted = [self._creation(run, number) for number in (1, 2)]
        return any(
            one.request["Description"] == found.description and not recognition.first_difference(one, found)
            for one in wanted
        )

    def lost(self) -> list[str]:
        """Jobs of this run whose IDs are not in any response."""
        found = [one for one in self.jobs() if one.job_id not in self.created]
        return [one.job_id for one in found if one.is_live and f" live {self.run} [" in one.description]

    def jobs(self) -> list[batch_jobs.Job]:
        """All jobs, page by page.

        :raises Refused: the list has no end.
        """
        found, token = [], ""
        for _page in range(PAGES):
            page, token = self.provider.list_page(token)
            found += page
            if not token or not page:
                return found
        raise Refused(f"The list has more than {PAGES} pages: use an account that is for tests alone.")

    def wait(self, job_id: str, statuses: set[str], seconds: float) -> batch_jobs.Job:
        """Look at a job until it is in one of the statuses, or until time is over; what it is then."""
        end, pause = time.monotonic() + seconds, 0.1
        while True:
            found = self.provider.describe(job_id)
            if found.status in statuses or time.monotonic() > end:
                return found
            time.sleep(pause)
            pause = min(2 * pause, 5.0)

    def sweep(self, older_than: float, now: float) -> tuple[list[str], list[str]]:
        """Cancel jobs of former runs; return their IDs, and sentences about failures.

        :param older_than: seconds; a parallel run keeps its jobs.
        """
        cancelled, problems = [], []
        for found in self.jobs():
            # A clock that is behind the cloud's makes no job younger than new.
            age = max(0.0, now - found.created.timestamp()) if found.created else older_than
            if not MARK.match(found.description) or not found.is_live or age < older_than:
                continue
            try:
                self.write(found.job_id, status="Cancelled")
                cancelled.append(found.job_id)
            except (Refused, errors.BatchError) as error:
                problems.append(str(error))
        return cancelled, problems
