"""bulktap issues Microsoft Entra Temporary Access Passes for a whole spreadsheet of people, safely.

Read it in this order: `pipeline` (every command's way through the rooms), `model` (what the rooms hand each other),
`planning` and `dispatch` (deciding and doing), then the rooms `roster`, `graph`, `journal` and
`results`; `cli` puts words around it and `simulator` is the pretend tenant of rehearsals and tests.
Modules carry no leading underscore: bulktap is an application, not a library.
"""

__version__ = "0.1.0"
