"""Files that a command writes; tested before the work, whose result would otherwise be lost."""

from pathlib import Path

from operations.errors import CannotRunError


def require_writable(option: str, file: Path) -> None:
    """Test that a file can be written, without changing or leaving it.

    Args:
        option: The option that names it.
        file: The file.

    Raises:
        CannotRunError: it cannot be written.
    """
    try:
        _test(file)
    except OSError as error:
        raise _cannot_write(option, file, error) from None


def write_file(option: str, file: Path, text: str) -> None:
    """Write a file.

    Args:
        option: The option that names it.
        file: The file.
        text: Its content.

    Raises:
        CannotRunError: it cannot be written.
    """
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _cannot_write(option, file, error) from None


def _test(file: Path) -> None:
    existed = file.exists()
    if existed and not file.is_file() and not file.is_dir():
        # The reader of a pipe would take the test for the end of the text.
        return
    with file.open("ab"):
        pass
    if not existed:
        file.unlink()


def _cannot_write(option: str, file: Path, error: OSError) -> CannotRunError:
    return CannotRunError(f"{option} {file} cannot be written: {error.strerror}")
