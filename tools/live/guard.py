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
  - creates {jobs} jobs that ask for a confirmation, and cancels them; {confirming}
  - reads the list of all jobs, and changes no job but those that it has created itself
Each job costs its flat fee, on AWS 0.25 USD in 2026, confirmed or not: look at the price page of your cloud.
Jobs cannot be deleted; they vanish by themselves, on AWS and COS after 90 days."""


class Refused(Exception):
    """The run does not start: why, and what to do."""


@dataclass(frozen=True)
class Place:
    """An account that somebody has allowed, and what the run may use in it."""

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
    """The place on the list for this provider.

    :raises Refused: nobody has allowed it, or not in so many words.
    """
    if environment.get(VARIABLE) != WORD:
        raise Refused(f"This creates jobs that cost money. Set {VARIABLE}={WORD} if you mean it.")
    if not path.is_file():
        raise Refused(f"There is no {path}: copy tools/live/allowed.example.yml there, and name a test account in it.")
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
    """Have a person say yes by typing the account.

    :param given: what the command line says in its place.
    :param reader: asks on the terminal; None where there is none.
    :raises Refused: it is not the account.
    """
    print(effect, flush=True)
    if given is None and reader is None:
        raise Refused(f"Nobody can be asked here: say --yes {account} on the command line.")
    answer = given if given is not None else reader(f"Type the account id to go on ({account}): ") if reader else ""
    if answer.strip() != account:
        raise Refused("That is not the account. Nothing was done.")
