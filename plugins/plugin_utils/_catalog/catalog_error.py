# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error in a catalog file."""

from __future__ import annotations

from .._values.printable import clean


class CatalogError(ValueError):
    """A catalog file cannot be used. The message names the file, the entry and the rule that it breaks."""

    def __init__(self, file: str, entry: str, rule: str) -> None:
        # The name of a file and the text of a parser are as foreign as what stands in the file.
        self.file, self.entry, self.rule = clean(file), clean(entry), clean(rule)
        super().__init__(f"{self.file}: {self.entry}: {self.rule}")
