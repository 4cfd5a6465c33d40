# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the server and prints how to reach it: python -m batch_emulator."""

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

# No well-known service and no other emulator of a provider uses it.
PORT = 14570


class Refused(Exception):
    """The emulator cannot start. The text contains the cause and the action."""


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line, or of the environment, for containers."""
    parser = argparse.ArgumentParser(
        prog="batch-emulator",
        description="Emulate batch jobs of AWS S3, Tencent COS, and Alibaba Cloud OSS. You can also set each option in"
        " the environment: BATCH_EMULATOR_PORT=0 is --port 0.",
    )
    add = parser.add_argument
    add("--host", default=_set("HOST", "127.0.0.1"), help="loopback address, or any address with --allow-remote")
    add(
        "--allow-remote",
        action="store_true",
        default=bool(_set("ALLOW_REMOTE")),
        help="allow any address, for containers",
    )
    add("--port", type=int, default=_set("PORT", str(PORT)), help=f"port, or 0 for a free port (default {PORT})")
    add("--tls", action="store_true", default=bool(_set("TLS")), help="support CONNECT and HTTPS with a private CA")
    add(
        "--tls-port",
        type=int,
        default=_set("TLS_PORT", "0"),
        help="port for HTTPS without a proxy, or 0 for a free port",
    )
    add("--ca-file", type=Path, default=_set("CA_FILE"), help="file for the CA certificate, for AWS_CA_BUNDLE")
    add("--seed", type=Path, default=_set("SEED"), help="YAML file with settings, buckets, jobs, and faults")
    add("--accounts", type=Path, default=_set("ACCOUNTS"), help="YAML file with additional accounts")
    add("--clock", choices=MODES, default=_set("CLOCK", "real"), help="manual: only the admin API advances the time")
    add("--speed", type=float, default=_set("SPEED", "1"), help="emulated seconds per second of a real clock")
    add("--ready-file", type=Path, help="file to write when the server is ready: {url, pid, port, tls_url}")
    add("--parent-pid", type=int, help="exit when this process ends")
    add("--check-health", action="store_true", help="check the emulator on --port, and exit with 0 if it is healthy")
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
    tls = f"# HTTPS with a private CA: {tls_url}, or as a proxy: HTTPS_PROXY={url}\n" if tls_url else ""
    return f"""\
# objectstore.batch emulator, listening on {url} (press Ctrl+C to stop)
{exports}
# AWS account {accounts.AWS_ACCOUNT}; COS UIN {accounts.COS_UIN}, APPID {accounts.COS_APPID}; OSS UID {accounts.OSS_UID}
{tls}# For clients that add the account ID to the hostname, use the emulator as a proxy. Unset AWS_ENDPOINT_URL, then:
#   HTTP_PROXY={url} aws s3control list-jobs --account-id {accounts.AWS_ACCOUNT} \\
#     --endpoint-url http://s3-control.{accounts.AWS_REGION}.amazonaws.com
# Add a job:
#   curl -X POST {url}/_emulator/jobs \\
#     -d '{{"provider": "aws", "job_id": "restore-1", "priority": 10, "description": "urgent restore"}}'
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
        print(
            "batch-emulator: The keys are public. Every host that reaches this address can use the emulator.",
            file=sys.stderr,
        )
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
    """Read the files, so that an error in a file is reported before the first request."""
    if options.accounts:
        files.use_accounts(options.accounts)
    if options.seed:
        server.world.initial = lambda world: files.seed(world, options.seed)
        server.world.initial(server.world)


async def listen(server: Server, options: argparse.Namespace) -> dict[str, Any]:
    host = f"[{options.host}]" if ":" in options.host else options.host
    # Clients cannot connect to 0.0.0.0.
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    try:
        port = await server.start(options.host, options.port)
    except OSError as error:
        hint = "Stop the program that uses the port, or set another port with --port (0 for a free port)."
        why = os.strerror(error.errno) if error.errno else str(error)
        raise Refused(f"Cannot listen on port {options.port} of {options.host}: {why}. {hint}") from None
    ready = {"url": f"http://{host}:{port}", "port": port, "tls_url": ""}
    if options.tls:
        try:
            authority = Authority()
        except ImportError:
            raise Refused("--tls requires the library trustme: pip install 'objectstore-batch-emulator[tls]'") from None
        if options.ca_file:
            authority.write(options.ca_file)
        ready["tls_url"] = f"https://{host}:{await server.start_tls(options.host, options.tls_port, authority)}"
    return ready


def healthy(port: int) -> int:
    try:
        return 0 if Emulator(f"http://127.0.0.1:{port}", timeout=30).health()["status"] == "ok" else 1
    except (OSError, ValueError, EmulatorError) as error:
        print(f"batch-emulator: No healthy emulator on port {port}: {error}", file=sys.stderr)
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
