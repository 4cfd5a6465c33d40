# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environments: their definitions make a context, and the collection says what Python it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .playbooks import COLLECTIONS, ROOT

pytestmark = pytest.mark.slow
BUILDER = Path(sys.executable).parent / "ansible-builder"


@pytest.mark.skipif(not BUILDER.exists(), reason="only the newest lane has ansible-builder")
@pytest.mark.parametrize("kind", ["awx", "aap"])
def test_the_context(tmp_path: Path, kind: str) -> None:
    shutil.copy(ROOT / "extensions" / "ee" / f"{kind}.yml", tmp_path / "execution-environment.yml")
    (tmp_path / "objectstore-batch.tar.gz").write_bytes(b"the artifact")
    command = [str(BUILDER), "create", "--output-filename", "Containerfile", "--context", "context"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=1800)
    context = tmp_path / "context"
    base = yaml.safe_load((tmp_path / "execution-environment.yml").read_text("utf-8"))["images"]["base_image"]["name"]
    text = (context / "Containerfile").read_text("utf-8")
    assert f'ARG EE_BASE_IMAGE="{base}"' in text
    assert (context / "_build" / "collections" / "objectstore-batch.tar.gz").read_bytes() == b"the artifact"
    wanted = yaml.safe_load((context / "_build" / "requirements.yml").read_text("utf-8"))
    assert wanted["collections"] == [{"name": "collections/objectstore-batch.tar.gz", "type": "file"}]


@pytest.mark.skipif(not BUILDER.exists(), reason="only the newest lane has ansible-builder")
def test_what_the_collection_needs_of_python() -> None:
    command = [str(BUILDER), "introspect", str(COLLECTIONS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
    found = yaml.safe_load(done.stdout)
    assert [need.partition("#")[0].strip() for need in found["python"]] == ["boto3>=1.34.0", "requests>=2.31.0"]


@pytest.mark.skipif(not shutil.which("podman"), reason="podman is not here to build with")
def test_the_image() -> None:
    """From a base that this machine has, named in EE_BASE."""
    base = os.environ.get("EE_BASE")
    if not base:
        pytest.skip("EE_BASE names no base image")
    subprocess.run(
        [str(ROOT / ".cache" / "tools" / "bin" / "nox"), "-Rs", "ee-context", "--", "awx", base],
        cwd=ROOT,
        check=True,
        timeout=1800,
    )
    context = str(ROOT / ".cache" / "ee" / "context")
    subprocess.run(["podman", "build", "--file", f"{context}/Containerfile", context], check=True, timeout=1800)
