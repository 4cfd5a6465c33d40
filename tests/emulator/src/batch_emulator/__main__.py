# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""python -m batch_emulator: start the server and say how to reach it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from . import accounts
from .clock import MODES, Clock
from .server import Server, check_loopback, watch


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="emulator", description="Emulates batch jobs of AWS S3, Tencent COS and Alibaba OSS."
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ready-file", type=Path, help="written when the server listens: {url, pid, port}")
    parser.add_argument("--clock", choices=MODES, default="real", help="manual: time moves through the admin API only")
    parser.add_argument("--speed", type=float, default=1.0, help="seconds of the jobs' time per second of a real clock")
    parser.add_argument("--parent-pid", type=int, help="exit when this process is gone")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    options = parser.parse_args(argv)
    try:
        check_loopback(options.host)
    except ValueError as error:
        parser.error(str(error))
    return options


def greeting(url: str) -> str:
    return f"""\
# objectstore.batch emulator, listening on {url} (stop it with Ctrl-C)
export AWS_ENDPOINT_URL={url}
export AWS_ACCESS_KEY_ID={accounts.AWS_KEY.key_id}
export AWS_SECRET_ACCESS_KEY={accounts.AWS_KEY.secret}
export AWS_REGION={accounts.AWS_REGION}
export AWS_DEFAULT_REGION={accounts.AWS_REGION}
export COS_ENDPOINT_URL={url}
export TENCENTCLOUD_SECRET_ID={accounts.COS_KEY.key_id}
export TENCENTCLOUD_SECRET_KEY={accounts.COS_KEY.secret}
export TENCENTCLOUD_REGION={accounts.COS_REGION}
export OSS_ENDPOINT_URL={url}
export OSS_ACCESS_KEY_ID={accounts.OSS_KEY.key_id}
export OSS_ACCESS_KEY_SECRET={accounts.OSS_KEY.secret}
export OSS_REGION={accounts.OSS_REGION}
# AWS account {accounts.AWS_ACCOUNT}; COS UIN {accounts.COS_UIN}, APPID {accounts.COS_APPID}; OSS UID {accounts.OSS_UID}
# Clients that put the account into the host name reach it as a proxy: unset AWS_ENDPOINT_URL, then
#   HTTP_PROXY={url} aws s3control list-jobs --account-id {accounts.AWS_ACCOUNT} \\
#     --endpoint-url http://s3-control.{accounts.AWS_REGION}.amazonaws.com
# A job to play with:
#   curl -X POST {url}/_emulator/jobs -d '{{"provider": "aws", "job_id": "restore-1", "priority": 10}}'
"""


def write_atomically(path: Path, text: str) -> None:
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)


async def run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = Server(Clock(options.clock, options.speed))
    port = await server.start(options.host, options.port)
    host = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{host}:{port}"
    if not options.quiet:
        print(greeting(url), flush=True)
    if options.ready_file:
        write_atomically(options.ready_file, json.dumps({"url": url, "pid": os.getpid(), "port": port}))
    watcher = asyncio.create_task(watch(options.parent_pid, stop)) if options.parent_pid else None
    try:
        await stop.wait()
    finally:
        if watcher is not None:
            watcher.cancel()
        await server.stop()
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)


def main() -> int:
    options = arguments()
    try:
        asyncio.run(run(options))
    except OSError as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
