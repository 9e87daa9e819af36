"""The files of a bundle, and the faults of paths and bytes that are not one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.formats.bundle.reader import parse_bundle, read_bundle
from app.formats.syntax.files import MAX_FILE_BYTES, bundle_files

_LADDER = "slug: acme\ntitle: Acme\n"


def _said(path: Path) -> list[str]:
    with pytest.raises(BadRequest) as raised:
        read_bundle(path)
    return [fault.detail for fault in raised.value.faults]


def _write(folder: Path, *names: str, text: str = _LADDER) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may read everything, so a test of missing rights runs as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_is_read_to_any_depth_in_natural_path_order(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "levels/l10.yaml",
        "levels/l9.yml",
        "levels/L2/b.JSON",
        "ladder.yaml",
        "10-end.yaml",
        "9.yaml",
        "09.yaml",
        "a.json",
        "A.yaml",
    )
    found = [str(file.relative_to(tmp_path)) for file in bundle_files(tmp_path)]
    assert found == [
        "09.yaml",
        "9.yaml",
        "10-end.yaml",
        "a.json",
        "A.yaml",
        "ladder.yaml",
        "levels/L2/b.JSON",
        "levels/l9.yml",
        "levels/l10.yaml",
    ]


def test_hidden_entries_schemas_and_other_files_are_skipped(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "ladder.yaml",
        ".hidden.yaml",
        ".git/config.yaml",
        "ladder.schema.json",
        "README.md",
        "x.yaml~",
        "yaml",
    )
    assert bundle_files(tmp_path) == (tmp_path / "ladder.yaml",)


def test_a_file_named_by_itself_is_read_even_if_hidden(tmp_path: Path) -> None:
    _write(tmp_path, ".ladder.yaml")
    assert read_bundle(tmp_path / ".ladder.yaml").ladder.slug == "acme"


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    _write(tmp_path, "elsewhere/levels.yaml")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "a").symlink_to(tmp_path / "elsewhere")
    (folder / "b.yaml").symlink_to(tmp_path / "elsewhere/levels.yaml")
    assert bundle_files(folder) == (folder / "a/levels.yaml", folder / "b.yaml")


def test_a_missing_path_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert _said(path) == [f"{path}:1:1: no such file or folder; check the path"]


def test_a_path_below_a_file_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "file.yaml")
    path = tmp_path / "file.yaml" / "more.yaml"
    assert _said(path) == [f"{path}:1:1: it cannot be read (not a directory); check the path"]


def test_a_folder_without_bundle_files_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "README.md")
    assert _said(tmp_path) == [
        (
            f"{tmp_path}:1:1: no bundle file in this folder: "
            "a bundle is made of .yaml, .yml and .json files; hidden ones are skipped"
        )
    ]


def test_a_file_of_another_kind_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "ladder.toml")
    path = tmp_path / "ladder.toml"
    assert _said(path) == [
        (
            f"{path}:1:1: not a bundle file: a bundle is made of .yaml, .yml and .json files; "
            "give it one of these suffixes"
        )
    ]


def test_a_loop_of_links_is_reported_at_each_link(tmp_path: Path) -> None:
    _write(tmp_path, "ladder.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "up").symlink_to(tmp_path)
    assert _said(tmp_path) == [
        f"{tmp_path}/up:1:1: this link leads to a folder above it, a loop; remove the link"
    ]
    (tmp_path / "up").unlink()
    assert _said(tmp_path) == [f"{tmp_path}/loop.yaml:1:1: a symbolic link that points to itself; remove it"]


def test_a_link_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "ladder.yaml")
    (tmp_path / "levels.yaml").symlink_to("gone.yaml")
    assert _said(tmp_path) == [f"{tmp_path}/levels.yaml:1:1: no such file or folder; check the path"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    assert _said(path) == [f"{path}:1:1: not a regular file; name a file or a folder"]


def test_files_and_folders_without_read_rights_are_said() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        _write(folder, "closed/ladder.yaml", "ladder.yaml")
        right = "permission denied; change the file's permissions, or run as another user"
        for mode in (0, 0o444):  # not to be listed; listed, but nothing in it to be looked at
            (folder / "closed").chmod(mode)
            with _as_nobody():
                assert _said(folder) == [f"{folder}/closed:1:1: {right}"]
        (folder / "closed").chmod(0o755)
        (folder / "ladder.yaml").chmod(0)
        with _as_nobody():
            assert _said(folder) == [f"{folder}/ladder.yaml:1:1: {right}"]


def test_folders_within_folders_without_end_are_given_up_on(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 34)
    _write(deep, "ladder.yaml")
    assert _said(tmp_path) == [
        f"{tmp_path.joinpath(*['d'] * 33)}:1:1: the folder is nested deeper than 32 folders; move its files up"
    ]


def test_a_folder_with_very_many_files_is_given_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.formats.syntax.files.MAX_FILES", 3)
    _write(tmp_path, "1.yaml", "2.yaml", "3.yaml")
    assert len(bundle_files(tmp_path)) == 3
    _write(tmp_path, "more/4.yaml")
    assert _said(tmp_path) == [
        f"{tmp_path}:1:1: more than 3 bundle files; check that this is the right folder"
    ]


def test_a_bundle_of_too_many_bytes_in_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.formats.syntax.files.MAX_BYTES", 10)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("slug: x\n")
    with pytest.raises(BadRequest, match=r"16 bytes in total; a bundle may have at most 10$"):
        bundle_files(tmp_path)


def test_links_that_double_at_every_step_are_given_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.formats.syntax.files.MAX_FOLDERS", 100)
    for step in range(20):
        (tmp_path / str(step)).mkdir()
        for name in ("a", "b"):
            (tmp_path / str(step) / name).symlink_to(tmp_path / str(step + 1))
    (tmp_path / "20").mkdir()
    (said,) = _said(tmp_path / "0")
    assert said.endswith(":1:1: more than 100 folders; check that this is the right folder")


@pytest.mark.parametrize("name", ["big.yaml", "big.json"])
def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(50_000_000)  # a hole: reading it would give NULs, and another finding
    assert _said(path) == [
        f"{path}:1:1: 50,000,000 bytes; a bundle file may have at most 20,971,520; split it into several files"
    ]


def test_bytes_in_memory_have_the_same_limit() -> None:
    with pytest.raises(BadRequest, match=r"x.json:1:1: 20,971,521 bytes; a bundle file may have at most"):
        parse_bundle(b" " * (MAX_FILE_BYTES + 1), "x.json")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "1:1: the file is empty; write the properties of a ladder, or delete the file"),
        (b"\xef\xbb\xbf \n", "1:1: the file is empty; write the properties of a ladder, or delete the file"),
        ("slug: a\n".encode("utf-16"), "1:1: the file is not UTF-8 (it looks like UTF-16); save it as UTF-8"),
        (
            "title: é\nslug: caf".encode() + b"\xe9",
            "2:10: the file is not UTF-8 (byte 0xe9); save it as UTF-8",
        ),
        (b"a\xed\xa0\x80", "1:2: the file is not UTF-8 (byte 0xed); save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.json", "X.JSON"])
def test_bytes_that_are_no_text_or_nothing_are_said(data: bytes, said: str, name: str) -> None:
    with pytest.raises(BadRequest) as raised:
        parse_bundle(data, name)
    assert raised.value.detail == f"{name}:{said}"


@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_nul_is_refused_in_text_and_as_an_escape(name: str) -> None:
    with pytest.raises(BadRequest, match=rf"{name}:1:24: "):
        parse_bundle(b'{"slug": "a", "title": "\0"}'.replace(b'"\0', b'\0"'), name)


def test_a_byte_order_mark_is_dropped() -> None:
    for name in ("x.yaml", "x.json"):
        data = b'\xef\xbb\xbf{"slug": "acme", "title": "Acme"}'
        assert parse_bundle(data, name).ladder.slug == "acme"


def test_a_name_without_a_known_suffix_is_reported() -> None:
    with pytest.raises(BadRequest, match=r"ladder\.xml:1:1: name it with one of \.yaml, \.yml, \.json"):
        parse_bundle(b"", "ladder.xml")


def test_all_unreadable_files_are_reported_at_once(tmp_path: Path) -> None:
    _write(tmp_path, "a.yaml", text="a: [")
    _write(tmp_path, "b.json", text="{")
    _write(tmp_path, "c.yaml", "odd\nname.yaml", text="")
    empty = "the file is empty; write the properties of a ladder, or delete the file"
    assert _said(tmp_path) == [
        f"{tmp_path}/a.yaml:1:5: a value is expected here; write one, or delete the character before it",
        (
            f"{tmp_path}/b.json:1:2: the file ends where the name of a property in double quotes is expected; "
            "add what is missing"
        ),
        f"{tmp_path}/c.yaml:1:1: {empty}",
        f"{tmp_path}/odd\\nname.yaml:1:1: {empty}",
    ]
    with pytest.raises(BadRequest, match=r"\(and 3 more\)$"):
        read_bundle(tmp_path)
