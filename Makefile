# Everything goes through stack/bin/stack; nothing is written outside .idgo/ but package caches.
.DEFAULT_GOAL := help
# Where the real data is: make test DATA=PATH
DATA ?= ../shared/data
export IDGO_DATA = $(shell realpath -m "$(DATA)")
export IDGO_SUITES = $(SUITES)
export NAME

.PHONY: help demo up down restart i18n test test-core test-files test-architecture test-ckan test-live check bench soak certify

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1  —  /p' Makefile

demo: ## install, start, load the demonstration; Ctrl-C stops all of it
	@stack/bin/stack demo

up: ## install and start in the background
	@stack/bin/stack up

down: ## stop
	@stack/bin/stack down

restart: ## restart CKAN's processes (changed code)
	@stack/bin/stack restart

i18n: ## extract and compile the translations
	@stack/bin/stack i18n

check: ## ruff, pyright, import-linter, Compose schema, hadolint
	@stack/bin/stack check

test: ## every test (DATA=PATH says where the real data is)
	@stack/bin/stack test

test-core: ## pure Python, a few seconds
	@stack/bin/stack test-core

test-files: ## what opens files: GDAL, tables, schemas, real data, judged sets
	@stack/bin/stack test-files

test-architecture: ## what holds for the whole house
	@stack/bin/stack test-architecture

test-ckan: ## CKAN's fixtures, real services
	@stack/bin/stack test-ckan

test-live: ## a running instance and a browser
	@stack/bin/stack test-live

bench: ## measures (NAME=house for one); tables in .idgo/bench/
	@stack/bin/stack bench

soak: ## long runs: repeated faults, big inputs, 10 000 examples of each property
	@stack/bin/stack soak

certify: ## official suites (SUITES=PATH says where they are)
	@stack/bin/stack certify
