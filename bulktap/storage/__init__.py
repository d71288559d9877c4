"""Storage: files that are complete or absent, private folders, locks that die with their process, sealed workbooks.

Every file of a run but the journal is written through here, and this is the only place that asks the operating
system to make something last (SQLite does it for the journal by itself). What the disk refuses is `DiskRefuses`, with
the path and what to do about it. Hardware that reports a write as done and then forgets it is out of reach.

`files` is about whole files and room for them, `folders` about who may enter (on Windows with `access_lists`),
`locks` about who may write, `trusted_files` is how a run's files are opened and `untrusted_json` how JSON among them is
read, `event_log` writes `log.jsonl`, whose lines keep to `log.schema.json`. `run_folder` names the files of a run,
`output_files` writes those that are handed back, and `office_encryption` protects workbooks.
"""

from bulktap.storage.event_log import EventLog
from bulktap.storage.files import complete_file, free_bytes, require_space, sync_folder, write_file
from bulktap.storage.folders import make_folder, make_private_folder, make_shared_folder
from bulktap.storage.locks import Lock, hold_lock, is_held
from bulktap.storage.trusted_files import (
    MEGABYTE,
    open_to_read,
    open_to_write,
    read_end,
    read_file,
    read_if_sound,
    read_start,
    require_private,
    require_sound,
)

__all__ = [
    "MEGABYTE",
    "EventLog",
    "Lock",
    "complete_file",
    "free_bytes",
    "hold_lock",
    "is_held",
    "make_folder",
    "make_private_folder",
    "make_shared_folder",
    "open_to_read",
    "open_to_write",
    "read_end",
    "read_file",
    "read_if_sound",
    "read_start",
    "require_private",
    "require_sound",
    "require_space",
    "sync_folder",
    "write_file",
]
