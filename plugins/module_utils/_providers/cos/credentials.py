# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where credentials of Tencent Cloud are found when neither the task nor the environment names them.

The credentials file of Tencent's SDKs, then the role of the virtual machine (CVM).
Sources: tencentcloud-sdk-python common/credential.py; cos-go-sdk-v5 auth.go (metadata service).
Private to this collection.
"""

from __future__ import annotations

import configparser
import os
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import provider as _provider

FILES: t.Final = ("~/.tencentcloud/credentials", "/etc/tencentcloud/credentials")
METADATA_URL: t.Final = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/"
_METADATA_TIMEOUT: t.Final = 2.0
"""Seconds; outside a virtual machine of Tencent's the name does not even resolve."""


class NoCredentials(Exception):
    """No place has usable credentials; the text names the places and what is wrong with them."""


def find_credentials(profile: str, get: t.Callable[..., t.Any]) -> _provider.Credentials:
    """Return the credentials of the file, or of the machine's role where no profile is asked for.

    :param profile: section of the file; empty for "default".
    :param get: requests.get, or what behaves like it.
    :raises NoCredentials: none found.
    """
    found = _from_files(profile or "default")
    if found:
        return found
    places = f"section [{profile or 'default'}] of {' and '.join(FILES)}"
    if profile:
        raise NoCredentials(f"no credentials in {places}")
    found = _from_role(get)
    if found:
        return found
    raise NoCredentials(f"no credentials in the task, the environment, {places}, and no role of this machine")


def _from_files(section: str) -> t.Optional[_provider.Credentials]:
    for name in FILES:
        path = os.path.expanduser(name)
        # Keys may hold a per cent sign, which interpolation would trip over.
        parser = configparser.ConfigParser(interpolation=None)
        try:
            with open(path, encoding="utf-8") as stream:
                parser.read_file(stream)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            # The parser's own text quotes the line, which may hold the key.
            raise NoCredentials(f"{path} cannot be read as an INI file ({type(error).__name__})") from error
        if parser.has_option(section, "secret_id") and parser.has_option(section, "secret_key"):
            values = parser[section]
            return _provider.Credentials(values["secret_id"], values["secret_key"], values.get("token", ""))
    return None


def _from_role(get: t.Callable[..., t.Any]) -> t.Optional[_provider.Credentials]:
    """Ask the metadata service for the machine's role and its temporary keys; None off a virtual machine."""
    try:
        role = _ask(get, METADATA_URL).text.strip().splitlines()[0]
        keys = _ask(get, METADATA_URL + role).json()
        return _provider.Credentials(keys["TmpSecretId"], keys["TmpSecretKey"], keys["Token"])
    except (OSError, ValueError, LookupError, TypeError):
        # requests' exceptions are OSErrors: no such service here, no role, or an answer of another form.
        return None


def _ask(get: t.Callable[..., t.Any], url: str) -> t.Any:
    answer = get(url, timeout=_METADATA_TIMEOUT, allow_redirects=False)
    if answer.status_code != 200:
        raise ValueError("the metadata service refuses")
    return answer
