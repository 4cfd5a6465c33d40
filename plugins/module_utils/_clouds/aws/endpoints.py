# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the endpoints of AWS by partition, as botocore knows them, or as a task or its profile names them.

Private to this collection.
"""

from __future__ import annotations

import os
import re
import traceback
import typing as t
from urllib.parse import urlsplit

from ..._core import errors, providers, validation

_JOBS: t.Final = "s3_control"
"""What variables and configuration files call the service of the jobs."""
_HOME: t.Final = "us-east-1"
_LATER: t.Final = (
    {
        "id": "aws-eusc",
        "outputs": {
            "dnsSuffix": "amazonaws.eu",
            "dualStackDnsSuffix": "api.amazonwebservices.eu",
            "implicitGlobalRegion": "eusc-de-east-1",
        },
        "regionRegex": r"^eusc\-(de)\-\w+\-\d+$",
        "regions": {},
    },
)
"""Partitions that the oldest supported botocore lacks, in its words. Source: botocore, data/partitions.json."""


class Partitions:
    """The partitions of AWS, each of which has its own regions, accounts, hosts and resource names."""

    def __init__(self, loader: t.Any) -> None:
        """Read them.

        :param loader: botocore.loaders.Loader.
        """
        known: list[t.Any] = loader.load_data("partitions")["partitions"]
        ids = {partition["id"] for partition in known}
        self._known = [*known, *(partition for partition in _LATER if partition["id"] not in ids)]

    def of_region(self, region: str) -> str:
        """Return the id of the partition that a region is in, aws where none is known."""
        for partition in self._known:
            if region in partition["regions"] or re.search(partition["regionRegex"], region):
                return str(partition["id"])
        return "aws"

    def home(self, name: str) -> str:
        """Return a region that every account of a partition has, empty for a partition that is not known."""
        regions = (str(item["outputs"]["implicitGlobalRegion"]) for item in self._known if item["id"] == name)
        return next(regions, "")

    def has_host(self, host: str) -> bool:
        """Whether a host is one of Amazon's own: dual-stack and FIPS ones are, and those of VPC endpoints."""
        names = ("dnsSuffix", "dualStackDnsSuffix")
        suffixes = {str(item["outputs"].get(name) or "") for item in self._known for name in names} - {""}
        return any(f".{host}".endswith(f".{suffix}") for suffix in suffixes)


def home_region(role_arn: str, profile: str) -> str:
    """Return the region that is asked which regions an account has (see registry.home_region).

    It is the region of the profile, where that is in the partition of the role; else the main one of the partition.
    """
    try:
        import botocore.exceptions
        import botocore.loaders
        import botocore.session
    except ImportError as error:
        raise errors.MissingLibrary("boto3", traceback.format_exc()) from error
    session = botocore.session.Session(profile=profile or None)
    try:
        config = session.get_scoped_config()
    except botocore.exceptions.BotoCoreError:
        # The request itself says what is wrong with the profile.
        config = {}
    partitions = Partitions(botocore.loaders.create_loader())
    region = str(config.get("region") or "")
    role = role_arn or str(config.get("role_arn") or "")
    partition = role.split(":")[1] if role.count(":") else partitions.of_region(region)
    return region if region and partitions.of_region(region) == partition else partitions.home(partition) or _HOME


class Endpoints:
    """The endpoints of one task."""

    def __init__(self, session: t.Any, options: providers.Options, partitions: Partitions) -> None:
        """Read what the profile says of them.

        :param session: botocore.session.Session.
        :raises OptionError: the profile names one that is none.
        """
        self._session = session
        self._options = options
        self._partitions = partitions
        self._configured = not session.get_config_variable("ignore_configured_endpoint_urls")
        self.jobs = options.endpoint_url or self._of_profile()
        """The endpoint of the jobs; empty for AWS's own."""

    def of(self, service: str) -> t.Optional[str]:
        """Return the endpoint of another service, None where botocore finds it: an own one, that of a variable or of
        the profile.

        An endpoint of Amazon's own serves one service, and so does one that a variable names for the jobs alone; any
        other one is taken to serve STS, EC2 and S3, too.
        """
        url = self._options.endpoint_url
        alone = self._options.endpoint_source == f"AWS_ENDPOINT_URL_{_JOBS.upper()}"
        own = self._partitions.has_host(urlsplit(url).hostname or "")
        variable = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        named = self._configured and (variable or self._of_services(service))
        return None if alone or own or named else url or None

    def _of_profile(self) -> str:
        if not self._configured:
            return ""
        found = self._of_services(_JOBS) or str(self._session.get_scoped_config().get("endpoint_url") or "")
        return validation.parse_endpoint("endpoint_url of the profile", found) if found else ""

    def _of_services(self, service: str) -> str:
        name = self._session.get_scoped_config().get("services")
        section = self._session.full_config.get("services", {}).get(name, {}) if isinstance(name, str) else {}
        entry = section.get(service)
        return str(entry.get("endpoint_url") or "") if isinstance(entry, dict) else ""
