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
from typing import Any

from . import accounts, files
from .client import Emulator, EmulatorError
from .clock import MODES, Clock
from .environment import variables
from .server import Server, check_loopback, watch
from .tls import Authority

# No well-known service and no other emulator of a cloud has it.
PORT = 14570


class Refused(Exception):
    """The emulator cannot start: why, and what to do."""


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """What the command line says, or else the environment, for containers."""
    parser = argparse.ArgumentParser(
        prog="batch-emulator",
        description="Emulates batch jobs of AWS S3, Tencent COS and Alibaba OSS. Each option may be set by the"
        " environment, too: BATCH_EMULATOR_PORT=0 is --port 0.",
    )
    add = parser.add_argument
    add("--host", default=_set("HOST", "127.0.0.1"), help="a loopback address, or any with --allow-remote")
    add("--allow-remote", action="store_true", default=bool(_set("ALLOW_REMOTE")), help="for containers: any address")
    add("--port", type=int, default=_set("PORT", str(PORT)), help=f"0 takes a free one (default {PORT})")
    add("--tls", action="store_true", default=bool(_set("TLS")), help="answer CONNECT and https, by a CA of its own")
    add("--tls-port", type=int, default=_set("TLS_PORT", "0"), help="for https without a proxy; 0 takes a free one")
    add("--ca-file", type=Path, default=_set("CA_FILE"), help="where the CA's certificate goes, for AWS_CA_BUNDLE")
    add("--seed", type=Path, default=_set("SEED"), help="YAML: settings, buckets, jobs and faults at the start")
    add("--accounts", type=Path, default=_set("ACCOUNTS"), help="YAML: accounts beside those that are built in")
    add("--clock", choices=MODES, default=_set("CLOCK", "real"), help="manual: time moves by the admin API only")
    add("--speed", type=float, default=_set("SPEED", "1"), help="seconds of the jobs' time per second of a real clock")
    add("--ready-file", type=Path, help="written when the server listens: {url, pid, port, tls_url}")
    add("--parent-pid", type=int, help="exit when this process is gone")
    add("--check-health", action="store_true", help="ask the one that listens on --port, and exit with 0 if it is well")
    add("--quiet", action="store_true", help="print nothing")
    options = parser.parse_args(argv)
    try:
        if not options.allow_remote:
            check_loopback(options.host)
    except ValueError as error:
        parser.error(str(error))
    return options


def _set(name: str, default: str | None = None) -> str | None:
    return os.environ.get(f"BATCH_EMULATOR_{name}") or default


def greeting(url: str, tls_url: str = "") -> str:
    exports = "\n".join(f"export {name}={value}" for name, value in variables(url).items())
    tls = f"# https by its own CA: {tls_url}, and as a proxy: HTTPS_PROXY={url}\n" if tls_url else ""
    return f"""\
# objectstore.batch emulator, listening on {url} (stop it with Ctrl-C)
{exports}
# AWS account {accounts.AWS_ACCOUNT}; COS UIN {accounts.COS_UIN}, APPID {accounts.COS_APPID}; OSS UID {accounts.OSS_UID}
{tls}# Clients that put the account into the host name reach it as a proxy: unset AWS_ENDPOINT_URL, then
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
    server = Server(Clock(options.clock, options.speed), options.allow_remote)
    prepare(server, options)
    ready = await listen(server, options)
    if not options.quiet:
        print(greeting(ready["url"], ready["tls_url"]), flush=True)
    if options.allow_remote:
        print("batch-emulator: its keys are public, and whoever reaches this address may use it.", file=sys.stderr)
    if options.ready_file:
        write_atomically(options.ready_file, json.dumps({**ready, "pid": os.getpid()}))
    watcher = asyncio.create_task(watch(options.parent_pid, stop)) if options.parent_pid else None
    try:
        await stop.wait()
    finally:
        if watcher is not None:
            watcher.cancel()
        await server.stop()
        if options.ready_file:
            options.ready_file.unlink(missing_ok=True)


def prepare(server: Server, options: argparse.Namespace) -> None:
    """Read the files, so that a mistake in one is told before anybody is served."""
    if options.accounts:
        files.use_accounts(options.accounts)
    if options.seed:
        server.world.initial = lambda world: files.seed(world, options.seed)
        server.world.initial(server.world)


async def listen(server: Server, options: argparse.Namespace) -> dict[str, Any]:
    host = f"[{options.host}]" if ":" in options.host else options.host
    # Nobody reaches 0.0.0.0 by that name.
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    try:
        port = await server.start(options.host, options.port)
    except OSError as error:
        hint = "stop what listens there, or choose another port with --port (0 takes a free one)"
        why = os.strerror(error.errno) if error.errno else str(error)
        raise Refused(f"port {options.port} of {options.host}: {why}; {hint}") from None
    ready = {"url": f"http://{host}:{port}", "port": port, "tls_url": ""}
    if options.tls:
        try:
            authority = Authority()
        except ImportError:
            raise Refused("--tls needs the library trustme: pip install 'objectstore-batch-emulator[tls]'") from None
        if options.ca_file:
            authority.write(options.ca_file)
        ready["tls_url"] = f"https://{host}:{await server.start_tls(options.host, options.tls_port, authority)}"
    return ready


def healthy(port: int) -> int:
    try:
        return 0 if Emulator(f"http://127.0.0.1:{port}", timeout=30).health()["status"] == "ok" else 1
    except (OSError, ValueError, EmulatorError) as error:
        print(f"batch-emulator: nothing healthy on port {port}: {error}", file=sys.stderr)
        return 1


def main() -> int:
    options = arguments()
    if options.check_health:
        return healthy(options.port)
    try:
        asyncio.run(run(options))
    except (OSError, Refused, files.FileError) as error:
        print(f"batch-emulator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
