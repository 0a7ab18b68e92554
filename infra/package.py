"""Packs the Lambda's code: `python3 infra/package.py FOLDER` writes the zip file there and prints its path."""

import hashlib
import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "lambda_trigger"
_PACKED = {".py", ".toml"}
_BEFORE_ZIP = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, package: Path = PACKAGE) -> Path:
    """Zips the package so that the same sources give the same bytes, named by their SHA-256."""
    unnamed = folder / "code.zip"
    with zipfile.ZipFile(unnamed, "w") as archive:
        for source in sorted(path for path in package.rglob("*") if path.suffix in _PACKED):
            entry = zipfile.ZipInfo(str(source.relative_to(package.parent)), _BEFORE_ZIP)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED)
    return unnamed.rename(folder / f"{hashlib.sha256(unnamed.read_bytes()).hexdigest()}.zip")


if __name__ == "__main__":
    sys.stdout.write(f"{pack(Path(sys.argv[1]))}\n")
