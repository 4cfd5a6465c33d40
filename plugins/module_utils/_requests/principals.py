# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look up or confirm the account of the credentials before any other request. Private to this collection."""

from __future__ import annotations

import threading
import typing as t

from .._core import errors, providers
from . import senders


class Accounts:
    """The accounts of credentials, each requested once, for any number of queues."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[t.Hashable, threading.Lock] = {}
        self._found: dict[t.Hashable, str] = {}

    def of(self, credentials: t.Hashable, ask: t.Callable[[], str]) -> str:
        """Return the account of credentials.

        :param ask: the request; failures are not kept.
        """
        with self._lock:
            own = self._locks.setdefault(credentials, threading.Lock())
        with own:
            if credentials not in self._found:
                self._found[credentials] = ask()
            return self._found[credentials]


def confirm_account(
    provider: providers.Provider,
    sender: senders.Sender,
    accounts: t.Optional[Accounts] = None,
    budget: t.Optional[senders.RetryBudget] = None,
) -> None:
    """Set the account of a provider's requests.

    If requests name the account, the provider rejects credentials of another account. So only an account that is not
    set is requested. If they do not, an account that is set is compared with the account of the credentials.

    :raises BatchError: the account cannot be requested, or is another one (kind access_denied).
    """
    traits, named = provider.traits, provider.account_id
    if not traits.connection.identity or bool(named) == traits.connection.account_in_requests:
        return

    def ask() -> str:
        return sender.send(traits.connection.identity, provider.identify, budget)

    found = accounts.of(provider.credential_key(), ask) if accounts else ask()
    if named and found != named:
        text = f"the credentials ({provider.principal}) belong to account {found}, but account_id is {named}"
        hint = f"Use credentials of account {named}, or correct account_id. No changes were made."
        raise errors.BatchError(traits.failure("access_denied", text, operation=traits.connection.identity, hint=hint))
    provider.account_id = found
