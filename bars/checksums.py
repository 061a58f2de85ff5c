"""What the files of a model are, byte for byte: a CRC-32 of each, in checksums.json beside them.

A CRC-32 finds every error of up to 32 bits in a row, at the speed of memory; it does not prove who
wrote a file.
"""

import json
import mmap
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

CHECKSUMS = "checksums.json"
_FOLDERS = ("base", "")  # of a model directory, that may have a list; the later one counts
_BLOCK = 2**22  # bytes


class FilesDamaged(ValueError):
    """A file of the model is not what was published; the message says which."""


def checksums_of(paths: Mapping[str, Path]) -> str:
    """The list of some files by their names in the folder that the list is for, as JSON."""
    sums = {name: _crc32(path) for name, path in sorted(paths.items())}
    return json.dumps({"crc32": sums}, indent=1) + "\n"


def write_checksums(folder: Path, paths: Iterable[Path]) -> None:
    """Put the list of some files of a folder into it, under a temporary name first."""
    listed = checksums_of({path.relative_to(folder).as_posix(): path for path in paths})
    unfinished = folder / f"{CHECKSUMS}.unfinished"
    unfinished.write_text(listed, encoding="utf-8")
    os.replace(unfinished, folder / CHECKSUMS)


@contextmanager
def unharmed(model_dir: Path) -> Iterator[None]:
    """Compare a model's files with its lists in a thread, beside what is done meanwhile.

    Raises FilesDamaged at the end, also in the place of an error that the damage led to. Files that
    no list names are not looked at.
    """
    with ThreadPoolExecutor(1, "checksums") as pool:
        check = pool.submit(_compare, model_dir)
        try:
            yield
        except Exception as error:
            if isinstance(damage := check.exception(), FilesDamaged):
                raise damage from error
            raise
        check.result()


def _compare(model_dir: Path) -> None:
    expected: dict[Path, str] = {}
    for folder in (model_dir / name for name in _FOLDERS):
        if (folder / CHECKSUMS).is_file():
            expected |= {folder / name: told for name, told in _listed(folder).items()}
    for path in expected:
        if not path.is_file():
            raise FilesDamaged(f"{path} is missing. Publish the model again.")
    with ThreadPoolExecutor(os.cpu_count(), "checksum") as pool:
        sums = zip(expected.items(), pool.map(_crc32, expected), strict=True)
    for (path, told), found in sums:
        if found != told:
            raise FilesDamaged(
                f"{path} is damaged: its checksum is {found}, and {told} was published. Publish "
                "the model again."
            )


def _listed(folder: Path) -> dict[str, str]:
    try:
        sums = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))["crc32"]
        return {str(name): str(told) for name, told in sums.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FilesDamaged(
            f"{folder / CHECKSUMS} is no list of checksums. Publish the model again."
        ) from error


def _crc32(path: Path) -> str:
    value = 0
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return f"{value:08x}"  # nothing to map
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            view = memoryview(content)
            for begin in range(0, len(view), _BLOCK):  # others get their turn between blocks
                with view[begin : begin + _BLOCK] as block:
                    value = zlib.crc32(block, value)
            view.release()
    return f"{value:08x}"
