# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that this file makes lies in .venv*/ and build/ of this folder. Nothing is installed elsewhere.

PYTHON ?= python3
OUT ?= build/rehearsal
FROM ?=
TO ?=
INVENTORY ?=
CORES ?=
SEED ?=
HOST_RUNS ?=
MINUTES ?=

PIP_FLAGS := --disable-pip-version-check --no-input --require-hashes -q
COLLECTIONS := .venv/collections
COPY := build/ansible_collections/winops/hotpatch
LINK := $(COLLECTIONS)/ansible_collections/winops/hotpatch

# The Pythons with which all checks pass. A newer one is tried, an older one is refused.
CHECK_PYTHON := import sys; \
  here, name = sys.version_info[:2], "%d.%d" % sys.version_info[:2]; \
  here < (3, 11) and sys.exit("Python 3.11 or later is needed, and %s is %s. Install one (on Debian: apt install python3 python3-venv; on Red Hat: \
dnf install python3.12), and name it: make PYTHON=python3.12" % (sys.executable, name)); \
  here > (3, 14) and print("WARNING: Python %s is newer than those with which this was tested (3.11 to 3.14); trying it" % name, file=sys.stderr)

# $(call environment,folder,requirements,windows): a fresh virtual environment, and the ansible package whose ansible.windows is used in it.
# What pip says is shown if it fails.
define environment
	@"$(PYTHON)" -c '$(CHECK_PYTHON)'
	@echo "making $(1) (once)"
	@rm -rf $(1)
	@"$(PYTHON)" -m venv $(1)
	@{ $(1)/bin/python -m pip install $(PIP_FLAGS) -r requirements/$(2).txt && \
	   $(if $(3),$(1)/bin/python -m pip install $(PIP_FLAGS) --no-deps --no-compile -r requirements/$(3).txt,true); } >$(1)/install.log 2>&1 || \
	  { cat $(1)/install.log; exit 1; }
	@touch $@
endef

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  make \1 \t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24
	@echo "  make rehearse reads FROM=2025-10 TO=2026-09 INVENTORY=path OUT=path; all read PYTHON=python3.11"

.venv/.stamp: requirements/runtime.txt requirements/windows.txt
	$(call environment,.venv,runtime,windows)

.venv-test/.stamp: requirements/test.txt requirements/windows.txt
	$(call environment,.venv-test,test,windows)

.venv-nox/.stamp: requirements/nox.txt
	$(call environment,.venv-nox,nox)

# Ansible finds a collection by its path only; this link gives the checkout such a path. The rehearsal has its own inventory, so Ansible need not
# warn that none was given.
.PHONY: link
link: .venv/.stamp
	@mkdir -p $(dir $(LINK))
	@ln -sfn ../../../.. $(LINK)
	@printf '%s\n' '[defaults]' 'localhost_warning = False' '[inventory]' 'inventory_unparsed_warning = False' >.venv/ansible.cfg

# A tool that is started in it finds the programs of .venv and the collection of the checkout; your own ansible.cfg stays in force.
.PHONY: shell
shell: link ## Open a shell in which Ansible finds the collection of this checkout
	@PATH="$(CURDIR)/.venv/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/$(COLLECTIONS)" "$${SHELL:-/bin/sh}"

# It ends as the playbook does, which fails where a restart was not allowed, and shows the summary in any case: of this rehearsal, not of an
# older one.
.PHONY: rehearse
rehearse: link ## Walk a simulated fleet through a real year, month by month
	@mkdir -p "$(OUT)"
	@touch .venv/.rehearsal-begun
	@out=$$(cd "$(OUT)" && pwd) && \
	PATH="$(CURDIR)/.venv/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/$(COLLECTIONS)" ANSIBLE_CONFIG="$(CURDIR)/.venv/ansible.cfg" \
	  ansible-playbook winops.hotpatch.rehearse -e "hotpatch_rehearsal_out='$$out'" -e hotpatch_rehearsal_show=false \
	  $(if $(FROM),-e "hotpatch_rehearsal_from='$(FROM)'") $(if $(TO),-e "hotpatch_rehearsal_to='$(TO)'") \
	  $(if $(INVENTORY),-e "hotpatch_rehearsal_inventory='$$(realpath -m -- "$(INVENTORY)")'"); \
	ended=$$?; [ ! "$$out/summary.txt" -nt .venv/.rehearsal-begun ] || cat "$$out/summary.txt"; exit $$ended

.PHONY: test
test: .venv-test/.stamp ## Check everything that can be checked on this machine
	@.venv-test/bin/python -m tests.checks

# The groups of checks, one by one: test-lint, test-unit, test-rehearsal, test-payload, test-oldest-core, test-molecule, test-docs,
# test-build, test-sanity;
# and each single check by its name (test-mypy, test-importer, ...). tests/checks/__main__.py says which there are.
test-%: .venv-test/.stamp
	@.venv-test/bin/python -m tests.checks $*

.PHONY: test-certification
test-certification: .venv-test/.stamp ## Run the checks of Red Hat's partner certification with its versions of the tools; not part of `make test`
	@.venv-test/bin/python -m tests.checks certification

.PHONY: lint
lint: test-lint ## Run the linters and the type checker only

.PHONY: generate
generate: .venv-test/.stamp ## Write what is made from the modules' documentation or from the code
	@.venv-test/bin/python -m tools.generate

.PHONY: format
format: .venv-test/.stamp ## Format the Python files
	@.venv-test/bin/ruff format .
	@.venv-test/bin/ruff check --fix .

# In the clean copy that the checks use: antsibull-changelog would else copy the whole folder first, environments and all.
.PHONY: changelog
changelog: .venv-test/.stamp ## Write CHANGELOG.rst for the version in galaxy.yml from changelogs/fragments
	@.venv-test/bin/python -c 'from tests.checks.running import copy_tree; copy_tree()'
	@cd $(COPY) && PATH="$(CURDIR)/.venv-test/bin:$$PATH" antsibull-changelog release --reload-plugins --update-existing
	@rm -rf changelogs && cp -R $(COPY)/changelogs $(COPY)/CHANGELOG.rst .

.PHONY: build
build: test-build ## Build, install and import the archive in build/; its bill of materials and SHA-256 sums lie beside it

.PHONY: docs
docs: test-docs ## Check the documentation and render it to build/docs/index.html

.PHONY: test-matrix
test-matrix: ## Run rehearsal, payloads and sanity on every supported ansible-core with the Pythons that are here
	@"$(PYTHON)" -m tests.run_matrix

.PHONY: sanity-matrix
sanity-matrix: ## Run ansible-test sanity only, on every supported ansible-core or on those in CORES
	@"$(PYTHON)" -m tests.run_matrix --sanity $(CORES)

# Every property test with fifty times the examples of `make test`, once for each seed; it says the seed with which one failed. Then random
# campaigns of real playbooks, until HOST_RUNS runs of a host are judged, and for MINUTES at most.
.PHONY: soak
soak: soak-long soak-properties soak-campaigns ## Try many more examples in the property tests, and play random campaigns over simulated fleets

.PHONY: soak-long
soak-long: .venv-test/.stamp ## The tests marked long alone
	@.venv-test/bin/python -m pytest -q -n 2 -m long tests/rehearsal

.PHONY: soak-properties
soak-properties: .venv-test/.stamp ## The property tests alone, with the seeds kept in tests/soak_seeds.txt and SEED or a new one
	@for seed in $$(grep -v '^#' tests/soak_seeds.txt | cut -d' ' -f1) $(or $(SEED),$$(date +%s)); do \
	  echo "seed $$seed"; \
	  HOTPATCH_EXAMPLES=soak .venv-test/bin/python -m pytest -q -n 2 --dist load --hypothesis-seed=$$seed \
	    $$(grep -rl '^from hypothesis' tests/unit --include='test_*.py') || { echo "failed with seed $$seed: add it to tests/soak_seeds.txt"; exit 1; }; \
	done

.PHONY: soak-campaigns
soak-campaigns: .venv-test/.stamp ## The campaigns alone, with the seeds kept in tests/soak/seeds.txt and new ones, or with SEED alone
	@.venv-test/bin/python -m tests.soak --host-runs $(or $(HOST_RUNS),3000) --minutes $(or $(MINUTES),240) $(if $(SEED),--seed $(SEED))

.PHONY: requirements
requirements: .venv-nox/.stamp ## Renew requirements/*.txt: the newest versions that the .in files allow, with their hashes
	@PATH="$(CURDIR)/.venv-nox/bin:$$PATH" "$(PYTHON)" -m tests.pin_requirements

.PHONY: clean
clean: ## Remove everything that make has made
	@rm -rf .venv .venv-nox .venv-test .venv-matrix build
