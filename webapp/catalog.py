"""The questionnaires that can be asked: YAML files of a few folders, and the copies that waves have frozen."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_file import QuestionnaireFile, compare_revisions
from webapp.domain.questionnaire_file import parse as parse_file
from webapp.domain.questionnaire_translation import Translation, read_translation, translated
from webapp.domain.refusal import Refused, RefusedMany
from webapp.domain.written_yaml import LARGEST

SUFFIXES = {".yaml", ".yml"}
TRANSLATIONS = "translations"
LONGEST_VERSION = 6  # digits

# A file as it stood: path, time of change in nanoseconds, bytes.
Stamp = tuple[Path, int, int]


@dataclass(frozen=True)
class Published:
    """One questionnaire file: what it says, its text as it is frozen for a wave, and the SHA-256 of that text."""

    questionnaire: Questionnaire
    text: str
    digest: str
    path: Path
    file: QuestionnaireFile = field(repr=False, compare=False)


@dataclass(frozen=True)
class Catalog:
    """All readable questionnaires, by key and version, and what is wrong with the other files."""

    published: tuple[Published, ...]
    errors: tuple[Refused, ...]
    translations: Mapping[tuple[str, str], Translation] = field(repr=False)

    def all(self) -> tuple[Published, ...]:
        """Every version of every questionnaire, by key and version."""
        return self.published

    def latest(self) -> tuple[Published, ...]:
        """The latest version of every questionnaire, by key."""
        return tuple({one.questionnaire.key: one for one in self.published}.values())

    def get(self, key: str, version: int | None = None) -> Published:
        """The questionnaire in that version, or in its latest; refused when there is none."""
        found = [
            one
            for one in self.published
            if one.questionnaire.key == key and version in {None, one.questionnaire.version}
        ]
        if not found:
            name = key if version is None else f"{key}@{version}"
            raise Refused("There is no questionnaire “{questionnaire}”.", questionnaire=name)
        return found[-1]

    def find(self, name: str) -> Published:
        """The questionnaire named as KEY or KEY@VERSION; refused when there is none."""
        key, at, version = name.partition("@")
        if not at:
            return self.get(key)
        if not _is_version(version):
            raise Refused("There is no questionnaire “{questionnaire}”.", questionnaire=name)
        return self.get(key, int(version))

    def in_language(self, questionnaire: Questionnaire, language: str) -> Questionnaire:
        """The questionnaire with its texts in that language (`pt-BR`, else `pt`), as far as a file translates them."""
        for spoken in (language, language.replace("_", "-").partition("-")[0]):
            if spoken == questionnaire.language:
                return questionnaire
            if translation := self.translations.get((questionnaire.identity, spoken)):
                return translated(questionnaire, translation)
        return questionnaire


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION


def digest_of(text: str) -> str:
    """SHA-256 of a questionnaire's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse(text: str, digest: str) -> Questionnaire:
    """The questionnaire of a wave from its frozen text; refused when the text does not have that digest."""
    if digest_of(text) != digest:
        raise Refused("The stored copy of the questionnaire is damaged: its digest differs.")
    return parse_file(text, digest[:12]).questionnaire


def load(folders: Iterable[Path | str]) -> Catalog:
    """The questionnaires of the folders (not of those below, but for `translations/`), read again after a change.

    What has faults is left out and listed in `errors`: a missing folder, a broken file, a second file with the same
    key and version but other contents, and a version that changes an item under an unchanged revision.
    """
    places = [Path(folder) for folder in folders]
    files = [stamp for folder in places for stamp in _stamps(folder)]
    translations = [
        stamp for folder in places for below in _below(folder / TRANSLATIONS) for stamp in _stamps(below)
    ]
    return _load(tuple(files), tuple(translations), tuple(folder for folder in places if not folder.is_dir()))


def _below(folder: Path) -> list[Path]:
    return sorted(below for below in folder.iterdir() if below.is_dir()) if folder.is_dir() else []


def _stamps(folder: Path) -> list[Stamp]:
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    states = [(path, path.stat()) for path in paths if path.suffix in SUFFIXES and path.is_file()]
    return [(path, state.st_mtime_ns, state.st_size) for path, state in states]


@lru_cache(maxsize=8)
def _load(files: tuple[Stamp, ...], translations: tuple[Stamp, ...], absent: tuple[Path, ...]) -> Catalog:
    errors = [Refused("There is no such folder of questionnaires.", place=str(folder)) for folder in absent]
    read = [_published(stamp) for stamp in files]
    errors += [one for one in read if isinstance(one, Refused)]
    found: dict[tuple[str, int], Published] = {}
    for one in sorted((one for one in read if isinstance(one, Published)), key=_version):
        faults = [
            fault for other in found.values() for fault in compare_revisions(other.questionnaire, one.file)
        ]
        if faults:
            errors.append(RefusedMany(faults))
        else:
            found.setdefault(_version(one), one)
    texts: dict[tuple[str, str], Translation] = {}
    for path, _, size in translations:
        try:
            identity, translation = _translation(path, size, found)
            texts[identity, translation.language] = translation
        except Refused as refusal:
            errors.append(refusal)
    return Catalog(tuple(found.values()), tuple(errors), texts)


def _version(one: Published) -> tuple[str, int]:
    return one.questionnaire.key, one.questionnaire.version


@lru_cache(maxsize=256)
def _published(stamp: Stamp) -> Published | Refused:
    # A refusal is returned, not raised, so that a file with faults is not read again for each page either.
    path, _, size = stamp
    try:
        content = _content(path, size)
        file = parse_file(content, str(path))
    except Refused as refusal:
        return refusal
    text = content.decode()
    return Published(file.questionnaire, text, digest_of(text), path, file)


def _content(path: Path, size: int) -> bytes:
    if size > LARGEST:
        raise Refused("The file is larger than {most} bytes.", place=f"{path}:1:1", most=LARGEST)
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            "The file cannot be read: {reason}.", place=f"{path}:1:1", reason=error.strerror
        ) from error


def _translation(path: Path, size: int, found: dict[tuple[str, int], Published]) -> tuple[str, Translation]:
    key, _, version = path.stem.rpartition("-")
    original = found.get((key, int(version))) if _is_version(version) else None
    if original is None:
        raise Refused("There is no questionnaire “{name}” to translate.", place=f"{path}:1:1", name=path.stem)
    translation = read_translation(_content(path, size), str(path), original.questionnaire)
    if translation.language != path.parent.name:
        raise Refused(
            "The language must be that of the folder, {name}.", place=f"{path}:1:1", name=path.parent.name
        )
    return original.questionnaire.identity, translation
