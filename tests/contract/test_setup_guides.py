# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides about setup, concepts, and guarantees: their examples run as they are printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import KINDS
from batch_emulator.accounts import AWS_KEY, COS_KEY, OSS_KEY
from render import concept_pictures, error_kinds, reference_pages, rst

from .clouds import ACCOUNTS, JOB_ID, Cloud
from .playbooks import COLLECTIONS, ROOT, run
from .reports import Report
from .test_docsite_guides import here, named, priorities, tasks
from .test_readmes import blocks

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow


def test_the_pictures_of_the_concepts_are_up_to_date() -> None:
    guide = (rst.GUIDES / "guide_concepts.rst").read_text(encoding="utf-8")
    for name, draw in concept_pictures.DRAWN.items():
        assert (concept_pictures.IMAGES / f"{name}.svg").read_text(encoding="utf-8") == draw(), "run: make render"
        assert f".. image:: images/{name}.svg" in guide


def test_concepts(emulator: Emulator, tmp_path: Path) -> None:
    base = {"provider": "aws", "region": "eu-central-1", "frozen": True}
    emulator.seed(*({**base, **job._asdict()} for job in concept_pictures.BEFORE))
    dry = here(emulator, tmp_path, tasks("concepts"), "--check", "--diff")
    assert dry.code == 0, dry.output
    assert named("concepts")["diff"].strip() in dry.output
    for changed in (1, 0):
        done = here(emulator, tmp_path, tasks("concepts"))
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
    assert priorities(emulator) == concept_pictures.AFTER


def shell(folder: Path, commands: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a console block of a guide, as a user who has Ansible in PATH and nothing else."""
    lines = [line.removeprefix("$ ") for line in commands.splitlines()]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    known = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}
    known |= {"AWS_EC2_METADATA_DISABLED": "true", "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", **variables}
    return subprocess.run(
        ["sh", "-c", "\n".join(lines)],
        cwd=folder,
        env=known,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )


def endpoints(emulator: Emulator) -> dict[str, str]:
    return {f"{name}_ENDPOINT_URL": emulator.url for name in ("AWS", "COS", "OSS")}


def first_play(emulator: Emulator, folder: Path, guide: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the play of a guide with its own command, and compare the output with the printed one."""
    printed = named(guide)
    (folder / "first.yml").write_text(printed["play"], encoding="utf-8")
    done = shell(folder, printed["run"], **endpoints(emulator), **variables)
    assert done.returncode == 0, done.stdout
    assert printed["output"].strip() in done.stdout
    return done


def seed(emulator: Emulator, provider: str, region: str, *names: str) -> None:
    base = {"provider": provider, "region": region, "frozen": True, "status": "Ready"}
    emulator.seed(*({**base, "job_id": name, "priority": 200 - rank} for rank, name in enumerate(names)))


def profile_tasks(emulator: Emulator, folder: Path, guide: str, **variables: str) -> None:
    """Run the tasks of a guide that name a profile, with the files of the home directory."""
    (folder / "profile.yml").write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks(guide, "profile", "role")}]),
        encoding="utf-8",
    )
    done = run(folder, None, Path("profile.yml"), environment={**endpoints(emulator), **variables})
    assert (done.code, done.recap["localhost"]["failed"]) == (0, 0), done.output


def test_install(tmp_path: Path) -> None:
    printed = named("install")
    listed = shell(tmp_path, printed["list"])
    assert listed.returncode == 0, listed.stderr
    assert "objectstore.batch.batch_job_wait" in listed.stdout
    checked = shell(tmp_path, printed["check"])
    assert (checked.returncode, printed["kind"].strip() in checked.stdout) == (2, True), checked.stdout
    [collection] = yaml.safe_load(printed["requirements"])["collections"]
    assert collection["name"] == "objectstore.batch"
    assert yaml.safe_load(printed["environment"])["dependencies"]["galaxy"] == "requirements.yml"


def test_setup_aws(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "aws", "eu-central-1", "copy-1", "restore-1")
    keys = {"AWS_ACCESS_KEY_ID": AWS_KEY.key_id, "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret}
    first_play(emulator, tmp_path, "setup_aws", **keys)
    assert "GetCallerIdentity" in [entry["operation"] for entry in emulator.log()]
    (tmp_path / "token").write_text("a-web-identity", encoding="ascii")
    profiles = named("setup_aws")["profiles"].replace("/var/run/secrets/batch/token", str(tmp_path / "token"))
    pair = f"aws_access_key_id = {AWS_KEY.key_id}\naws_secret_access_key = {AWS_KEY.secret}\n"
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(f"{profiles}\n[profile operations]\n{pair}", encoding="utf-8")
    emulator.clear_log()
    profile_tasks(emulator, tmp_path, "setup_aws", **keys)
    sent = [entry["operation"] for entry in emulator.log()]
    assert (sent.count("AssumeRole"), sent.count("AssumeRoleWithWebIdentity"), sent.count("ListJobs")) == (2, 1, 3)


def test_setup_cos(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "cos", "ap-guangzhou", "copy-1", "restore-1")
    vault = {"vault_secret_id": COS_KEY.key_id, "vault_secret_key": COS_KEY.secret}
    (tmp_path / "vault.yml").write_text(yaml.safe_dump(vault), encoding="utf-8")
    done = first_play(emulator, tmp_path, "setup_cos", ANSIBLE_VERBOSITY="3")
    assert COS_KEY.secret not in done.stdout
    printed = named("setup_cos")["profiles"]
    printed = printed.replace("YOUR_SECRET_ID", COS_KEY.key_id).replace("YOUR_SECRET_KEY", COS_KEY.secret)
    (tmp_path / ".tencentcloud").mkdir()
    (tmp_path / ".tencentcloud" / "credentials").write_text(printed, encoding="utf-8")
    profile_tasks(emulator, tmp_path, "setup_cos")


def test_setup_oss(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "oss", "cn-hangzhou", "copy1", "restore1")
    keys = {"OSS_ACCESS_KEY_ID": OSS_KEY.key_id, "OSS_ACCESS_KEY_SECRET": OSS_KEY.secret}
    first_play(emulator, tmp_path, "setup_oss", **keys)
    assert "GetCallerIdentity" in [entry["operation"] for entry in emulator.log()]
    (tmp_path / "token").write_text("an-oidc-token", encoding="ascii")
    commands = named("setup_oss")["oidc"].replace("/var/run/secrets/batch/token", str(tmp_path / "token"))
    exchanged = shell(tmp_path, commands, **endpoints(emulator))
    assert exchanged.returncode == 0, exchanged.stdout
    printed = named("setup_oss")["profiles"].replace("YOUR_ACCESS_KEY_ID", OSS_KEY.key_id)
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(
        printed.replace("YOUR_ACCESS_KEY_SECRET", OSS_KEY.secret), encoding="utf-8"
    )
    profile_tasks(emulator, tmp_path, "setup_oss")
    sent = [entry["operation"] for entry in emulator.log()]
    assert (sent.count("AssumeRoleWithOIDC"), sent.count("AssumeRole")) == (1, 1)


ACTION = re.compile(r"(?<![:\w])(?:s3|ec2|iam|cos|cam|oss|ram):[A-Z]\w+")
ACCOUNTS_SHOWN = {"111122223333", "444455556666", "100000000001", "1250000000", "1000000000000001"}
NOT_IN_CODE = {
    "aws": {"s3:PutJobTagging", "s3:GetJobTagging", "iam:PassedToService"},
    "cos": {"cam:PassRole"},
    "oss": {"ram:PassRole"},
}
"""What no hint of a provider names: tags of jobs, and roles that are passed to the provider."""


def policies(provider: str, *names: str) -> set[str]:
    """The actions and the condition keys of policies that the guide prints."""
    printed = named("permissions")
    return {word for name in names for word in ACTION.findall(printed[f"{provider}-{name}"])}


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_permissions_are_those_that_the_code_names(provider: str) -> None:
    sources = (ROOT / "plugins" / "module_utils" / "_clouds" / provider).glob("*.py")
    texts = [repr(PROVIDERS[provider]().traits), *(path.read_text(encoding="utf-8") for path in sources)]
    hinted = {word for text in texts for word in ACTION.findall(text)}
    assert len(hinted) > 6
    printed = policies(provider, "reader", "operator", "creator", *(["cap"] if provider == "aws" else []))
    assert printed == hinted | NOT_IN_CODE[provider]
    readers = policies(provider, "reader")
    assert not {word for word in readers if re.search("Update|Create|Put|PassRole", word)}
    # Tags belong to both: a job can be created with tags, and get others later.
    both = {"s3:PutJobTagging"} if provider == "aws" else set()
    assert policies(provider, "operator") & (readers | policies(provider, "creator")) == both


def test_policies_are_json_with_made_up_accounts() -> None:
    found = [item for item in rst.examples(rst.GUIDES / "guide_permissions.rst") if item.language == "json"]
    assert len(found) == 18
    for item in found:
        policy = {key.lower(): value for key, value in json.loads(item.text).items()}
        assert policy.keys() == {"version", "statement"}
        assert policy["version"] == {"aws": "2012-10-17", "cos": "2.0", "oss": "1"}[item.name[:3]]
        for statement in policy["statement"]:
            keys = {key.lower() for key in statement} - {"sid", "condition"}
            assert keys == {"effect", "action", "principal" if item.name.endswith("trust") else "resource"}
    numbers = re.findall(r"\b[0-9]{9,}\b", "".join(item.text for item in found))
    assert set(numbers) <= ACCOUNTS_SHOWN


def test_guarantees(emulator: Emulator, tmp_path: Path) -> None:
    base = {"provider": "aws", "region": "eu-central-1", "frozen": True, "status": "Ready", "job_id": "restore-1"}
    emulator.seed({**base, "priority": 700})
    refused = here(emulator, tmp_path, tasks("guarantees"))
    assert (refused.code, named("guarantees")["output"].strip() in refused.output) == (2, True), refused.output
    assert priorities(emulator) == {"restore-1": 700}
    emulator.patch("restore-1", priority=900)
    assert here(emulator, tmp_path, tasks("guarantees")).code == 0
    assert priorities(emulator) == {"restore-1": 50}


def test_performance(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "aws", "eu-central-1", "copy-1", "restore-1")
    done = here(emulator, tmp_path, tasks("performance"))
    assert done.code == 0, done.output
    assert named("performance")["output"].strip() in done.output
    guide = (rst.GUIDES / "guide_performance.rst").read_text(encoding="utf-8")
    measured = (ROOT / "docs" / "benchmarks" / "README.md").read_text(encoding="utf-8")
    numbers = re.findall(r"\b[0-9]+\.[0-9]{2}\b", guide)
    assert len(numbers) == 16
    assert [number for number in numbers if not re.search(rf"\b{re.escape(number)}\b", measured)] == []


def test_the_error_reference_is_up_to_date() -> None:
    assert error_kinds.GUIDE.read_text(encoding="utf-8") == error_kinds.render_guide(), "run: make render"
    [block] = blocks("docs/error-kinds.md")
    assert named("errors")["branch"] == block, "test_readmes runs this block"


def test_every_error_kind_has_causes_and_actions() -> None:
    found = error_kinds.guidance()
    assert list(found) == list(KINDS)
    for kind, parts in found.items():
        assert parts.keys() == {"happened", "causes", "actions"}, kind
        assert parts["causes"] and parts["actions"], kind
        for sentence in (parts["happened"], *parts["causes"], *parts["actions"]):
            assert len(sentence.split()) > 3 and sentence.endswith("."), (kind, sentence)


def test_faq(emulator: Emulator, tmp_path: Path) -> None:
    base = {"provider": "aws", "region": "eu-central-1", "frozen": True, "status": "Ready"}
    emulator.seed({**base, "job_id": "copy-1", "priority": 100})
    emulator.seed({**base, "job_id": "restore-1", "priority": 10, "description": "urgent restore"})
    done = here(emulator, tmp_path, tasks("faq"))
    assert (done.code, named("faq")["output"].strip() in done.output) == (0, True), done.output


def test_upgrade_notes_list_every_renamed_name(tmp_path: Path) -> None:
    source = (ROOT / "docs" / "design" / "public-names.md").read_text(encoding="utf-8")
    guide = (rst.GUIDES / "guide_upgrade.rst").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-2] for line in source.splitlines() if line.startswith("| ") and "---" not in line]
    words = {word for row in rows for cell in row for code in re.findall("`([^`]+)`", cell) for word in code.split()}
    words = {re.sub(r"[\[\]:,\"]|codes|failures|^\.", "", word).removeprefix(".") for word in words} - {""}
    assert len(words) > 45
    assert [word for word in sorted(words) if not re.search(rf"\b{word}\b", guide)] == []
    used = 'kind == "denied"\n- role: objectstore.batch.urgent_lane\n- objectstore.batch.raise\napproved_only: all\n'
    (tmp_path / "site.yml").write_text(used, encoding="utf-8")
    found = shell(tmp_path, named("upgrade")["find"]).stdout
    assert len(found.splitlines()) == 4, found
    (tmp_path / "site.yml").write_text("- {hosts: localhost, gather_facts: false, tasks: []}\n", encoding="utf-8")
    assert shell(tmp_path, named("upgrade")["check"]).returncode == 0


def test_security(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, "aws", "eu-central-1", "restore-1")
    printed = named("security")
    (tmp_path / "archive.batch_queues.yml").write_text(printed["inventory"], encoding="utf-8")
    (tmp_path / "list.yml").write_text(printed["play"], encoding="utf-8")
    keys = {"ARCHIVE_KEY_ID": AWS_KEY.key_id, "ARCHIVE_KEY_SECRET": AWS_KEY.secret}
    done = shell(tmp_path, printed["run"], **endpoints(emulator), **keys)
    assert (done.returncode, '"job_id": "restore-1"' in done.stdout) == (0, True), done.stdout
    assert AWS_KEY.secret not in done.stdout + done.stderr


def test_the_reference_pages_are_up_to_date() -> None:
    for name, render in reference_pages.PAGES.items():
        assert (rst.GUIDES / name).read_text(encoding="utf-8") == render(), "run: make render"


def test_reference_pages(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = {"provider": "aws", "region": "eu-central-1", "frozen": True, "job_id": "restore-1"}
    emulator.seed({**base, "status": "Suspended", "description": "urgent restore"})
    for changed in (1, 0):
        done = here(emulator, tmp_path, tasks("status"))
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
    job = {"operation": "S3InitiateRestoreObject", "tasks_total": 2, "tasks_done": 2, "tasks_failed": 2}
    rows = b"films,b,,failed,InternalError,500,again\nfilms,c,,failed,AccessDenied,403,no\n"
    Report({"failed": rows}, job=job).put(Cloud(ACCOUNTS[0], emulator, capsys))
    done = here(emulator, tmp_path, tasks("report_codes"), job_id=JOB_ID)
    assert done.code == 0, done.output
    assert "1 x AccessDenied: after_fix" in done.output and "1 x InternalError: retryable" in done.output
