# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's wheel in an empty environment, and its recipes as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from batch_emulator.client import Emulator, until
from harness import pip

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "emulator"
UV = ROOT / ".cache" / "tools" / "bin" / "uv"
README = (SOURCE / "README.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"<!-- run: (\w+) -->\n```\w+\n(.*?)```", README, re.DOTALL))
CLEAN = {name: value for name, value in os.environ.items() if not re.search("(?i)proxy|^AWS_|^PYTHON|PYTEST", name)}

# Of golang-go and golang-github-aws-aws-sdk-go-v2-dev; the place that Go fetches modules from is no package registry.
GO = Path("/usr/share/gocode/src/github.com/aws/aws-sdk-go-v2/service/s3control")

pytestmark = pytest.mark.slow


class Venv(NamedTuple):
    """An environment that holds the wheel and nothing of ours beside it."""

    bin: Path
    folder: Path

    def run(self, *command: str, cwd: Path | None = None, **variables: str) -> str:
        env = {**CLEAN, "PATH": f"{self.bin}:{CLEAN['PATH']}", "HOME": str(self.folder), **variables}
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=env, text=True, capture_output=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def emulator(self, *words: str, port: str = "0", **variables: str) -> Iterator[Emulator]:
        """The installed command, started from somewhere else."""
        ready = self.folder / "ready"
        command = [str(self.bin / "batch-emulator"), "--port", port, "--ready-file", str(ready), *words]
        process = subprocess.Popen(
            command, cwd=self.folder, env=CLEAN | variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            assert until(lambda: ready.exists() or process.poll() is not None)
            assert process.poll() is None, command
            yield Emulator(yaml.safe_load(ready.read_text())["url"])
        finally:
            process.terminate()
            assert process.wait() == 0


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Venv:
    if not UV.exists():
        pytest.skip("uv is not installed: run make env")
    folder = tmp_path_factory.mktemp("foreign")
    source = Path(shutil.copytree(SOURCE, folder / "source"))
    tools = Venv(UV.parent, folder)
    tools.run("uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), str(source), **pip.for_uv())
    shutil.rmtree(source)
    [wheel] = folder.glob("*.whl")
    made = Venv(folder / "venv" / "bin", folder)
    tools.run("uv", "venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    # Without their hashes, which a wheel of ours cannot have, and without what has a version for each Python.
    pins = re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / "requirements" / "newest.txt").read_text("utf-8"), re.MULTILINE)
    names = {"ansible-core", "django"}
    (folder / "pins").write_text("\n".join(pin for pin in pins if pin.split("==")[0] not in names))
    words = ("--quiet", "--python", str(made.bin / "python"), "--constraint", str(folder / "pins"))
    tools.run("uv", "pip", "install", *words, f"{wheel}[tls]", **pip.for_uv())
    return made


def install(venv: Venv, *packages: str) -> None:
    words = ("--quiet", "--python", str(venv.bin / "python"), "--constraint", str(venv.folder / "pins"))
    Venv(UV.parent, venv.folder).run("uv", "pip", "install", *words, *packages, **pip.for_uv())


def test_the_version_is_the_collections() -> None:
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    assert f'version = "{version}"' in (SOURCE / "pyproject.toml").read_text(encoding="utf-8")


def test_the_command_and_a_seed_file(venv: Venv) -> None:
    seed = venv.folder / "seed.yml"
    seed.write_text(RECIPES["seed"])
    with venv.emulator("--seed", str(seed)) as emulator:
        assert [job["job_id"] for job in emulator.jobs()] == ["restore-1", "restore-2"]
        port = emulator.url.rpartition(":")[2]
        venv.run("batch-emulator", "--check-health", "--port", port)
    start = RECIPES["start"]
    assert "'objectstore-batch-emulator[tls]'" in start
    assert re.search(r"batch-emulator --port 14570", start)


def test_the_fixture_in_a_foreign_project(venv: Venv) -> None:
    install(venv, "pytest", "boto3")
    project = venv.folder / "project"
    project.mkdir()
    (project / "pytest.ini").write_text("[pytest]\n")
    (project / "test_restore.py").write_text(RECIPES["pytest"])
    assert "1 passed" in venv.run("pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    listed = venv.run("python", "-c", "import batch_emulator.pytest_plugin, sys; print('aiohttp' in sys.modules)")
    assert listed.strip() == "False"


def test_the_recipes_of_python_and_the_shell(venv: Venv) -> None:
    install(venv, "boto3", "awscli", "requests", "cos-python-sdk-v5", "crcmod-plus", "--no-deps")
    install(venv, "boto3", "awscli", "requests", "xmltodict", "pycryptodome", "six")
    with venv.emulator() as emulator:
        emulator.seed({"provider": "aws"}, {"provider": "cos"})
        port = emulator.url.rpartition(":")[2]
        for name in ("boto3", "cos"):
            assert venv.run("python", "-c", RECIPES[name].replace("14570", port)).strip() == "1", name
        assert venv.run("sh", "-c", RECIPES["cli"].replace("14570", port)).strip() == "1"


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_the_recipe_of_javascript(venv: Venv) -> None:
    project = venv.folder / "js"
    project.mkdir()
    (project / "list.mjs").write_text(RECIPES["js"])
    packages = ("@aws-sdk/client-s3-control@3", "@smithy/node-http-handler@3")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", *packages]
    fetched = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=600, check=False)
    if fetched.returncode:
        pytest.skip("npm could not fetch the client")
    authority = venv.folder / "ca.pem"
    ready = venv.folder / "ready"
    with venv.emulator("--tls", "--ca-file", str(authority)) as emulator:
        emulator.seed({"provider": "aws"})
        tls = yaml.safe_load(ready.read_text())["tls_url"].rpartition(":")[2]
        (project / "list.mjs").write_text(RECIPES["js"].replace("14571", tls))
        assert venv.run("node", "list.mjs", cwd=project, NODE_EXTRA_CA_CERTS=str(authority)).strip() == "1"


@pytest.mark.skipif(not GO.is_dir() or not shutil.which("go"), reason="Debian's packages of Go are not installed")
def test_the_recipe_of_go(venv: Venv) -> None:
    authority = venv.folder / "ca.pem"
    with venv.emulator("--tls", "--ca-file", str(authority)) as emulator:
        emulator.seed({"provider": "aws"})
        program = venv.folder / "main.go"
        program.write_text(RECIPES["go"].replace("14570", emulator.url.rpartition(":")[2]))
        variables = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(venv.folder / "go")}
        assert venv.run("go", "run", str(program), SSL_CERT_FILE=str(authority), **variables).strip() == "1"


def test_the_container_starts_by_its_default_command(venv: Venv) -> None:
    """No image is built here; what it would run is run with its environment."""
    text = (SOURCE / "Containerfile").read_text(encoding="utf-8")
    variables = dict(re.findall(r"(BATCH_EMULATOR_\w+)=(\S+)", text))
    [health] = re.findall(r"HEALTHCHECK .* CMD (\[.*\])", text)
    [command] = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    assert (yaml.safe_load(command), variables["BATCH_EMULATOR_PORT"]) == (["batch-emulator"], "14570")
    with venv.emulator(**variables) as emulator:
        port = emulator.url.rpartition(":")[2]
        venv.run(*yaml.safe_load(health), **variables | {"BATCH_EMULATOR_PORT": port})
    assert re.search(rf"EXPOSE {variables['BATCH_EMULATOR_PORT']}", text)
