# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of a document that cannot be used: always with the place, the fault and the remedy."""

from __future__ import annotations

from .._values.printable import clean


class CvrfError(Exception):
    """A document, a download or an overlay that cannot be used."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        # What is wrong is often said in the words of the document or of the server.
        self.where, self.what, self.remedy = clean(where), clean(what), clean(remedy)
        super().__init__(f"{self.where}: {self.what}. {self.remedy}")


DAMAGED = "Download it again; if it stays so, leave this month out."
