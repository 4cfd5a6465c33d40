# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rivals that are scripts, each as it would be written by hand, with no line that its author would not need.

They are run as processes of their own and never imported.
"""
