# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the providers: one literal import each, only for the provider of a task.

Ansible's payload builder follows literal imports. Inside functions, they cost a task nothing, so a COS user does not
need boto3, and an AWS user does not need requests. Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import providers


def _aws() -> type[providers.Provider]:
    from .aws.provider import AwsProvider

    return AwsProvider


def _cos() -> type[providers.Provider]:
    from .cos.provider import CosProvider

    return CosProvider


def _oss() -> type[providers.Provider]:
    from .oss.provider import OssProvider

    return OssProvider


def home_region(provider: str, role_arn: str, profile: str) -> str:
    """Return the region that returns the regions of an account, if the task does not set one; empty without one.

    On AWS, it must be in the partition of the account, which the role and the profile determine.

    :param role_arn: of the role that is assumed; empty for none.
    :param profile: empty for the profile of the environment.
    :raises MissingLibrary: the provider's library is not installed.
    """
    if provider != "aws":
        return ""
    from .aws.endpoints import home_region as aws

    return aws(role_arn, profile)


PROVIDERS: t.Final[dict[str, t.Callable[[], type[providers.Provider]]]] = {"aws": _aws, "cos": _cos, "oss": _oss}
