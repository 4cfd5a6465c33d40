# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare botocore's credential providers for a task, so that none prompts a user or reads without limits.

By itself, botocore prompts for MFA codes on the terminal. It has no limits for the time of programs, and for the size
of files and responses. It has no options for this, so the attributes are set from outside. If a release of botocore has
no such attribute, its own behavior stays. Private to this collection.
"""

from __future__ import annotations

import functools
import io
import json
import os
import selectors
import signal
import subprocess
import time
import typing as t

from ..shared import responses

_LARGEST: t.Final = 256 * 2**10
"""Bytes that a program, a file, or a metadata service can return."""
_CHUNK: t.Final = 16
_PATIENCE: t.Final = 2.0
"""Seconds without a byte from a metadata service, and for a connection to it."""
_WHOLE: t.Final = 10.0
"""Seconds that one response of a metadata service can take."""


class Unusable(Exception):
    """A location cannot be used; the text follows the name of the location, and the hint is the next step."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint


def fit(providers: t.Iterable[t.Any], seconds: float, secrets: responses.Secrets, source: str = "") -> None:
    """Prepare the locations of botocore's chain for a task.

    :param providers: botocore.credentials.CredentialProvider objects, by METHOD.
    :param seconds: the time limit of a program that prints credentials.
    :param secrets: receives the tokens by which roles are assumed.
    :param source: the owner of the locations if it is not the profile of the task; with a blank at its end.
    """

    def start(command: t.Sequence[str], **options: t.Any) -> _Program:
        return _Program(command, seconds, source)

    def load(path: str, *unused: t.Any) -> t.Callable[[], str]:
        return functools.partial(_read_token, path, secrets, source)

    for provider in providers:
        method = provider.METHOD
        if method == "assume-role":
            _replace(provider, "_prompter", _refuse_to_ask)
            builder = getattr(provider, "_profile_provider_builder", None)
            if builder is not None and hasattr(builder, "providers"):
                # The locations of a source profile are created when they are needed.
                builder.providers = functools.partial(_fitted, builder.providers, seconds, secrets)
        elif method == "custom-process":
            _replace(provider, "_popen", start)
        elif method == "assume-role-with-web-identity":
            _replace(provider, "_token_loader_cls", load)
        elif method == "iam-role":
            fetcher = getattr(provider, "_role_fetcher", None)
            # Like botocore: through the proxy of the environment, unless NO_PROXY excludes the address.
            _replace(fetcher, "_session", _Plain(str(getattr(fetcher, "_base_url", ""))))
        elif method == "container-role":
            _replace(getattr(provider, "_fetcher", None), "_session", _Plain())


def _fitted(
    make: t.Callable[..., list[t.Any]],
    seconds: float,
    secrets: responses.Secrets,
    profile_name: str,
    *arguments: t.Any,
    **options: t.Any,
) -> list[t.Any]:
    """Return the locations of a source profile, prepared for a task."""
    providers = make(profile_name, *arguments, **options)
    fit(providers, seconds, secrets, f"has the source profile {profile_name!r}, which ")
    return providers


def _replace(owner: t.Any, name: str, value: t.Any) -> None:
    if hasattr(owner, name):
        setattr(owner, name, value)


def _refuse_to_ask(prompt: str = "") -> str:
    raise Unusable(
        "requires an MFA code, which a task cannot prompt for",
        "Request temporary keys with your MFA code: run aws sts assume-role with --serial-number and --token-code."
        " Then set access_key, secret_key, and session_token, or use a profile with SSO or credential_process.",
    )


def _read_token(path: str, secrets: responses.Secrets, source: str) -> str:
    """Return the content of a web identity token file (botocore.utils.FileWebIdentityTokenLoader).

    :raises Unusable: the file cannot be read, or contains no token.
    """
    where = f"{source}names the web identity token file {path}, which"
    try:
        with open(os.path.expanduser(path), "rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unusable(f"{where} cannot be read ({reason})") from error
    try:
        token = content.decode("ascii").strip() if len(content) <= _LARGEST else ""
    except ValueError:
        token = ""
    if len(token) < 4 or not token.isprintable():
        raise Unusable(f"{where} contains no token")
    secrets.add(token)
    return token


class _Program:
    """A program that prints credentials, in the form of a process as botocore uses it. Its output is never shown."""

    def __init__(self, command: t.Sequence[str], seconds: float, source: str) -> None:
        self._seconds = seconds
        self._what = f"{source}has a credential_process that"
        # There is no AnsibleModule here, and its run_command would log the command.
        self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # So that the program can be ended with its child processes.
            start_new_session=True,
        )
        self.returncode: t.Optional[int] = None

    def communicate(self) -> tuple[bytes, bytes]:
        whole = False
        try:
            printed = self._read(time.monotonic() + self._seconds)
            whole = True
        finally:
            if not whole:
                self._end()
        self.returncode = self._process.returncode
        if self.returncode:
            raise Unusable(f"{self._what} ended with exit code {self.returncode}")
        try:
            content = json.loads(printed)
        except (ValueError, RecursionError) as error:
            raise Unusable(f"{self._what} does not print valid JSON") from error
        if not isinstance(content, dict):
            raise Unusable(f"{self._what} does not print a JSON object")
        return printed, b""

    def _read(self, end: float) -> bytes:
        pipe = self._process.stdout
        printed = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(t.cast("t.BinaryIO", pipe), selectors.EVENT_READ)
            while True:
                left = end - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise Unusable(f"{self._what} did not end within {self._seconds:g} s")
                chunk = os.read(t.cast("t.BinaryIO", pipe).fileno(), 2**16)
                printed += chunk
                if not chunk:
                    break
                if len(printed) > _LARGEST:
                    raise Unusable(f"{self._what} prints more than {_LARGEST >> 10} KiB")
        try:
            self._process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise Unusable(f"{self._what} did not end within {self._seconds:g} s") from error
        return bytes(printed)

    def _end(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except OSError:
            self._process.kill()
        self._process.wait()


class _Plain:
    """Connections to a metadata service: no redirects, and limited responses.

    :param url: for which the environment may name a proxy; empty for none.
    """

    def __init__(self, url: str = "") -> None:
        import botocore.httpsession
        import botocore.utils

        proxies = botocore.utils.get_environ_proxies(url) if url else {}
        self._session = botocore.httpsession.URLLib3Session(timeout=_PATIENCE, proxies=proxies)

    def send(self, request: t.Any) -> t.Any:
        import botocore.exceptions
        import urllib3.exceptions

        request.stream_output = True
        answer = self._session.send(request)
        end = time.monotonic() + _WHOLE
        announced = answer.headers.get("Content-Length")
        try:
            body = responses.read_body(answer.raw.stream(_CHUNK), announced, _LARGEST, end)
        except (urllib3.exceptions.HTTPError, responses.UnreadableResponseError) as error:
            # An error that botocore handles.
            raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        finally:
            answer.raw.close()
        answer.raw = Whole(body)
        return answer


class Whole:
    """A complete body, in the form that botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def stream(self, *arguments: t.Any, **options: t.Any) -> t.Iterator[bytes]:
        yield self._body.read()

    def read(self, amt: t.Optional[int] = None, **options: t.Any) -> bytes:
        return self._body.read(amt)
