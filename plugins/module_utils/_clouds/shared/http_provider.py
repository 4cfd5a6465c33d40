# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share what providers without an SDK have in common: their keys, connections, and the XML of CreateJob.

Private to this collection.
"""

from __future__ import annotations

import abc
import typing as t

from ..._core import connections, errors, providers
from . import credential_cache, http_client, parse_job_xml


class HttpProvider(providers.Provider):
    """A provider whose requests are signed here and sent through requests."""

    def __init__(self, options: providers.Options) -> None:
        super().__init__(options)
        http_client.load()
        self._clients: list[http_client.Client] = []
        self._keys = credential_cache.Keys(options.credentials, self._find)
        if options.credentials:
            self.principal = f"access key {options.credentials.access_key}"

    @abc.abstractmethod
    def find_credentials(self) -> credential_cache.Found:
        """Return the keys that neither the task nor its environment sets.

        :raises NoCredentials: no location has usable ones.
        """

    @abc.abstractmethod
    def create_body(self, request: dict[str, t.Any]) -> bytes:
        """Return the XML of a CreateJob request."""

    @abc.abstractmethod
    def list_items(self) -> t.Mapping[str, str]:
        """Return the element that each list of a request repeats, by the name of the list."""

    @abc.abstractmethod
    def send_create(self, body: bytes) -> str:
        """CreateJob: return the ID that the response names, empty if it names none."""

    def add_client(
        self, base: str, headers: t.Mapping[str, str], signer: t.Callable[[t.Any], t.Any], traits: providers.Traits
    ) -> http_client.Client:
        """Return connections to an endpoint whose requests are signed with the provider's keys.

        :param traits: the traits that classify errors of this endpoint.
        """
        client = http_client.Client(http_client.load(), traits, self.options, base, dict(headers), signer, self._keys)
        self._clients.append(client)
        return client

    def search(self) -> t.Optional[t.Callable[[], object]]:
        return self._keys.search()

    def secrets(self) -> t.Collection[str]:
        return self._keys.secrets.known().union(*(client.seen.known() for client in self._clients))

    def as_sent(self, request: dict[str, t.Any]) -> t.Mapping[str, t.Any]:
        return parse_job_xml.parse_request(self.create_body(request))

    def as_written(self, part: str, value: t.Any) -> t.Any:
        # Imported where it is used: only batch_job and batch_retry_manifest write XML.
        from . import xml_writer

        return xml_writer.unpacked(value, self.list_items())

    def create(self, request: dict[str, t.Any]) -> str:
        return self.created(self.send_create(self.create_body(request)))

    def _find(self) -> credential_cache.Found:
        # Imported where it is used: most tasks bring their keys.
        from . import credential_locations

        try:
            found = self.find_credentials()
        except credential_locations.NoCredentials as error:
            failure = self.traits.failure("invalid_credentials", str(error), corrected=error.passing, hint=error.hint)
            raise errors.BatchError(failure) from error
        self.principal = f"access key {connections.check_keys(found.keys, 'a file or role').access_key}"
        return found
