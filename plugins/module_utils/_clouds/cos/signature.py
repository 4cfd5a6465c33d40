# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sign requests to Tencent COS (header form, HMAC-SHA1).

Source: Tencent Cloud COS documentation, "Request signature"; checked against its published vectors.
Private to this collection.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from ..shared import digests


def authorization(
    secret_id: str,
    secret_key: str,
    method: str,
    path: str,
    parameters: t.Mapping[str, str],
    headers: t.Mapping[str, str],
    key_time: str,
) -> str:
    """Return the Authorization header.

    :param path: the decoded path, as COS hashes it.
    :param parameters: query parameters, decoded.
    :param headers: the headers to sign; they must arrive byte for byte as given here.
    :param key_time: start and end of validity, "start;end" in Unix seconds.
    """
    parameter_names, parameter_text = _canonical(parameters)
    header_names, header_text = _canonical(headers)
    sign_key = _hmac(secret_key, key_time)
    request = f"{method.lower()}\n{path}\n{parameter_text}\n{header_text}\n"
    string_to_sign = f"sha1\n{key_time}\n{digests.sha1(request.encode()).hexdigest()}\n"
    fields = {
        "q-sign-algorithm": "sha1",
        "q-ak": secret_id,
        "q-sign-time": key_time,
        "q-key-time": key_time,
        "q-header-list": header_names,
        "q-url-param-list": parameter_names,
        # The hex text of the key signs, not the bytes it stands for.
        "q-signature": _hmac(sign_key, string_to_sign),
    }
    return "&".join(f"{name}={value}" for name, value in fields.items())


def _canonical(items: t.Mapping[str, str]) -> tuple[str, str]:
    """Return the list of names and the canonical text of parameters or headers."""
    encoded = sorted((quote(name, safe="").lower(), quote(value, safe="")) for name, value in items.items())
    return ";".join(name for name, value in encoded), "&".join(f"{name}={value}" for name, value in encoded)


def _hmac(key: str, message: str) -> str:
    return digests.hmac_sha1(key.encode(), message.encode()).hex()
