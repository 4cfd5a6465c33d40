# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lanes: versions of ansible-core, each on a Python of this machine. A lane and its file of pins have one name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# The shims of pyenv exist for versions that are not active, too, and fail when they are run.
_PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
_FOLDERS = [*sorted(_PYENV.glob("3.*/bin")), *(Path(name) for name in os.get_exec_path())]
SEARCH_PATH = os.pathsep.join(dict.fromkeys(str(folder) for folder in _FOLDERS if folder.name != "shims"))

_KNOWN = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
TARGETS = [version for version in _KNOWN if shutil.which(f"python{version}", path=SEARCH_PATH)]
# In the order of preference; ansible-core 2.16 runs on 3.10 to 3.12.
NEWEST = next((version for version in ("3.13", "3.12", "3.14", "3.11") if version in TARGETS), "3.13")
OLDEST = next((version for version in ("3.11", "3.12", "3.10") if version in TARGETS and version != NEWEST), "")
# Versions between the oldest and the newest, and the one to come: the Pythons of their controllers, the lowest first.
CORES = {
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13"),
    "2.22": ("3.13", "3.14"),
}
# No Python: this machine cannot run the lane.
LANES = {"newest": NEWEST, "importer": NEWEST, "oldest": OLDEST}
for _core, _pythons in CORES.items():
    LANES[f"core-{_core}"] = next((python for python in reversed(_pythons) if python in TARGETS), "")
