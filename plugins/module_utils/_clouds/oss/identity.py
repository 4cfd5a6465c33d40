# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look up the account of a key pair at Alibaba Cloud's STS (GetCallerIdentity), because no request of OSS names an
account.

The request requires no permission.

Source: Alibaba Cloud documentation, "GetCallerIdentity". Private to this collection.
"""

from __future__ import annotations

import json
import typing as t
from urllib.parse import urlencode

from ..._core import errors, providers
from ..shared import credential_cache, http_client, parse_job_xml
from . import sts, traits

OPERATION: t.Final = "GetCallerIdentity"


def find_account(
    options: providers.Options,
    keys: credential_cache.Keys,
    now: float,
    refused: t.Callable[[errors.Failure, http_client.Response], errors.Failure],
) -> str:
    """Return the UID of the account that keys belong to.

    :param now: Unix seconds by the clock of the provider, if it is known.
    :param refused: completes the failure of an error response.
    :raises BatchError: STS cannot be reached, or does not return the account.
    """
    form = sts.signed_form("POST", OPERATION, {}, keys.current(), now)
    url = sts.url(options).rstrip("/")
    # The form is signed, so no header is added.
    client = http_client.Client(
        http_client.load(), traits.TRAITS, options, url, {}, lambda request: request, keys, [form["Signature"]]
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = http_client.Request(OPERATION, "POST", "/", headers, urlencode(form).encode())
    return client.call(request, _account, lambda operation, answer: refused(_failure(answer), answer))


def _account(body: bytes) -> str:
    answer = _read(body)
    account = answer.get("AccountId")
    if not isinstance(account, str) or not traits.TRAITS.rules["account_id"].fits(account):
        raise parse_job_xml.ResponseError("the response does not contain an account ID")
    return account


def _failure(answer: http_client.Response) -> errors.Failure:
    """Return the failure of an error response; a code can have a more precise word after a dot."""
    try:
        error = _read(answer.body)
    except parse_job_xml.ResponseError:
        error = {}
    code, message, request_id = (str(error.get(name) or "") for name in ("Code", "Message", "RequestId"))
    return traits.TRAITS.answered(
        OPERATION, code, message, answer.status, answer.headers, request_id, detail=code.partition(".")[0]
    )


def _read(body: bytes) -> dict[str, t.Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise parse_job_xml.ResponseError(f"the response is not valid JSON ({type(error).__name__})") from error
    if not isinstance(answer, dict):
        raise parse_job_xml.ResponseError("the response is not a JSON object")
    return answer
