"""Builds the package as pip asks for it (PEP 517): CMake makes the extension, this puts it into a
wheel. It needs Python alone, so a package can be built where no index can be reached.

The CMake project is the whole tree, so a source distribution is the tree, and not made here.
Settings: pip install --config-settings cmake=-DNAME=VALUE; or extension=FILE for one that CMake has
built already.
"""

import base64
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class UnsupportedOperation(Exception):
    """What PEP 517 calls it."""


def _version():
    header = (ROOT / "engine/include/wordmill.h").read_text()
    return re.search(r'#define WM_VERSION "(.*)"', header)[1]


def _tag():
    """One build is for all versions from 3.11 on, and else for its own alone."""
    own = f"cp3{sys.version_info[1]}"
    kind = "cp311-abi3" if sys.version_info >= (3, 11) else f"{own}-{own}"
    return kind + "-" + re.sub(r"[-.]", "_", sysconfig.get_platform())


def metadata():
    return (
        "Metadata-Version: 2.1\nName: wordmill\n"
        f"Version: {_version()}\n"
        "Summary: Adds up how often every word appears in large files, with all cores\n"
        "License: MIT\nRequires-Python: >=3.9\nDescription-Content-Type: text/markdown\n\n"
        + (HERE / "README.md").read_text()
    )


def _build(folder, settings):
    if "extension" in settings:
        return Path(settings["extension"])
    given = settings.get("cmake", [])
    options = [given] if isinstance(given, str) else given
    configure = ["cmake", "-S", ROOT, "-B", folder, "-DCMAKE_BUILD_TYPE=Release",
                 "-DWORDMILL_PYTHON=ON", "-DWORDMILL_TESTS=OFF", "-DBUILD_SHARED_LIBS=OFF",
                 f"-DPython3_EXECUTABLE={sys.executable}", *options]
    subprocess.run(configure, check=True)
    build = ["cmake", "--build", folder, "--target", "wordmill-python", "--parallel",
             str(os.cpu_count())]
    subprocess.run(build, check=True)
    return next(Path(folder).glob("engine/python/wordmill/_wordmill.*.so"))


def _write(wheel, files):
    record = []
    for name, data in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}\n")
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
        wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    name = f"wordmill-{_version()}.dist-info/RECORD"
    wheel.writestr(name, "".join(record) + name + ",,\n")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    if not (ROOT / "engine/include/wordmill.h").exists():
        sys.exit("pip has copied only a part of the sources: use pip 21.3 or later")
    with tempfile.TemporaryDirectory() as folder:
        built = _build(folder, config_settings or {})
        extension = built.read_bytes()
    info = f"wordmill-{_version()}.dist-info"
    wheel = f"Wheel-Version: 1.0\nGenerator: wordmill\nRoot-Is-Purelib: false\nTag: {_tag()}\n"
    files = [
        (f"wordmill/{path.name}", path.read_bytes())
        for path in sorted((HERE / "wordmill").iterdir())
        if path.suffix in (".py", ".pyi", ".typed") or path.name == "py.typed"
    ]
    files += [
        (f"wordmill/{built.name}", extension),
        (f"{info}/METADATA", metadata().encode()),
        (f"{info}/WHEEL", wheel.encode()),
        (f"{info}/licenses/LICENSE", (ROOT / "LICENSE").read_bytes()),
    ]
    name = f"wordmill-{_version()}-{_tag()}.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w") as archive:
        _write(archive, files)
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise UnsupportedOperation("the sources are the whole tree: use git archive")
