# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A queue whose provider fails in a way that nobody has foreseen spoils no other queue."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._tasks import queues
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import ScriptedProvider, job

LIMITS = queues.Limits(request_timeout=5.0, max_attempts=1, timeout=30.0, retries=0, concurrency=4)
TROUBLE = [
    ZeroDivisionError("hush-hush"),
    RecursionError("deep"),
    MemoryError(),
    EOFError("no terminal"),
    OSError(5, "x"),
]


def look(monkeypatch, broken, **where):
    """Return the variables of two queues, the second of which has a provider that raises."""

    class Provider(ScriptedProvider):
        def __init__(self, options):
            super().__init__(pages=[([job(5)], "")])
            self.options, self.region = options, options.region
            if where.get("born") and options.region == "eu-broken-1":
                raise broken

        def list_page(self, token):
            if self.region == "eu-broken-1":
                raise broken
            return super().list_page(token)

    monkeypatch.setitem(queues._registry.PROVIDERS, "aws", lambda: Provider)
    given = {"account_id": "111122223333"}
    names = ("eu-central-1", "eu-broken-1")
    wanted = [queues.Queue("aws", "a", region, "us-east-1", given, {}) for region in names]
    found = queues.look_at(wanted, {}, LIMITS)
    return found["aws-a-eu-central-1"], found["aws-a-eu-broken-1"]


@pytest.mark.parametrize("born", [True, False])
@pytest.mark.parametrize("error", TROUBLE, ids=lambda error: type(error).__name__)
def test_what_nobody_has_foreseen_is_about_one_queue(monkeypatch, error, born):
    good, bad = look(monkeypatch, error, born=born)
    assert (good["state"], good["live"], good["error"]) == ("running", 1, None)
    assert bad["state"] == "unreachable"
    assert type(error).__name__ in bad["error"]["msg"]
    assert "hush-hush" not in str(bad)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)], ids=lambda error: type(error).__name__)
def test_what_ends_the_process_ends_it(monkeypatch, error):
    with pytest.raises(type(error)):
        look(monkeypatch, error)
