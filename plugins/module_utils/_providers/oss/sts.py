# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of Alibaba Cloud's RAM, assumed through its security token service (STS).

Sources: Alibaba Cloud documentation, "AssumeRole", "AssumeRoleWithOIDC" and "Request signatures" of RPC APIs.
Private to this collection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import time
import typing as t
from urllib.parse import quote, urlsplit

from ansible_collections.objectstore.batch.plugins.module_utils._model import provider as _provider, shown as _shown
from ansible_collections.objectstore.batch.plugins.module_utils._providers import reading as _reading

_LIFETIME: t.Final = "3600"
"""Seconds for which the keys of a role are valid; every role allows an hour."""
_OWN: t.Final = ".aliyuncs.com"


class NoCredentials(Exception):
    """No place has usable credentials; the text names the places and what is wrong with them."""


class Sts:
    """The security token service that belongs to an endpoint.

    :param send: requests.request, or what behaves like it.
    """

    def __init__(self, options: _provider.Options, send: t.Callable[..., t.Any]) -> None:
        self._options = options
        self._send = send
        self._url = url(options)

    def assume(self, keys: _provider.Credentials, role: str, session: str, external_id: str) -> _provider.Credentials:
        """AssumeRole: return the keys of a role that a key pair may assume."""
        parameters = {"RoleArn": role, "RoleSessionName": session, "DurationSeconds": _LIFETIME}
        optional = {"ExternalId": external_id} if external_id else {}
        form = signed_form("POST", "AssumeRole", {**parameters, **optional}, keys, time.time())
        return self._keys(role, form, keys)

    def with_token(self, role: str, issuer: str, path: str, session: str) -> _provider.Credentials:
        """AssumeRoleWithOIDC: return the keys of a role that the token in a file may assume; nothing is signed."""
        try:
            with open(os.path.expanduser(path), encoding="utf-8") as stream:
                token = stream.read(_reading.CHUNK * 8).strip()
        except (OSError, ValueError) as error:
            raise NoCredentials(f"the OIDC token file {path} cannot be read ({type(error).__name__})") from error
        parameters = {
            "RoleArn": role,
            "OIDCProviderArn": issuer,
            "OIDCToken": token,
            "RoleSessionName": session or "ansible-objectstore-batch",
            "DurationSeconds": _LIFETIME,
        }
        form = _form("AssumeRoleWithOIDC", parameters, time.time())
        return self._keys(role, form, _provider.Credentials("", token))

    def _keys(self, role: str, form: t.Mapping[str, str], secrets: _provider.Credentials) -> _provider.Credentials:
        what = f"{form['Action']} of {role or 'no role'}"
        options = self._options
        mask = _reading.Mask([secrets.secret_key, secrets.session_token, form.get("Signature", "")])
        verify = (options.ca_bundle or True) if options.validate_certs else False
        try:
            status, body = ask(self._send, "POST", self._url, options.request_timeout, data=dict(form), verify=verify)
            answer = json.loads(body)
        except (OSError, ValueError, RecursionError) as error:
            # requests' exceptions are OSErrors; their texts may hold the request.
            host = urlsplit(self._url).netloc
            raise NoCredentials(f"{what}: {host} gives no answer that can be used ({type(error).__name__})") from error
        try:
            if status == 200:
                return credentials(answer["Credentials"])
            text = f"{answer['Code']}: {answer['Message']}"
        except (LookupError, TypeError):
            text = f"an answer of another form, with HTTP status {status}"
        raise NoCredentials(f"{what}: {_shown.cut(mask.text(text))}")


def ask(send: t.Callable[..., t.Any], method: str, url: str, timeout: float, **options: t.Any) -> tuple[int, bytes]:
    """Return status and body of an answer, which is read within bounds; redirects are not followed."""
    answer = send(method, url, timeout=timeout, allow_redirects=False, stream=True, **options)
    try:
        chunks = answer.iter_content(_reading.CHUNK)
        return answer.status_code, _reading.read_body(chunks, answer.headers.get("Content-Length"))
    finally:
        answer.close()


def credentials(keys: t.Any) -> _provider.Credentials:
    """Return the temporary keys of an answer.

    :raises LookupError or TypeError: it holds none.
    """
    found = tuple(keys[name] for name in ("AccessKeyId", "AccessKeySecret", "SecurityToken"))
    if not all(isinstance(value, str) and value for value in found):
        raise TypeError("keys that are no text")
    return _provider.Credentials(*found)


def url(options: _provider.Options) -> str:
    """Return the URL of the STS that belongs to the endpoint of a task.

    An endpoint of Alibaba's own serves one service; any other one is taken to serve STS, too. Who reaches OSS from
    inside of a VPC may reach nothing outside of it. Source: Alibaba Cloud documentation, "Endpoints" of STS.
    """
    host = urlsplit(options.endpoint_url).hostname or ""
    if host and not host.endswith(_OWN):
        return f"{options.endpoint_url}/"
    inside = re.fullmatch(r"(?:[^.]+\.)*oss-(.+)-internal\.aliyuncs\.com", host)
    return f"https://sts-vpc.{inside[1]}.aliyuncs.com/" if inside else "https://sts.aliyuncs.com/"


def signed_form(
    method: str, action: str, parameters: t.Mapping[str, str], keys: _provider.Credentials, now: float
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
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encode(text: str) -> str:
    return quote(text, safe="")
