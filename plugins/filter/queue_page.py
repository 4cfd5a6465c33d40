# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render queues as a page and as text; the YAML files next to this file document the filters."""

from __future__ import annotations

import datetime
import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._page import html_page, page_model, text_page

TITLE: t.Final = "Queues of batch jobs"


def queue_page(data: t.Any, title: str = TITLE, generated: str = "") -> str:
    """Return one HTML page about queues."""
    return html_page.page(_read(data), str(title), str(generated) or _now())


def queue_text(data: t.Any, title: str = TITLE, generated: str = "") -> str:
    """Return plain text about queues."""
    return text_page.text(_read(data), str(title), str(generated) or _now())


def _read(data: t.Any) -> list[page_model.Queue]:
    if not isinstance(data, (list, tuple)) or not all(isinstance(item, t.Mapping) for item in data):
        raise AnsibleFilterError(
            "the input must be a list of dictionaries, each with name and jobs, or with name and error"
        )
    return page_model.queues(data)


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


class FilterModule:
    """The filters."""

    def filters(self) -> dict[str, t.Callable[..., str]]:
        """Return them by name."""
        return {"queue_page": queue_page, "queue_text": queue_text}
