import os
from pathlib import Path

import pytest

from webapp import catalog
from webapp.domain.refusal import Refused

FILES = Path(__file__).parent / "domain" / "questionnaires"
BUILT_IN = Path(__file__).parents[1] / "questionnaires"
SMALLEST = (FILES / "smallest.yaml").read_text(encoding="utf-8")
FULL = (FILES / "full.yaml").read_text(encoding="utf-8")
GERMAN = (FILES / "de.yaml").read_text(encoding="utf-8")


def version(number: int) -> str:
    return SMALLEST.replace("version: 1", f"version: {number}")


def errors(found: catalog.Catalog) -> list[str]:
    return [str(one) for one in found.errors]


def identities(found: catalog.Catalog) -> list[str]:
    return [one.questionnaire.identity for one in found.all()]


def test_the_built_in_questionnaires_are_without_faults() -> None:
    found = catalog.load([BUILT_IN])
    assert errors(found) == []
    assert "ai-adoption@1" in identities(found)


def test_files_of_all_folders_are_found_by_key_and_version(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for number in (2, 10):
        (tmp_path / "one" / f"leadership-{number}.yaml").write_text(version(number))
    (tmp_path / "two" / "first.yml").write_text(version(1))
    (tmp_path / "two" / "full.yaml").write_text(FULL)
    (tmp_path / "two" / "README.md").write_text("not a questionnaire")
    (tmp_path / "two" / "folder.yaml").mkdir()
    found = catalog.load([tmp_path / "one", str(tmp_path / "two")])
    assert errors(found) == []
    assert identities(found) == ["climate@2", "leadership@1", "leadership@2", "leadership@10"]
    assert [one.questionnaire.identity for one in found.latest()] == ["climate@2", "leadership@10"]
    assert found.get("leadership").questionnaire.version == 10
    assert found.get("leadership", 2).questionnaire.version == 2
    assert found.find("leadership").questionnaire.version == 10
    assert found.find("leadership@1").path == tmp_path / "two" / "first.yml"
    assert found.get("climate").text == FULL


@pytest.mark.parametrize(
    "name", ["nothing", "leadership@2", "leadership@", "leadership@x", "leadership@²", "@", "leadership@1@1"]
)
def test_an_unknown_questionnaire_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.yaml").write_text(SMALLEST)
    with pytest.raises(Refused, match=r"^There is no questionnaire “"):
        catalog.load([tmp_path]).find(name)


def test_a_broken_file_is_listed_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("key: [")
    (tmp_path / "b.yaml").write_text(SMALLEST)
    (tmp_path / "c.yaml").write_bytes(b"#" * 1_000_001)
    found = catalog.load([tmp_path, tmp_path / "absent"])
    assert identities(found) == ["leadership@1"]
    assert errors(found) == [
        f"{tmp_path / 'absent'}: There is no such folder of questionnaires.",
        f"{tmp_path / 'a.yaml'}:2:1: This cannot be read as YAML: did not find expected node content.",
        f"{tmp_path / 'c.yaml'}:1:1: The file is larger than 1000000 bytes.",
    ]


def test_a_file_that_cannot_be_opened_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(SMALLEST)

    def fail(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert errors(catalog.load([tmp_path])) == [
        f"{tmp_path / 'a.yaml'}:1:1: The file cannot be read: Permission denied."
    ]


def test_the_same_version_twice_must_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALLEST)
    (tmp_path / "b.yaml").write_text("# the same\n" + SMALLEST)
    (tmp_path / "c.yaml").write_text(SMALLEST.replace("title: Leadership\n", "title: Other\n"))
    found = catalog.load([tmp_path])
    assert found.get("leadership").path == tmp_path / "a.yaml"
    assert errors(found) == [
        (
            f"{tmp_path / 'c.yaml'}:6:12: This differs from the copy of leadership@1 that is in use: "
            "give the file a new version."
        )
    ]


def test_a_later_version_that_changes_an_item_in_silence_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(version(2).replace("willing cooperation", "cooperation"))
    (tmp_path / "b.yaml").write_text(SMALLEST)
    found = catalog.load([tmp_path])
    assert identities(found) == ["leadership@1"]
    assert errors(found) == [
        f"{tmp_path / 'a.yaml'}:10:15: AF06 reads otherwise in leadership@1: raise its revision above 1."
    ]


def test_a_file_is_read_once_and_again_after_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SMALLEST)
    first = catalog.load([tmp_path])
    assert catalog.load([tmp_path]) is first
    path.write_text(SMALLEST.replace("Leadership climate", "Leadership weather"))
    os.utime(path, ns=(1, 1))
    assert catalog.load([tmp_path]).get("leadership").questionnaire.title == "Leadership weather"
    path.unlink()
    assert catalog.load([tmp_path]).all() == ()


def test_a_frozen_copy_is_parsed_once_and_must_have_its_digest(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FULL)
    published = catalog.load([tmp_path]).get("climate")
    assert published.digest == catalog.digest_of(FULL)
    copy = catalog.parse(published.text, published.digest)
    assert copy == published.questionnaire
    assert catalog.parse(published.text, published.digest) is copy
    with pytest.raises(Refused, match="damaged"):
        catalog.parse(published.text + " ", published.digest)


def test_texts_come_in_the_language_of_a_translation(tmp_path: Path) -> None:
    german = tmp_path / "translations" / "de"
    german.mkdir(parents=True)
    (tmp_path / "climate.yaml").write_text(FULL)
    (german / "climate-2.yaml").write_text(GERMAN)
    found = catalog.load([tmp_path])
    assert errors(found) == []
    climate = found.get("climate").questionnaire
    assert found.in_language(climate, "de").title == "Klima"
    assert found.in_language(climate, "de-AT") is found.in_language(climate, "de")
    assert found.in_language(climate, "en-GB") is climate
    assert found.in_language(climate, "fr") is climate


def test_a_translation_with_faults_is_listed(tmp_path: Path) -> None:
    german = tmp_path / "translations" / "de"
    french = tmp_path / "translations" / "fr"
    german.mkdir(parents=True)
    french.mkdir()
    (tmp_path / "climate.yaml").write_text(FULL)
    (german / "climate-2.yaml").write_text(GERMAN.replace("  T1:", "  T9:"))
    (german / "climate-3.yaml").write_text(GERMAN)
    (german / "climate.yaml").write_text(GERMAN)
    (french / "climate-2.yaml").write_text(GERMAN)
    assert errors(catalog.load([tmp_path])) == [
        f"{german / 'climate-2.yaml'}:20:3: climate@2 has no “T9” here.",
        f"{german / 'climate-3.yaml'}:1:1: There is no questionnaire “climate-3” to translate.",
        f"{german / 'climate.yaml'}:1:1: There is no questionnaire “climate” to translate.",
        f"{french / 'climate-2.yaml'}:1:1: The language must be that of the folder, fr.",
    ]
