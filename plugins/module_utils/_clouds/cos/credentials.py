# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find credentials of Tencent Cloud if neither the task nor the environment sets them.

The credentials file of Tencent's SDKs, then the role of the virtual machine (CVM). Sources: tencentcloud-sdk-python
common/credential.py; cos-go-sdk-v5 auth.go (metadata service). Private to this collection.
"""

from __future__ import annotations

import configparser
import io
import os
import typing as t
from urllib.parse import quote

from ..._core import display, providers
from ..shared import credential_cache, credential_locations

FILES: t.Final = ("~/.tencentcloud/credentials", "/etc/tencentcloud/credentials")
METADATA_URL: t.Final = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/"
MARGIN: t.Final = 600.0
"""Seconds before their expiration at which keys are renewed, as in cos-go-sdk-v5 (defaultCVMAuthExpire)."""

NoCredentials = credential_locations.NoCredentials


def find_credentials(profile: str, requests: t.Any) -> credential_cache.Found:
    """Return the credentials of the file, or of the instance role if no profile is set.

    :param profile: section of the file; empty for "default".
    :param requests: the library.
    :raises NoCredentials: none found, or the first location with credentials cannot be used.
    """
    found = _from_files(profile or "default")
    if found:
        return credential_cache.Found(found)
    places = f"section [{profile or 'default'}] of {' and '.join(FILES)}"
    if profile:
        raise NoCredentials(f"no credentials found for Tencent COS in {places}")
    machine = _from_role(credential_locations.Metadata(requests, METADATA_URL))
    if machine:
        return machine
    raise NoCredentials(
        f"no credentials found for Tencent COS in the task, the environment, or {places}, and no role of this host"
    )


def _from_files(section: str) -> t.Optional[providers.Credentials]:
    for name in FILES:
        path = os.path.expanduser(name)
        # Keys can contain a percent sign, on which interpolation would fail.
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_file(io.StringIO(credential_locations.read_file(path).decode("utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, configparser.Error) as error:
            # The text of the parser quotes the line, which can contain the key.
            raise NoCredentials(f"{path} cannot be read as an INI file ({type(error).__name__})") from error
        values = dict(parser[section]) if section in parser else {}
        names = ("secret_id", "secret_key")
        missing = [option for option in names if not values.get(option)]
        if not missing:
            return providers.Credentials(values["secret_id"], values["secret_key"], values.get("token", ""))
        if any(option in values for option in names):
            raise NoCredentials(f"section [{section}] of {path} has no {' and no '.join(missing)}")
    return None


def _from_role(metadata: credential_locations.Metadata) -> t.Optional[credential_cache.Found]:
    """Return the temporary keys of the instance role from the metadata service; None without that service."""
    role = credential_locations.role_name(metadata.ask("GET", ""))
    if not role:
        return None
    answer = metadata.ask("GET", quote(role, safe=""))
    if answer is None:
        return None
    where = f"the response of the metadata service for the role {role} of this host"
    keys = credential_locations.read_json(answer, where)
    if keys.get("Code", "Success") != "Success":
        raise NoCredentials(f"{where} has the code {display.truncate(str(keys['Code']))[:100]!r} and no keys")
    names = ("TmpSecretId", "TmpSecretKey", "Token")
    expires = credential_locations.moment(keys.get("ExpiredTime")) or credential_locations.moment(
        keys.get("Expiration")
    )
    return credential_cache.Found(credential_locations.pick(keys, names, where), expires, MARGIN)
