# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CreateJob: checks the request and makes the job. What differs between the clouds is data."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field

from .documents import keep, parse, text
from .errors import ApiError
from .jobs import MAX_PRIORITY, Job, QueueKey
from .operations import member_fields_fault

MAX_TAGS = 50
_KEPT = ("Operation", "Manifest", "ManifestGenerator", "KeyPrefixManifestGenerator", "Report")


def utf8_length(value: str) -> int:
    return len(value.encode())


@dataclass(frozen=True)
class CreateRules:
    """Limits of one cloud, and the codes it answers with beyond them."""

    invalid: str
    malformed: str
    operations: frozenset[str]
    manifest_formats: frozenset[str]
    # Empty where requests do not name it.
    report_format: str
    role_arn: re.Pattern[str]
    # What is wrong with an Operation, empty where nothing is.
    operation_fault: Callable[[ET.Element], str]
    # (shortest, longest) in the measure below
    description: tuple[int, int]
    report_prefix: tuple[int, int]
    # COS counts bytes, AWS characters.
    measure: Callable[[str], int] = len
    # AWS requires the rest of Report only if it is enabled.
    full_report: bool = False
    # The name of a manifest that the provider creates; empty if it creates none.
    generator: str = ""
    # What tells a cloud where the manifest is, and what is wrong with the Fields of a CSV one.
    location: tuple[str, ...] = ("ObjectArn", "ETag")
    fields_fault: Callable[[ET.Element], str] = member_fields_fault
    # AWS lets a job wait for its confirmation unless it is told otherwise.
    confirmed_by_default: bool = True
    tags: bool = False


@dataclass
class Created:
    """A checked request: the job to be, and the token that makes it unique."""

    job: Job
    token: str


@dataclass
class CreateReader:
    rules: CreateRules
    tree: ET.Element = field(init=False)

    def read(self, body: bytes, queue: QueueKey, job_id: str, now: float) -> Created:
        self.tree = parse(body, "CreateJobRequest")
        token = self._sized("ClientRequestToken", (1, 64))
        self._check_manifest()
        self._check_report()
        role = self._required("RoleArn")
        if not self.rules.role_arn.fullmatch(role):
            raise self._invalid(f"RoleArn {role!r} is not the name of a role")
        job = Job(
            queue=queue,
            job_id=job_id,
            priority=self._priority(),
            status="New",
            created=now,
            description=self._description(),
            operation=self._operation(),
            confirmation_required=self._confirmation(),
            role_arn=role,
            tags=read_tags(self.tree, self.rules.invalid) if self.rules.tags else {},
            tasks_total=1000,
            documents=keep(self.tree, _KEPT),
        )
        return Created(job, token)

    def _invalid(self, message: str) -> ApiError:
        return ApiError(self.rules.invalid, 400, message + ".")

    def _malformed(self, message: str) -> ApiError:
        return ApiError(self.rules.malformed, 400, message + ".")

    def _required(self, path: str) -> str:
        value = text(self.tree, path)
        if not value:
            raise self._invalid(f"{path} is missing")
        return value

    def _sized(self, path: str, limits: tuple[int, int]) -> str:
        value = text(self.tree, path) or ""
        if not limits[0] <= self.rules.measure(value) <= limits[1]:
            raise self._invalid(f"The length of {path} must be {limits[0]} to {limits[1]}")
        return value

    def _flag(self, path: str) -> bool:
        value = text(self.tree, path) or "false"
        if value.lower() not in ("true", "false"):
            raise self._invalid(f"{path} must be true or false")
        return value.lower() == "true"

    def _confirmation(self) -> bool:
        if self.tree.find("ConfirmationRequired") is None:
            return not self.rules.confirmed_by_default
        return self._flag("ConfirmationRequired")

    def _priority(self) -> int:
        value = self._required("Priority")
        number = priority_number(value)
        if number is None:
            raise self._invalid(f"Priority must be 0 to {MAX_PRIORITY}, not {value!r}")
        return number

    def _description(self) -> str | None:
        if self.tree.find("Description") is None:
            return None
        return self._sized("Description", self.rules.description) or None

    def _operation(self) -> str:
        operation = self.tree.find("Operation")
        names = [] if operation is None else [child.tag for child in operation]
        if operation is None or len(names) != 1 or names[0] not in self.rules.operations:
            raise self._malformed("Operation must hold exactly one known operation")
        fault = self.rules.operation_fault(operation)
        if fault:
            raise self._malformed(fault)
        return names[0]

    def _check_manifest(self) -> None:
        manifest = self.tree.find("Manifest")
        generator = self.tree.find(self.rules.generator) if self.rules.generator else None
        if (manifest is None) == (generator is None):
            raise self._malformed("Exactly one manifest must be named")
        if manifest is None:
            return
        for path in (*(f"Location/{name}" for name in self.rules.location), "Spec/Format"):
            if not text(manifest, path):
                raise self._malformed(f"Manifest/{path} is missing")
        if text(manifest, "Spec/Format") not in self.rules.manifest_formats:
            raise self._malformed("Manifest/Spec/Format is unknown")
        spec = manifest.find("Spec")
        if spec is not None and "BatchOperations" in (text(spec, "Format") or ""):
            fault = self.rules.fields_fault(spec)
            if fault:
                raise self._malformed(fault)

    def _check_report(self) -> None:
        report = self.tree.find("Report")
        if report is None or (text(report, "Enabled") or "").lower() not in ("true", "false"):
            raise self._malformed("Report with Enabled is missing")
        if not self.rules.full_report and not self._flag("Report/Enabled"):
            return
        if not text(report, "Bucket"):
            raise self._malformed("Report/Bucket is missing")
        if (text(report, "Format") or "") != self.rules.report_format:
            raise self._malformed(f"Report/Format must be {self.rules.report_format or 'left out'}")
        if text(report, "ReportScope") not in ("AllTasks", "FailedTasksOnly"):
            raise self._malformed("Report/ReportScope must be AllTasks or FailedTasksOnly")
        if report.find("Prefix") is not None:
            self._sized("Report/Prefix", self.rules.report_prefix)


def priority_number(value: str) -> int | None:
    """Return a priority in plain digits, or None: the providers reject "True", "+1", and "1.0"."""
    if not re.fullmatch(r"[0-9]{1,10}", value) or int(value) > MAX_PRIORITY:
        return None
    return int(value)


def read_tags(tree: ET.Element, invalid: str) -> dict[str, str]:
    members = tree.findall("Tags/member")
    if len(members) > MAX_TAGS:
        raise ApiError("TooManyTagsException", 400, f"A job can have at most {MAX_TAGS} tags.")
    tags = {}
    for member in members:
        key, value = text(member, "Key") or "", text(member, "Value") or ""
        if not 1 <= len(key) <= 128 or len(value) > 256 or key in tags:
            raise ApiError(invalid, 400, f"The tag {key!r} is too long, empty or named twice.")
        tags[key] = value
    return tags
