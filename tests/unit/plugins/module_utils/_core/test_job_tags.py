# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of tags."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors, job_tags, provider_traits

WITH = provider_traits.Traits("AWS", jobs=provider_traits.JobTraits(have_tags=True))


@pytest.mark.parametrize("tags", [{"k" * 128: "v" * 256}, {"ключ 1": "_.:/=+-@"}, {str(n): "" for n in range(50)}, {}])
def test_tags_at_the_limits(tags):
    assert job_tags.check_strictly(tags, WITH) == tags


@pytest.mark.parametrize(
    "tags",
    [
        *({"": "v"}, {"k" * 129: "v"}, {"k": "v" * 257}, {"k": 1}, {"k": True}, {"k": None}, {"Aws:k": "v"}),
        *({"k": "a,b"}, {1: "a", "1": "b"}, {"a\tb": "v"}, {str(n): "" for n in range(51)}),
    ],
)
def test_invalid_tags(tags):
    with pytest.raises(errors.OptionError):
        job_tags.check_strictly(tags, WITH)


def test_jobs_without_tags():
    with pytest.raises(errors.OptionError, match="not supported for jobs of COS"):
        job_tags.check({"k": "v"}, provider_traits.Traits("COS"))
    assert job_tags.as_list(job_tags.check({"b": "2", "a": "1"}, WITH)) == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "2"},
    ]
