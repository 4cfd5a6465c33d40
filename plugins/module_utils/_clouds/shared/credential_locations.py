# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read files and services that contain the credentials of providers without an SDK.

All content is read within limits. Errors about invalid content do not quote it.
Private to this collection.
"""

from __future__ import annotations

import json
import re
import time
import typing as t

from ..._core import providers, times
from . import responses

_LARGEST_FILE: t.Final = 2**20
_LARGEST_ANSWER: t.Final = 256 * 2**10
_CHUNK: t.Final = 16
"""Bytes that are read at once, so that the time limit also works for a slow server."""
_PATIENCE: t.Final = 2.0
"""Seconds. Outside of a provider's virtual machines there is no metadata service."""
_WHOLE: t.Final = 10.0
"""Seconds that one response of a metadata service can take."""
_ROLE: t.Final = re.compile("[A-Za-z0-9_+=,.@-]{1,128}")


class NoCredentials(Exception):
    """No location has usable credentials; the text names the locations and the causes.

    :param passing: whether the cause can pass by itself.
    :param hint: the next step; empty for that of the provider.
    """

    def __init__(self, text: str, passing: bool = False, hint: str = "") -> None:
        super().__init__(text)
        self.passing = passing
        self.hint = hint


class Metadata:
    """The metadata service of a virtual machine, which returns keys over HTTP.

    As in the providers' own libraries, requests use the proxy of the environment, unless NO_PROXY excludes the address.
    An entry of .netrc for the host must not be sent.
    """

    def __init__(self, requests: t.Any, url: str) -> None:
        """Ask below a URL.

        :param requests: the library.
        """
        self._session = requests.Session()
        self._session.auth = lambda request: request
        self._url = url

    def ask(self, method: str, path: str, headers: t.Optional[t.Mapping[str, str]] = None) -> t.Optional[str]:
        """Return the text of a response; None without a service, for an error, or if it is not plain text."""
        try:
            with self._session.request(
                method,
                self._url + path,
                headers=dict(headers or {}),
                timeout=_PATIENCE,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = read_answer(answer, _WHOLE)
        except (OSError, ValueError):
            # requests' exceptions are OSErrors.
            return None
        text = body.decode("utf-8", "replace").strip()
        return text if answer.status_code == 200 else None


def read_answer(answer: t.Any, seconds: float) -> bytes:
    """Return the body of a response.

    :param seconds: the time limit.
    :raises UnreadableResponseError: it is too large or too slow.
    """
    chunks, announced = answer.iter_content(_CHUNK), answer.headers.get("Content-Length")
    return responses.read_body(chunks, announced, _LARGEST_ANSWER, time.monotonic() + seconds)


def role_name(text: t.Optional[str]) -> str:
    """Return the first role that a metadata service lists; empty if it lists none."""
    lines = (text or "").split()
    return lines[0] if lines and _ROLE.fullmatch(lines[0]) else ""


def read_file(path: str) -> bytes:
    """Return the content of a file.

    :raises OSError: it cannot be read.
    :raises ValueError: it is larger than any credentials file.
    """
    with open(path, "rb") as stream:
        content = stream.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise ValueError("too large")
    return content


def read_json(text: t.Union[str, bytes], where: str) -> dict[str, t.Any]:
    """Return the JSON object of a text.

    :param where: the location, for messages.
    :raises NoCredentials: the text is not a JSON object.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        # The text of the parser can quote the content.
        raise NoCredentials(f"{where} is not valid JSON ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise NoCredentials(f"{where} is not a JSON object")
    return found


def pick(values: t.Any, names: tuple[str, str, str], where: str) -> providers.Credentials:
    """Return temporary keys, each of which must be a text.

    :param names: the names of the key, the secret, and the token.
    :raises NoCredentials: one of them is missing, empty, or not a text.
    """
    given: dict[str, t.Any] = values if isinstance(values, dict) else {}
    found = {name: given[name] for name in names if isinstance(given.get(name), str) and given[name]}
    if len(found) < len(names):
        raise NoCredentials(
            f"{where} has no valid {' and no valid '.join(name for name in names if name not in found)}"
        )
    return providers.Credentials(*(found[name] for name in names))


def moment(value: t.Any) -> t.Optional[float]:
    """Return the expiration of keys in Unix seconds; None if the response has no valid one."""
    if isinstance(value, str):
        found = times.parse_time(value[:100])
        return found.timestamp() if found else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e11:
        return float(value)
    return None
