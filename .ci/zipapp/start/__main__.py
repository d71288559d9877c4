"""The single-file bulktap: says which Python it is for, unpacks itself on the first start, and becomes the program.

Pythons that it is not for read this too, down to 3.6, and say so.
"""

import json
import os
import platform
import sys
import sysconfig
import zipfile
from typing import NoReturn


def of_this_python() -> str:
    """Return for which compiled files this interpreter is, as `Target.name` of the builder spells it."""
    system = sysconfig.get_platform() if sys.platform == "win32" else f"{sys.platform}-{platform.machine()}"
    threads = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    return f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]}{threads} on {system}"


def stop(code: int, message: str, hint: str) -> NoReturn:
    """End with a message and what to do about it, as the program does."""
    sys.stderr.write(f"Error: {message}\nHint:  {hint}\n")
    sys.exit(code)


def main() -> None:
    """Run the program from its unpacked packages."""
    archive = os.path.abspath(sys.path[0])  # noqa: PTH100 - what a Python that it is not for may lack is not used here
    with zipfile.ZipFile(archive) as parts:
        told = parts.read("packages.json")
    made_for = json.loads(told.decode("utf-8"))["for"]
    if of_this_python() != made_for:
        version = made_for.split(" ")[1]
        stop(
            2,
            f"This bulktap is for {made_for}, and this is {of_this_python()}.",
            f"Start it with Python {version} (on Windows py -{version}), or get the file that is for this Python.",
        )
    import unpacked

    try:
        packages = unpacked.packages_of(archive, told)
    except unpacked.CannotStart as trouble:
        stop(trouble.exit_code, trouble.message, trouble.hint)
    sys.path[:] = [str(packages), *unpacked.without_other_packages(sys.path, archive)]
    for name in ("unpacked", "access_lists"):
        sys.modules.pop(name, None)

    from bulktap.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
