# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connect to a provider: the one way to a session, for modules and for the inventory plugin.

Private to this collection.
"""

from __future__ import annotations

import os
import typing as t

from .._clouds import registry
from .._core import connections, providers, validation
from .._requests import principals, senders, sessions
from . import connection_options


class Target(t.NamedTuple):
    """The target of a connection, checked without a request.

    :param warnings: what users must know about the options.
    """

    provider_class: type[providers.Provider]
    options: providers.Options
    warnings: tuple[str, ...] = ()


def check_target(params: t.Mapping[str, t.Any], environment: t.Mapping[str, str]) -> Target:
    """Return the target of the options. The environment applies to options that are not set.

    :param params: provider, and every option of CONNECTION_SPEC.
    :raises OptionError: an option is not valid, or a required option is missing.
    """
    provider_class = registry.PROVIDERS[params["provider"]]()
    options = connection_options.resolve(params, environment, provider_class.traits)
    if options.ca_bundle and not os.path.exists(options.ca_bundle):
        rule = "must be the path of a certificate file on the host that runs the task"
        raise validation.invalid_value("ca_bundle", options.ca_bundle, rule)
    warnings: tuple[str, ...] = ()
    if connections.uses_plain_http(options.endpoint_url):
        warnings = (connections.plain_http_warning("endpoint_url", options.endpoint_url),)
    return Target(provider_class, options, warnings)


def open_session(
    provider: providers.Provider, sender: senders.Sender, accounts: t.Optional[principals.Accounts] = None
) -> sessions.Session:
    """Return a session with a provider whose credentials are found and whose account is known.

    :param accounts: the accounts that other sessions have looked up.
    :raises BatchError: there are no credentials, or they belong to another account than that of the task.
    """
    session = sessions.Session(provider, sender)
    session.open(accounts)
    return session
