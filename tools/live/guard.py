# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be true before anything is asked of a cloud that could cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from batch_emulator.accounts import ACCOUNTS
from batch_emulator.origins import is_local

VARIABLE = "OBJECTSTORE_BATCH_LIVE"
WORD = "create-jobs"
_KEYS = {"provider", "account_id", "app_id", "region", "bucket", "role_arn", "endpoint_url", "ca_bundle"}
_WANTED = {"provider", "account_id", "region", "bucket", "role_arn"}
EFFECT = """\
On {title}, account {account}, region {region}, this run
  - puts three objects of one byte and a manifest below {prefix}/ in the bucket {bucket}, and leaves them there
  - creates {jobs} jobs that require a confirmation, and cancels them; {confirming}
  - reads the list of all jobs, and changes only jobs that it has created
Each job costs a flat fee (0.25 USD on AWS in 2026), even if it is not confirmed. Check the prices of your provider.
Jobs cannot be deleted. They expire automatically, on AWS and COS after 90 days."""


class Refused(Exception):
    """The run does not start. The text contains the cause and the action."""


@dataclass(frozen=True)
class Place:
    """An allowed account, and the resources that the run can use."""

    provider: str
    account_id: str
    region: str
    bucket: str
    role_arn: str
    app_id: str = ""
    endpoint_url: str = ""
    ca_bundle: str = ""

    @property
    def real(self) -> bool:
        return not self.endpoint_url or not is_local(urlsplit(self.endpoint_url).hostname or "")


def allowed(path: Path, provider: str, environment: Mapping[str, str]) -> Place:
    """Return the allowed account for this provider.

    :raises Refused: no account is allowed, or the entry is not valid.
    """
    if environment.get(VARIABLE) != WORD:
        raise Refused(f"This run creates jobs that cost money. Set {VARIABLE}={WORD} to allow it.")
    if not path.is_file():
        raise Refused(f"File {path} not found. Copy tools/live/allowed.example.yml to it, and add a test account.")
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused(f"{path} must be a list of accounts, as in tools/live/allowed.example.yml.")
    fitting = [entry for entry in entries if entry.get("provider") == provider]
    if len(fitting) != 1:
        raise Refused(f"{path} names {len(fitting)} accounts of {provider}, and has to name one.")
    entry = {name: value for name, value in fitting[0].items() if value not in (None, "")}
    if set(entry) - _KEYS or _WANTED - set(entry) or not all(isinstance(value, str) for value in entry.values()):
        needed, more = ", ".join(sorted(_WANTED)), ", ".join(sorted(_KEYS - _WANTED))
        raise Refused(f"{path}: an account has {needed}, and may have {more}; all of them are texts in quotes.")
    place = Place(**entry)
    if place.account_id not in place.role_arn:
        raise Refused(f"{path}: role_arn {place.role_arn} is not a role of account {place.account_id}.")
    if place.endpoint_url.startswith("http:") and place.real:
        raise Refused(f"{path}: endpoint_url {place.endpoint_url} is plain http and not of this machine.")
    if place.real and place.account_id in ACCOUNTS.get(provider, ()):
        raise Refused(f"{path}: {place.account_id} is an account of the emulator, and no real one.")
    return place


def ask(effect: str, account: str, given: str | None, reader: Callable[[str], str] | None) -> None:
    """Let a person confirm the run by typing the account ID.

    :param given: the account ID on the command line, instead.
    :param reader: reads from the terminal; null without a terminal.
    :raises Refused: the account ID is different.
    """
    print(effect, flush=True)
    if given is None and reader is None:
        raise Refused(f"No terminal found. Add --yes {account} to the command line to confirm the run.")
    answer = given if given is not None else reader(f"Type the account ID to continue ({account}): ") if reader else ""
    if answer.strip() != account:
        raise Refused("The account ID is different. No changes were made.")
