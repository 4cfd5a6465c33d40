# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m render`: write every page and block that is rendered from the code."""

from __future__ import annotations

from . import (
    architecture,
    awx_pictures,
    checklist,
    concept_pictures,
    error_kinds,
    queue_page,
    reference_pages,
    report_codes,
    returns,
    status_table,
    troubleshooting,
)

# The checklist reads the modules, whose RETURN blocks are written first.
RENDERERS = (
    *(
        returns,
        architecture,
        awx_pictures,
        concept_pictures,
        error_kinds,
        queue_page,
        reference_pages,
        report_codes,
        status_table,
        troubleshooting,
    ),
    checklist,
)

if __name__ == "__main__":
    for renderer in RENDERERS:
        renderer.main()
