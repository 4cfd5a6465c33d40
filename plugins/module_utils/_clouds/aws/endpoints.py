# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose the endpoints of AWS: those of a task or its profile, or botocore's endpoints of the partition.

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
"""The name of the jobs' service in variables and configuration files."""
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
"""Partitions that the oldest supported botocore lacks, in its format. Source: botocore, data/partitions.json."""


class Partitions:
    """The partitions of AWS, each with its own regions, accounts, hosts, and resource names."""

    def __init__(self, loader: t.Any) -> None:
        """Read them.

        :param loader: botocore.loaders.Loader.
        """
        known: list[t.Any] = loader.load_data("partitions")["partitions"]
        ids = {partition["id"] for partition in known}
        self._known = [*known, *(partition for partition in _LATER if partition["id"] not in ids)]

    def of_region(self, region: str) -> str:
        """Return the ID of the partition of a region; aws if it is not known."""
        for partition in self._known:
            if region in partition["regions"] or re.search(partition["regionRegex"], region):
                return str(partition["id"])
        return "aws"

    def home(self, name: str) -> str:
        """Return a region that each account of a partition has; empty for an unknown partition."""
        regions = (str(item["outputs"]["implicitGlobalRegion"]) for item in self._known if item["id"] == name)
        return next(regions, "")

    def has_host(self, host: str) -> bool:
        """Whether a host belongs to Amazon, including dual-stack, FIPS, and VPC endpoints."""
        names = ("dnsSuffix", "dualStackDnsSuffix")
        suffixes = {str(item["outputs"].get(name) or "") for item in self._known for name in names} - {""}
        return any(f".{host}".endswith(f".{suffix}") for suffix in suffixes)


def home_region(role_arn: str, profile: str) -> str:
    """Return the region that returns the regions of an account (registry.home_region).

    It is the region of the profile if that is in the partition of the role, else the main region of the partition.
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
        # The request itself reports the error of the profile.
        config = {}
    partitions = Partitions(botocore.loaders.create_loader())
    region = str(config.get("region") or "")
    role = role_arn or str(config.get("role_arn") or "")
    partition = role.split(":")[1] if role.count(":") else partitions.of_region(region)
    return region if region and partitions.of_region(region) == partition else partitions.home(partition) or _HOME


class Endpoints:
    """The endpoints of one task."""

    def __init__(self, session: t.Any, options: providers.Options, partitions: Partitions) -> None:
        """Read the endpoints of the profile.

        :param session: botocore.session.Session.
        :raises OptionError: the profile has an endpoint that is not valid.
        """
        self._session = session
        self._options = options
        self._partitions = partitions
        self._configured = not session.get_config_variable("ignore_configured_endpoint_urls")
        self.jobs = options.endpoint_url or self._of_profile()
        """The endpoint of the jobs; empty for the endpoint of AWS."""

    def of(self, service: str) -> t.Optional[str]:
        """Return the endpoint of another service; None if botocore finds it: that of AWS, a variable, or the profile.

        An endpoint of Amazon serves one service. So does an endpoint from the variable for the jobs' service. Any other
        endpoint is assumed to serve STS, EC2, and S3, too.
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
