# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connect to the queues of an accounts list, and find the regions of an account. Private to this collection."""

from __future__ import annotations

import dataclasses
import functools
import os
import time
import typing as t

from .._clouds import registry
from .._connection import connect, connection_options
from .._core import errors, providers
from .._requests import senders, timeouts
from . import accounts


class QueueConnector:
    """Connects to queues with the options of their accounts and the environment.

    :param request_timeout: seconds to wait for a response.
    """

    def __init__(
        self,
        environment: t.Mapping[str, str],
        request_timeout: float,
        now: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._environment = environment
        self._request_timeout = request_timeout
        self._now = now
        self._sleep = sleep

    def target(self, queue: accounts.Queue) -> connect.Target:
        """Return the target of a queue, checked without a request.

        :raises OptionError: an option is not valid, or an environment variable is not set.
        """
        defaults = {name: spec.get("default") for name, spec in connection_options.CONNECTION_SPEC.items()}
        keys = {option: _variable(self._environment, name) for option, name in queue.variables.items()}
        own = {"provider": queue.provider, "region": queue.region, "request_timeout": self._request_timeout}
        given = {**defaults, **queue.given, **keys, **own}
        if given["ca_bundle"]:
            given["ca_bundle"] = os.path.expanduser(os.path.expandvars(given["ca_bundle"]))
        return connect.check_target(given, self._environment)

    def connect(self, target: connect.Target, end: float) -> providers.Provider:
        """Return a provider, whose constructor can read files.

        :param end: the moment of the clock at which it must be there.
        :raises BatchError: it takes too long (kind timeout), or the provider's library rejects the options.
        """
        make = functools.partial(target.provider_class, target.options)
        return timeouts.call_with_timeout(max(0.0, end - self._now()), make)

    def sender(self, limits: senders.RetryLimits, end: float) -> senders.Sender:
        """Return the sender of the requests of one reading."""
        return senders.Sender(limits, self._now, self._sleep, end=end)

    def regions(self, queue: accounts.Queue, limits: senders.RetryLimits, end: float) -> list[str]:
        """Return the regions that are enabled for an account.

        :raises BatchError: they cannot be read, or a name is not valid.
        """
        role, profile = (queue.given.get(name) or "" for name in ("assume_role_arn", "profile"))
        home = queue.home or registry.home_region(queue.provider, role, profile)
        target = self.target(dataclasses.replace(queue, region=home))
        provider, sender = self.connect(target, end), self.sender(limits, end)
        operation = provider.traits.connection.regions
        try:
            names = sender.send(operation, provider.regions)
        except errors.BatchError as error:
            raise errors.BatchError(_elsewhere(error.failure, queue, home)) from error
        if not all(accounts.is_region(provider.traits, name) for name in names):
            # Names become hosts and groups.
            text = f"the response contains a region that is not {provider.traits.rules['region'].sentence}"
            raise errors.BatchError(
                provider.traits.failure("invalid_response", text, operation=operation, permanent=True)
            )
        return names


def _elsewhere(failure: errors.Failure, queue: accounts.Queue, home: str) -> errors.Failure:
    """Return why the regions are unknown: rejected keys can belong to a different partition of the provider."""
    if failure.kind != "invalid_credentials" or queue.home or not failure.http_status:
        return failure
    text = f"The request was sent to {home}. Set home_region if the account uses a different partition"
    return dataclasses.replace(failure, message=f"{failure.message.rstrip('.')}. {text}")


def _variable(environment: t.Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise errors.OptionError(f"the environment variable {name} is not set on the controller")
    return environment[name]
