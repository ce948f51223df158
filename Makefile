# make lab        open the lessons in JupyterLab
# make lessons    run every lesson into build/, as notebooks and as HTML pages
# make test       prove everything: style, types, tests, stored outputs, Colab's versions, a browser
#
# For authors:
# make notebooks    run every lesson and store its outputs in it
# make new-lesson NAME=11_images KO="이미지" EN="Images"   start a lesson in both languages
# make messages     collect the course's messages for translation, and compile the translations
# make constraints  pin the newest versions of everything
# make bench        measure the practice server; nothing is asserted
# make test-clients   try the practice server with LangChain's standard tests, the SDK and curl
#
# Another Python needs another folder: make lab PYTHON=python3.12 VENV=.venv312

PYTHON ?= python3
VENV ?= .venv
VENV_COLAB ?= .venv-colab
VENV_CLIENTS ?= .venv-clients
BIN = $(VENV)/bin
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
# Two a processor, because many tests wait: for a kernel, for a reply's pace, for a deadline.
WORKERS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))
PYTEST = -m pytest -n $(WORKERS)
NBVAL = $(PYTEST) --nbval --nbval-cell-timeout 120 --dist loadfile notebooks

# A student needs only what runs the lessons; where there is everything for development, that does.
LAB = $(or $(wildcard $(VENV)/.dev),$(VENV)/.lab)

# An environment that was moved with its folder, or whose Python is gone, is made anew: the file
# that marks it as whole holds the folder.
$(foreach mark,$(wildcard $(VENV)/.lab $(VENV)/.dev $(VENV_COLAB)/.ready $(VENV_CLIENTS)/.ready),$(shell \
	{ test "$$(cat $(mark))" = "$(CURDIR)" && $(dir $(mark))bin/python -c ''; } 2>/dev/null || rm -f $(mark)))

.PHONY: lab lessons notebooks new-lesson test style types tests outputs colab health links messages constraints bench test-clients clean
.DELETE_ON_ERROR:

lab: $(LAB)
	@$(BIN)/course lab

lessons: $(LAB)
	$(BIN)/course lessons

notebooks: $(VENV)/.dev
	$(BIN)/course notebooks

new-lesson: $(VENV)/.dev
	$(BIN)/course new-lesson "$(NAME)" --ko "$(KO)" --en "$(EN)"

test: style types health tests outputs colab

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

health: $(VENV)/.dev
	-$(BIN)/course doctor

tests: $(VENV)/.dev
	$(BIN)/python $(PYTEST) tests

outputs: $(VENV)/.dev
	$(BIN)/python $(NBVAL)

# Not nbval: openai 2 and 3 word their errors, and print their objects, differently. One language
# is enough: tests/notebooks proves that the other has the same code. Nobody grades a class there, or
# changes the course, and what the checks say of wrong answers, or the practice model of anything,
# depends on no version.
NOT_IN_COLAB = browser notebooks grading hostile exercises/test_tasks.py exercises/test_release.py \
	practice/topics practice/test_endings.py practice/test_fuzz.py practice/test_lattice.py \
	practice/test_sampling.py practice/test_style.py test_cli.py test_makefile.py test_notebooks.py

colab: $(VENV_COLAB)/.ready
	$(VENV_COLAB)/bin/course lessons ko/ --out build/colab --jobs $(WORKERS)
	$(VENV_COLAB)/bin/python $(PYTEST) tests $(addprefix --ignore tests/,$(NOT_IN_COLAB))
	$(VENV_COLAB)/bin/python -m pytest tests/browser/test_chat_classic.py

# Not part of make test, because it follows the newest LangChain. One event loop for all tests:
# LangChain keeps its connections from one to the next.
test-clients: $(VENV_CLIENTS)/.ready
	$(VENV_CLIENTS)/bin/python -m pytest tests/clients -o asyncio_mode=auto \
		-o asyncio_default_test_loop_scope=session -o asyncio_default_fixture_loop_scope=session

messages: $(VENV)/.dev
	mkdir -p build
	$(BIN)/pybabel extract --no-location --sort-output --project course_utils -o build/course_utils.pot course_utils
	$(BIN)/pybabel update --domain course_utils --no-fuzzy-matching --ignore-obsolete -i build/course_utils.pot -d course_utils/locale
	$(BIN)/pybabel compile --domain course_utils --statistics -d course_utils/locale

# In an environment of its own, because the pins of the other may be what no longer fits.
constraints:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python $(PIP_INSTALL) uv
	build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --all-extras \
		--no-header --no-annotate --no-emit-index-url -o constraints.txt pyproject.toml

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/practice_server.py

clean:
	rm -rf $(VENV) $(VENV_COLAB) $(VENV_CLIENTS) build

define CHECK_PYTHON
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.10 to 3.13, or name one with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; (3, 10) <= sys.version_info < (3, 14) or sys.exit("The course needs Python 3.10 to 3.13, and $(PYTHON) is %d.%d: name another with make PYTHON=…" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make environments: install its venv package (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
endef

$(VENV)/.lab $(VENV)/.dev: pyproject.toml constraints.txt
	$(CHECK_PYTHON)
	@echo "Setting up $(VENV): a minute or two, the first time only."
	@test -e $(VENV)/.lab -o -e $(VENV)/.dev || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) -c constraints.txt -e '.[$(patsubst .%,%,$(@F))]'
	@echo "$(CURDIR)" >$@

$(VENV_COLAB)/.ready: pyproject.toml tests/colab/constraints.txt tests/colab/set_up.py
	$(CHECK_PYTHON)
	@$(PYTHON) tests/colab/set_up.py $(VENV_COLAB)
	@echo "$(CURDIR)" >$@

$(VENV_CLIENTS)/.ready: pyproject.toml
	$(CHECK_PYTHON)
	@echo "Setting up $(VENV_CLIENTS), with LangChain: about a minute, the first time only."
	@$(PYTHON) -m venv --clear $(VENV_CLIENTS)
	@$(VENV_CLIENTS)/bin/python $(PIP_INSTALL) -e . pytest pytest-asyncio langchain-openai langchain-tests
	@echo "$(CURDIR)" >$@
