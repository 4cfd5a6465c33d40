# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that exist in the emulator. Every secret here is made up."""

from __future__ import annotations

from dataclasses import dataclass, replace

AWS_ACCOUNT = "111122223333"
AWS_OTHER_ACCOUNT = "444455556666"
COS_UIN = "100000000001"
COS_APPID = "1250000000"
COS_OTHER_UIN = "100000000002"
COS_OTHER_APPID = "1250000002"

AWS_REGION = "eu-central-1"
COS_REGION = "ap-guangzhou"

OSS_UID = "1000000000000001"
OSS_OTHER_UID = "1000000000000002"
OSS_REGION = "cn-hangzhou"

INSTANCE_ROLE = "emulator-role"


@dataclass(frozen=True)
class Credential:
    """One key pair: who it belongs to, and the session token without which it is refused."""

    provider: str
    account: str
    key_id: str
    secret: str
    token: str | None = None
    app_id: str = ""


AWS_KEY = Credential("aws", AWS_ACCOUNT, "EMULATORAWSKEY", "emulator-aws-secret-not-real")
AWS_TEMP_KEY = Credential(
    "aws", AWS_ACCOUNT, "EMULATORAWSTEMPKEY", "emulator-aws-temp-secret-not-real", "emulator-aws-session-token"
)
AWS_OTHER_KEY = Credential("aws", AWS_OTHER_ACCOUNT, "EMULATORAWSOTHERKEY", "emulator-aws-other-secret-not-real")
AWS_OTHER_TEMP_KEY = Credential(
    "aws",
    AWS_OTHER_ACCOUNT,
    "EMULATORAWSOTHERTEMPKEY",
    "emulator-aws-other-temp-secret-not-real",
    "emulator-aws-other-session-token",
)

COS_KEY = Credential("cos", COS_UIN, "EMULATORCOSID", "emulator-cos-secret-not-real", app_id=COS_APPID)
COS_TEMP_KEY = Credential(
    "cos",
    COS_UIN,
    "EMULATORCOSTEMPID",
    "emulator-cos-temp-secret-not-real",
    "emulator-cos-session-token",
    COS_APPID,
)
COS_OTHER_KEY = Credential(
    "cos", COS_OTHER_UIN, "EMULATORCOSOTHERID", "emulator-cos-other-secret-not-real", app_id=COS_OTHER_APPID
)

OSS_KEY = Credential("oss", OSS_UID, "EMULATOROSSID", "emulator-oss-secret-not-real")
OSS_TEMP_KEY = Credential(
    "oss", OSS_UID, "EMULATOROSSTEMPID", "emulator-oss-temp-secret-not-real", "emulator-oss-session-token"
)
OSS_OTHER_KEY = Credential("oss", OSS_OTHER_UID, "EMULATOROSSOTHERID", "emulator-oss-other-secret-not-real")

_KEYS = (
    *(AWS_KEY, AWS_TEMP_KEY, AWS_OTHER_KEY, AWS_OTHER_TEMP_KEY),
    *(COS_KEY, COS_TEMP_KEY, COS_OTHER_KEY),
    *(OSS_KEY, OSS_TEMP_KEY, OSS_OTHER_KEY),
)
# Whose keys roles hand out; by account on AWS, which has roles in several.
ROLES = (AWS_TEMP_KEY, AWS_OTHER_TEMP_KEY, COS_TEMP_KEY, OSS_TEMP_KEY)
CREDENTIALS: dict[tuple[str, str], Credential] = {(key.provider, key.key_id): key for key in _KEYS}

# Expired temporary keys, by provider and key ID.
EXPIRED: set[tuple[str, str]] = set()


def of_role(base: Credential, generation: int) -> Credential:
    """The keys that a role hands out: at first the ones above, and a pair of the same account after each renewal."""
    if not generation:
        return base
    names = {name: f"{getattr(base, name)}-{generation}" for name in ("secret", "token")}
    key = replace(base, key_id=f"{base.key_id}{generation}", **names)
    CREDENTIALS[key.provider, key.key_id] = key
    return key


# What a seeded job belongs to when it names no account or region.
HOME = {"aws": (AWS_ACCOUNT, AWS_REGION), "cos": (COS_UIN, COS_REGION), "oss": (OSS_UID, OSS_REGION)}
ACCOUNTS = {provider: {key.account for key in CREDENTIALS.values() if key.provider == provider} for provider in HOME}
