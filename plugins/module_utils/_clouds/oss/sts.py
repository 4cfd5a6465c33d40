# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assume roles of Alibaba Cloud's RAM through its security token service (STS).

Sources: Alibaba Cloud documentation, "AssumeRole", "AssumeRoleWithOIDC" and "Request signatures" of RPC APIs.
Private to this collection.
"""

from __future__ import annotations

import base64
import os
import re
import time
import typing as t
from urllib.parse import quote, urlsplit

from ..._core import display, errors, providers
from ..shared import credential_cache, credential_locations, digests, responses
from . import traits

_LIFETIME: t.Final = "3600"
"""Seconds for which the keys of a role are valid; every role allows an hour."""
MARGIN: t.Final = 900.0
"""Seconds before their expiration at which keys are renewed, as in aliyun/credentials-python (stale_time)."""
NAMES: t.Final = ("AccessKeyId", "AccessKeySecret", "SecurityToken")
_OWN: t.Final = ".aliyuncs.com"
_DENIED: t.Final = (
    "Check that the trust policy of the role names the caller, and that the RAM policies of the caller allow"
    " sts:AssumeRole for the role."
)


class Sts:
    """The security token service that belongs to an endpoint.

    :param requests: the library.
    :param secrets: receives the secrets of the keys and tokens by which roles are assumed.
    """

    def __init__(self, options: providers.Options, requests: t.Any, secrets: responses.Secrets) -> None:
        self._options = options
        self._requests = requests
        self._secrets = secrets
        self._url = url(options)

    def assume(self, keys: providers.Credentials, role: str, session: str, external_id: str) -> credential_cache.Found:
        """AssumeRole: return the keys of a role that a key pair assumes."""
        parameters = {"RoleArn": role, "RoleSessionName": session, "DurationSeconds": _LIFETIME}
        optional = {"ExternalId": external_id} if external_id else {}
        self._secrets.add(keys.secret_key, keys.session_token)
        return self._keys(role, signed_form("POST", "AssumeRole", {**parameters, **optional}, keys, time.time()))

    def with_token(self, role: str, issuer: str, path: str, session: str) -> credential_cache.Found:
        """AssumeRoleWithOIDC: return the keys of a role that the token in a file assumes; the request is not signed."""
        token = _read_token(path)
        self._secrets.add(token)
        parameters = {
            "RoleArn": role,
            "OIDCProviderArn": issuer,
            "OIDCToken": token,
            "RoleSessionName": session or "ansible-objectstore-batch",
            "DurationSeconds": _LIFETIME,
        }
        return self._keys(role, _form("AssumeRoleWithOIDC", parameters, time.time()))

    def _keys(self, role: str, form: t.Mapping[str, str]) -> credential_cache.Found:
        what = f"{form['Action']} of {role or 'no role'}"
        mask = responses.SecretMasker([*self._secrets.known(), form.get("Signature", "")])
        try:
            status, body = self._ask(form)
        except (OSError, ValueError) as error:
            # requests' exceptions are OSErrors; their texts can contain the request.
            host = urlsplit(self._url).netloc
            text = f"{what}: no usable response from {host} ({type(error).__name__})"
            raise credential_locations.NoCredentials(text, self._may_pass(error)) from error
        try:
            answer = credential_locations.read_json(body, f"the response with HTTP status {status}")
        except credential_locations.NoCredentials as error:
            raise credential_locations.NoCredentials(f"{what}: {error}", passing=not 300 <= status < 500) from error
        if status != 200:
            code, message = (mask.text(str(answer.get(name) or "")) for name in ("Code", "Message"))
            text = (
                f"{what}: {display.truncate(code) or 'no code'}: {display.truncate(message) or f'HTTP status {status}'}"
            )
            kind = traits.TRAITS.classify(code.partition(".")[0], status)
            hint = _DENIED if kind == "access_denied" else traits.TRAITS.hint(kind, code=code.partition(".")[0])
            raise credential_locations.NoCredentials(text, kind in errors.RETRYABLE, hint)
        found = credential_locations.pick(answer.get("Credentials"), NAMES, f"{what}: the response")
        return credential_cache.Found(
            found, credential_locations.moment(answer["Credentials"].get("Expiration")), MARGIN
        )

    def _may_pass(self, error: Exception) -> bool:
        """Whether the cause of a missing response can pass by itself. An untrusted certificate cannot."""
        raised = self._requests.exceptions
        passing = (raised.Timeout, raised.ConnectionError, raised.ChunkedEncodingError, raised.ContentDecodingError)
        return isinstance(error, (*passing, responses.UnreadableResponseError)) and not isinstance(
            error, raised.SSLError
        )

    def _ask(self, form: t.Mapping[str, str]) -> tuple[int, bytes]:
        """Return status and body of a response. Redirects are not followed, and a .netrc file is ignored."""
        options = self._options
        with self._requests.request(
            "POST",
            self._url,
            data=dict(form),
            timeout=options.request_timeout,
            verify=(options.ca_bundle or True) if options.validate_certs else False,
            auth=lambda request: request,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code, credential_locations.read_answer(answer, options.request_timeout)


def _read_token(path: str) -> str:
    """Return the token in a file.

    :raises NoCredentials: the file cannot be read, or contains no token.
    """
    where = f"the OIDC token file {path or '(none is named)'}"
    try:
        token = credential_locations.read_file(os.path.expanduser(path)).decode("ascii").strip()
    except (OSError, ValueError) as error:
        raise credential_locations.NoCredentials(f"{where} cannot be read ({type(error).__name__})") from error
    if not token or not token.isprintable():
        raise credential_locations.NoCredentials(f"{where} contains no token")
    return token


def url(options: providers.Options) -> str:
    """Return the URL of the STS that belongs to the endpoint of a task.

    An endpoint of Alibaba serves one service. Any other endpoint is assumed to serve STS, too. A host that reaches OSS
    from inside a VPC cannot always reach endpoints outside of it.

    Source: Alibaba Cloud documentation, "Endpoints" of STS.
    """
    host = urlsplit(options.endpoint_url).hostname or ""
    if host and not host.endswith(_OWN):
        return f"{options.endpoint_url}/"
    inside = re.fullmatch(r"(?:[^.]+\.)*oss-(.+)-internal\.aliyuncs\.com", host)
    return f"https://sts-vpc.{inside[1]}.aliyuncs.com/" if inside else "https://sts.aliyuncs.com/"


def signed_form(
    method: str, action: str, parameters: t.Mapping[str, str], keys: providers.Credentials, now: float
) -> dict[str, str]:
    """Return the parameters of an RPC request, with its signature.

    :param now: Unix seconds.
    """
    token = {"SecurityToken": keys.session_token} if keys.session_token else {}
    scheme = {"AccessKeyId": keys.access_key, "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0"}
    form = _form(action, {**parameters, **scheme, **token}, now)
    return {**form, "Signature": sign(method, form, keys.secret_key)}


def _form(action: str, parameters: t.Mapping[str, str], now: float) -> dict[str, str]:
    return {
        "Action": action,
        "Version": "2015-04-01",
        "Format": "JSON",
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "SignatureNonce": os.urandom(16).hex(),
        **parameters,
    }


def sign(method: str, parameters: t.Mapping[str, str], secret: str) -> str:
    """Return the signature of an RPC request (HMAC-SHA1, version 1.0)."""
    query = "&".join(f"{_encode(name)}={_encode(value)}" for name, value in sorted(parameters.items()))
    text = f"{method}&{_encode('/')}&{_encode(query)}"
    digest = digests.hmac_sha1(f"{secret}&".encode(), text.encode())
    return base64.b64encode(digest).decode()


def _encode(text: str) -> str:
    return quote(text, safe="")
