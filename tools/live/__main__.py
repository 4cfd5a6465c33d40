# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""python -m live: runs every situation on the provider and on an emulator, and reports the differences."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._core import errors
from batch_emulator import accounts, client

from .cloud import PREFIX, Cloud
from .findings import differences, scrubbed, settled, still_open
from .guard import EFFECT, Place, Refused, allowed, ask
from .situations import Answer, State, play

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tools" / "live" / "allowed.yml"
RECORDS = ROOT / ".cache" / "live"
HOUR = 3600.0
JOBS = "two or three"
EMULATED = {
    "aws": (accounts.AWS_KEY, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "arn:aws:iam::{}:role/batch"),
    "cos": (accounts.COS_KEY, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "qcs::cam::uin/{}:roleName/batch"),
    "oss": (accounts.OSS_KEY, "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "acs:ram::{}:role/batch"),
}


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    # A session that is closed cancels, too; a shell may have had us ignore Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        place = allowed(options.allowed, options.provider, os.environ)
        cloud = Cloud(place, secrets.token_hex(4), os.environ)
        if options.sweep:
            return sweep(cloud, options.older_than)
        return run(cloud, options)
    except (Refused, errors.OptionError, errors.BatchError, errors.MissingLibrary) as error:
        print(f"live: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("live: Interrupted. The created jobs were cancelled. Refer to the lines above.", file=sys.stderr)
        return 130


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="live", description="Compare a real provider with the emulator.")
    parser.add_argument("provider", choices=sorted(EMULATED))
    parser.add_argument("--allowed", type=Path, default=LIST, help="file with the allowed accounts")
    parser.add_argument("--yes", metavar="ACCOUNT", help="confirm the account without a terminal")
    parser.add_argument("--confirm-and-run", action="store_true", help="confirm one job for three test objects")
    parser.add_argument("--patience", type=float, default=600.0, help="seconds to wait for a status")
    parser.add_argument("--records", type=Path, default=RECORDS, help="directory for the recorded responses")
    parser.add_argument("--sweep", action="store_true", help="only cancel jobs of former runs")
    parser.add_argument("--older-than", type=float, default=HOUR, help="seconds, for --sweep")
    return parser.parse_args(argv)


def run(cloud: Cloud, options: argparse.Namespace) -> int:
    place = cloud.place
    confirming = "one is confirmed and tags the three objects" if options.confirm_and_run else "none is ever confirmed"
    words = {"title": cloud.traits.title, "account": place.account_id, "region": place.region, "bucket": place.bucket}
    effect = EFFECT.format(**words, prefix=PREFIX, jobs=JOBS, confirming=confirming)
    reader: Callable[[str], str] | None = input if sys.stdin.isatty() else None
    ask(effect, place.account_id, options.yes, reader)
    print(f"Account: {cloud.check_account()}.")
    found = situations(cloud, State(patience=options.patience, confirm=options.confirm_and_run))
    # Save the responses of the provider even if the comparison fails.
    save(cloud, found, {}, options.records)
    emulated = on_the_emulator(place.provider, options.confirm_and_run)
    report(found, emulated)
    file = save(cloud, found, emulated, options.records)
    print(f"\nRecorded without IDs, names, and secrets: {os.path.relpath(file)}. Check it before you share it.")
    return 0


def situations(cloud: Cloud, state: State) -> dict[str, Answer]:
    """Run the situations, and always cancel the created jobs."""
    try:
        cloud.put_objects()
        return play(cloud, state)
    finally:
        clean(cloud)


def clean(cloud: Cloud) -> None:
    left, handlers = [], {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # From here on nothing interrupts: a job that is left costs nothing more, but is there for months.
    for number in handlers:
        signal.signal(number, signal.SIG_IGN)
    jobs = list(cloud.created)
    try:
        jobs += cloud.lost()
    except (Refused, errors.BatchError) as error:
        left.append(f"jobs whose answer was lost, if there are any: {error}")
    for job_id in jobs:
        try:
            if cloud.provider.describe(job_id).is_live:
                cloud.write(job_id, status="Cancelled")
            found = cloud.wait(job_id, {"Cancelled", "Complete", "Failed"}, 60.0)
            if not found.is_ended:
                left.append(f"{job_id} is {found.status} still.")
        # Whatever goes wrong with one, the others are cancelled.
        except Exception as error:
            left.append(f"{job_id}: {error}")
    for number, handler in handlers.items():
        signal.signal(number, handler)
    print(f"Cleaned up: of {len(jobs)} jobs all have ended{', but for these:' if left else '.'}")
    for line in left:
        print(f"  LEFT BEHIND: {line} Run this again with --sweep.", file=sys.stderr)


def on_the_emulator(provider: str, confirm: bool) -> dict[str, Answer]:
    """Run the same situations on an emulator with default settings."""
    key, key_id, secret, role = EMULATED[provider]
    region = accounts.HOME[provider][1]
    bucket = "live-1250000000"
    with client.start(clock="real") as emulator:
        emulator.clock(speed=10)
        emulator.make_bucket(provider, bucket, key.account, region)
        place = Place(provider, key.account, region, bucket, role.format(key.account), key.app_id, emulator.url)
        environment = {key_id: key.key_id, secret: key.secret}
        return play_quietly(Cloud(place, secrets.token_hex(4), environment), confirm)


def play_quietly(cloud: Cloud, confirm: bool) -> dict[str, Answer]:
    cloud.put_objects()
    return play(cloud, State(patience=600.0, confirm=confirm))


def report(found: dict[str, Answer], emulated: dict[str, Answer]) -> None:
    for title, lines in {
        "Settled": settled(found),
        "Still open, and why no run tells": still_open(),
        "Where the cloud and the emulator differ": differences(found, emulated) or ["nowhere."],
    }.items():
        print(f"\n{title}:")
        for line in lines:
            print(f"  - {line}")


def save(cloud: Cloud, found: dict[str, Answer], emulated: dict[str, Answer], folder: Path) -> Path:
    """Write the responses without names of the account, and return the file."""
    place = cloud.place
    names = [place.account_id, place.app_id, place.bucket, place.role_arn, place.endpoint_url, *cloud.created]
    names += [secret for secret in cloud.provider.secrets() if secret]
    content = {"provider": place.provider, "region": place.region, "cloud": found, "emulator": emulated}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{place.provider}-{cloud.run}.json"
    file.write_text(json.dumps(scrubbed(content, names), indent=2) + "\n", encoding="utf-8")
    return file


def sweep(cloud: Cloud, older_than: float) -> int:
    """Cancel what runs have left."""
    print(f"Account: {cloud.check_account()}.")
    cancelled, problems = cloud.sweep(older_than, time.time())
    print(f"{len(cancelled)} jobs of earlier runs were cancelled{': ' if cancelled else ''}{', '.join(cancelled)}.")
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
