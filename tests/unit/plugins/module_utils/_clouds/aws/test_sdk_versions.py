# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of botocore versions, checked with the installed model and with a model that lacks members."""

from __future__ import annotations

import botocore
import botocore.model
import botocore.session
import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws import sdk_versions, typed_values
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors

OLD = {"type": "structure", "members": {"S3PutObjectTagging": {"shape": "Text"}}}


def old_model(shape):
    return botocore.model.ServiceModel({"metadata": {}, "shapes": {shape: OLD, "Text": {"type": "string"}}})


def test_the_table_matches_the_installed_model():
    installed = tuple(int(part) for part in botocore.__version__.split(".")[:3])
    model = botocore.session.get_session().get_service_model("s3control")
    for (shape, member), version in sdk_versions.FIRST.items():
        first = tuple(int(part) for part in version.split("."))
        known = shape in model.shape_names and member in model.shape_for(shape).members
        # Releases before 1.43.90 are not measured one by one.
        if installed >= first:
            assert known, (shape, member)
        elif version != "1.43.90":
            assert not known, (shape, member)


@pytest.mark.parametrize(
    ("name", "version"), [("S3ComputeObjectChecksum", "1.40.12"), ("S3UpdateObjectEncryption", "1.42.37")]
)
def test_an_old_model_names_the_version(name, version):
    model = old_model("JobOperation")
    with pytest.raises(errors.BatchError) as raised:
        typed_values.typed("operation", {name: {}}, model.shape_for("JobOperation"))
    failure = raised.value.failure
    assert failure.kind == "unsupported"
    assert failure.message == (
        f"operation: {name!r} requires botocore {version} or newer, and the installed one is older"
    )
    assert f"pip install --upgrade boto3 'botocore>={version}'" in failure.hint


def test_other_names_stay_typos():
    model = old_model("JobReport")
    with pytest.raises(errors.BatchError) as raised:
        typed_values.typed("report", {"S3ComputeObjectChecksum": 1}, model.shape_for("JobReport"))
    assert raised.value.failure.kind == "invalid"
    assert sdk_versions.missing("report", "Typo", "JobReport") is None
