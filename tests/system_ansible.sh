#!/usr/bin/env bash
# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the archive and runs a rehearsal from it with the Ansible of the system, as from a distribution's package `ansible`: with a core that is
# supported it has to end well; with an older one it has to be refused before anything is done, and to say what is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
trap 'rm -rf "${folder}"' EXIT
ansible-galaxy collection build --output-path "${folder}" . >/dev/null
ansible-galaxy collection install --offline --no-deps -p "${folder}/collections" "${folder}"/*.tar.gz >/dev/null
packages=$(python3 -c 'import ansible_collections; print(list(ansible_collections.__path__)[0])')
export ANSIBLE_COLLECTIONS_PATH="${folder}/collections:$(dirname "${packages}")"
version=$(python3 -c 'from ansible.release import __version__; print(__version__)')
least=$(sed -n 's/^requires_ansible: .*>=\([0-9.]*\).*/\1/p' meta/runtime.yml)
echo "ansible-core ${version} of the system; ${least} or later is needed"

mkdir "${folder}/run"
cd "${folder}/run"
status=0
ansible-playbook winops.hotpatch.rehearse -e hotpatch_rehearsal_from=2026-09 -e hotpatch_rehearsal_to=2026-09 \
  -e hotpatch_rehearsal_out="${folder}/out" >"${folder}/log" 2>&1 || status=$?

if [[ "$(printf '%s\n' "${least}" "${version}" | sort -V | head -n 1)" == "${least}" ]]; then
  tail -n 40 "${folder}/log"
  ((status == 0)) && [[ -s "${folder}/out/summary.json" ]]
else
  grep "winops.hotpatch needs ${least} or later" "${folder}/log" || { tail -n 40 "${folder}/log"; exit 1; }
  ((status != 0)) && [[ ! -e "${folder}/out" ]]
fi
