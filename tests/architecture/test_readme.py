"""What the README names exists, and what exists is named there."""

import re
from collections.abc import Iterator

import click
import pytest
from flask import Flask

from tests.fixtures.sources import ROOT, files
from webapp import cli
from webapp.access import roles

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("\n## Commands\n")[2].partition("\n## ")[0]
CODE = re.findall(r"`([^`\n]+)`", README)
# Words of `./groundswell` that its script knows itself.
OF_THE_SCRIPT = {"run", "test", "bench"}
READS = re.compile(r"""\benv(?:iron(?:ment)?)?(?:\.get\(|\[)["']([A-Z][A-Z_]+)["']""")
OF_OTHERS = {"CI", "PYTHONPATH", "PATH", "DEBIAN_FRONTEND", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


EXISTING = dict(commands(cli.fill()))
# The first column of the table of commands: words, arguments and options.
NAMED = {row: row.split(" ") for row in re.findall(r"^\| `([a-z][^`]*)` \| ", SECTION, re.MULTILINE)}


def words_of(line: str) -> str:
    return re.match(r"[a-z ]+[a-z]", line)[0] if re.match(r"[a-z ]+[a-z]", line) else line  # type: ignore[index]


def test_the_first_code_is_the_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block, "Begin with the two commands."
    assert [line.split("#")[0].strip() for line in block[1].splitlines()] == ["make run", "make test"]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {word.split()[1] for word in CODE if re.fullmatch(r"make [a-z]+", word)} <= targets


def test_every_command_is_in_the_readme() -> None:
    named = {words_of(line) for line in NAMED}
    missing = set(EXISTING) - named
    assert not missing, f"Put {sorted(missing)} into the README's table of commands."


def test_every_command_in_the_readme_exists_with_its_options() -> None:
    for line in NAMED:
        words = words_of(line)
        if words in OF_THE_SCRIPT and words not in EXISTING:
            continue
        assert words in EXISTING, f"The README names `{words}`, and there is no such command."
        named = set(re.findall(r"--[a-z-]+", line))
        options = {
            one for parameter in EXISTING[words].params for one in parameter.opts if one.startswith("--")
        }
        assert named == options, f"`{words}` has {sorted(options)}, the README names {sorted(named)}."


@pytest.mark.parametrize("words", EXISTING)
def test_every_command_says_what_it_does(words: str) -> None:
    command = EXISTING[words]
    assert command.help, f"Give `{words}` a docstring: it is its --help."
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help is None:
            assert (
                parameter.metavar
                or parameter.show_default
                or isinstance(parameter.type, click.Choice)
                or (parameter.required)
            ), f"Say what {parameter.opts[0]} of `{words}` does: help=…"


def test_every_setting_is_in_the_readme_and_every_named_one_exists() -> None:
    read = set()
    for path in files():
        if path.suffix in {".py", ""} and (path.name == "groundswell" or path.suffix == ".py"):
            read |= set(READS.findall(path.read_text(encoding="utf-8")))
    read |= {"GROUNDSWELL_TEST_REDIS"}  # read by name from the table in tests/conftest.py
    read -= OF_OTHERS
    code = " ".join(CODE)
    families = set(re.findall(r"\b(GROUNDSWELL_[A-Z_]+_)<NAME>_", code))
    for family in families:  # such as one for each provider; its members are read by their shape
        assert f'"{family}"' in (ROOT / "config.py").read_text(encoding="utf-8"), family
    named = set(re.findall(r"\b(?:GROUNDSWELL_[A-Z_]+|DATABASE_URL|HOST|PORT)\b", code)) - families
    assert read - named == set(), f"Name {sorted(read - named)} in the README's settings."
    assert named - read == set(), f"The README names {sorted(named - read)}, and nothing reads them."


def test_the_table_of_the_api_names_what_there_is(app: Flask) -> None:
    section = README.partition("\n## API\n")[2].partition("\n## ")[0]
    named = {}
    for first, _read, write in re.findall(r"^\| (`/.*?) \| (.*?) \| (.*?) ?\|$", section, re.MULTILINE):
        named |= dict.fromkeys(re.findall(r"`/([a-z]+)", first), bool(write.strip()))
    written: dict[str, bool] = {}
    for rule in app.url_map.iter_rules():
        room, _slash, _rest = rule.rule.removeprefix("/api/v1/").partition("/")
        if rule.rule.startswith("/api/v1/") and room != "openapi.json":
            changes = bool({"POST", "PUT", "DELETE"} & (rule.methods or set()))
            written[room] = written.get(room, False) or changes
    assert named == written


def test_only_the_configuration_reads_the_environment() -> None:
    for path in files():
        if ROOT / "webapp" in path.parents and path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\bos\.(environ|getenv)\b", text), (
                f"{path.relative_to(ROOT)} reads the environment: make it a setting in config.py."
            )


def test_every_path_in_the_readme_exists() -> None:
    known = {str(path.relative_to(ROOT)) for path in files()}
    folders = {f"{parent}/" for path in known for parent in [*map(str, _parents(path))]} | {"instance/"}
    for text in CODE:
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/|[\w.-]+(/[\w.-]+)+|[\w-]+\.(md|py|toml|json)", text):
            assert text in known | folders, f"The README names {text}, and there is no such file or folder."
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README):
        assert target in known | folders or target.rstrip("/") + "/" in folders, (
            f"A link leads to {target}: not there."
        )


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: place + 1]) for place in range(len(parts))]


def test_the_table_of_roles_is_that_of_the_code() -> None:
    assert roles.table() in README, (
        "The README's table of roles is not the code's: put there what `python -m webapp.access` prints."
    )
