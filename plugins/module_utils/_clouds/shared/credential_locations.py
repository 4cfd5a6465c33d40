# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read files and services in which providers without an SDK keep credentials.

Whatever stands there is read within bounds, and what is no key is refused in a sentence that does not quote it.
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
"""Bytes that are read at once, so that a server which sends one now and then is left in time."""
_PATIENCE: t.Final = 2.0
"""Seconds: outside a provider's virtual machines nobody answers where its metadata service is."""
_WHOLE: t.Final = 10.0
"""Seconds that one answer of a metadata service may take."""
_ROLE: t.Final = re.compile("[A-Za-z0-9_+=,.@-]{1,128}")


class NoCredentials(Exception):
    """No place has usable credentials; the text names the places and what is wrong with them.

    :param passing: whether what is wrong may pass by itself.
    """

    def __init__(self, text: str, passing: bool = False) -> None:
        super().__init__(text)
        self.passing = passing


class Metadata:
    """The metadata service of a virtual machine, of which keys are asked in the clear.

    As with the providers' own libraries, a request goes through the proxy that the environment names, unless NO_PROXY
    excludes the address. An entry of .netrc for the host must not be sent.
    """

    def __init__(self, requests: t.Any, url: str) -> None:
        """Ask below a URL.

        :param requests: the library.
        """
        self._session = requests.Session()
        self._session.auth = lambda request: request
        self._url = url

    def ask(self, method: str, path: str, headers: t.Optional[t.Mapping[str, str]] = None) -> t.Optional[str]:
        """Return the text of an answer, None where there is none: no such service, a refusal, or no plain text."""
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
    """Return the body of an answer.

    :param seconds: that it may take from now on.
    :raises Unreadable: it is too large or too slow.
    """
    chunks, announced = answer.iter_content(_CHUNK), answer.headers.get("Content-Length")
    return responses.read_body(chunks, announced, _LARGEST_ANSWER, time.monotonic() + seconds)


def role_name(text: t.Optional[str]) -> str:
    """Return the first role that a metadata service lists; empty where it lists none."""
    lines = (text or "").split()
    return lines[0] if lines and _ROLE.fullmatch(lines[0]) else ""


def read_file(path: str) -> bytes:
    """Return what a file holds.

    :raises OSError: it cannot be read.
    :raises ValueError: it is larger than any file of credentials.
    """
    with open(path, "rb") as stream:
        content = stream.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise ValueError("too large")
    return content


def read_json(text: t.Union[str, bytes], where: str) -> dict[str, t.Any]:
    """Return the object that a text is.

    :param where: the place, for messages.
    :raises NoCredentials: it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        # The parser's own text may quote what stands there.
        raise NoCredentials(f"{where} is not JSON ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise NoCredentials(f"{where} is not a JSON object")
    return found


def pick(values: t.Any, names: tuple[str, str, str], where: str) -> providers.Credentials:
    """Return temporary keys, each of which has to be a text.

    :param names: those of the key, the secret and the token.
    :raises NoCredentials: one of them is missing, empty or something else.
    """
    given: dict[str, t.Any] = values if isinstance(values, dict) else {}
    found = {name: given[name] for name in names if isinstance(given.get(name), str) and given[name]}
    if len(found) < len(names):
        raise NoCredentials(f"{where} has no text for {' and for '.join(name for name in names if name not in found)}")
    return providers.Credentials(*(found[name] for name in names))


def moment(value: t.Any) -> t.Optional[float]:
    """Return Unix seconds of what an answer says about the end of its keys; None where it says nothing of use."""
    if isinstance(value, str):
        found = times.parse_time(value[:100])
        return found.timestamp() if found else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e11:
        return float(value)
    return None
