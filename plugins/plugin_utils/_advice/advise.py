# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The remedy for a failure, by the words of the connection, of the host, or of ansible-core.

The first entry that fits counts, so what is narrower stands above what is wider. The words are those of ansible-core 2.16 to 2.22, pywinrm
0.5, pypsrp 0.9, urllib3 2, OpenSSH 9, MIT Kerberos 1.20, and PowerShell 5.1 and 7. A pattern has more words than a name of a host or an
account may have.
"""

from __future__ import annotations

import re

from .account import ACCOUNT
from .inventory import INVENTORY
from .kerberos import KERBEROS
from .libraries import LIBRARIES
from .network import HTTP, NETWORK, PROXY, TLS
from .shells import BECOME, SHELL
from .ssh import OVER_SSH, SSH

_Table = tuple[tuple[re.Pattern[str], str], ...]


def _table(*parts: tuple[tuple[str, str], ...]) -> _Table:
    return tuple((re.compile(words, re.DOTALL), remedy) for part in parts for words, remedy in part)


_ON_HOST = _table(SHELL, BECOME)
_BY_SSH = _table(SHELL, BECOME, SSH)
_BY_WINRM = _table(SHELL, BECOME, PROXY, LIBRARIES, KERBEROS, TLS, NETWORK, ACCOUNT, HTTP)
_BY_CORE = _table(INVENTORY)
_SSH = re.compile(OVER_SSH)


def advise(text: str) -> str | None:
    """Return the remedy for a host that was not reached, if TEXT, the words of the connection, is of a known kind."""
    return _first(_BY_SSH if _SSH.search(text) else _BY_WINRM, text) or _first(_BY_CORE, text)


def advise_on_host(text: str) -> str | None:
    """Return the remedy for a host that was reached, if TEXT, which its shell or a payload wrote, is of a known kind."""
    return _first(_ON_HOST, text)


def advise_on_inventory(text: str) -> str | None:
    """Return the remedy for a task that ansible-core did not begin, if TEXT, its message, is of a known kind."""
    return _first(_BY_CORE, text)


def _first(table: _Table, text: str) -> str | None:
    return next((remedy for words, remedy in table if words.search(text)), None)
