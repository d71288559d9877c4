"""Completion in shells: for each the script that asks the program, and how what it asks and hears is spelt.

click asks and answers through `_BULKTAP_COMPLETE`. Two shells speak otherwise here than click has it, because headings
of rosters hold blanks, commas and quotes, and paths of Windows backslashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete, add_completion_class

from bulktap.settings.environment import variable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VARIABLE: Final = "_BULKTAP_COMPLETE"
"""Set by a shell that asks for words, to its name and `_complete`."""
_BASH: Final = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""
_FISH: Final = """\
function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp | string collect) \\
COMP_CWORD=(commandline -ct | string collect) %(prog_name)s)

    for completion in $response
        set -l metadata (string split -m 1 "," -- $completion)
        switch $metadata[1]
            case dir
                __fish_complete_directories $metadata[2]
            case file
                __fish_complete_path $metadata[2]
            case plain
                printf '%%s\\n' $metadata[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""
# Words go over in one variable, a line each, and come back in percent-encoding: Windows PowerShell 5.1 loses empty
# arguments and quotes of programs that it starts, and reads what they print in the code page of the console. Where
# nothing is offered PowerShell itself completes names of files.
_POWERSHELL: Final = """\
Register-ArgumentCompleter -Native -CommandName '%(prog_name)s', '%(prog_name)s.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @()
    $last = ''
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        $text = $element.Extent.Text
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $text = $element.Value }
        if ($element.Extent.EndOffset -lt $cursorPosition) {
            $words += $text
        } else {
            $last = $element.Extent.Text.Substring(0, $cursorPosition - $element.Extent.StartOffset)
        }
    }
    $kept = @{ '%(complete_var)s' = $env:%(complete_var)s; 'COMP_WORDS' = $env:COMP_WORDS }
    try {
        $env:%(complete_var)s = 'powershell_complete'
        $env:COMP_WORDS = ($words + $last | ForEach-Object { [uri]::EscapeDataString($_) }) -join ' '
        $answers = & $commandAst.GetCommandName() 2>$null
    } finally {
        foreach ($name in $kept.Keys) { [Environment]::SetEnvironmentVariable($name, $kept[$name]) }
    }
    foreach ($answer in $answers) {
        $type, $value, $help = $answer -split ' ' | ForEach-Object { [uri]::UnescapeDataString($_) }
        if ($type -ne 'plain') { continue }
        $typed = $value
        if ($value -notmatch '^[\\w./:\\\\+-]+$') { $typed = "'" + ($value -replace "'", "''") + "'" }
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $help)
    }
}
"""


class Bash(BashComplete):
    """bash 4 and newer; 3.2, which macOS has, does not know `compopt`, and completes all but paths."""

    source_template = _BASH

    def source(self) -> str:
        """Return the script; it is for the shell that reads it, not for one that happens to be installed here."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words of the line up to the cursor."""
        words, self._quote = split_line(variable("COMP_WORDS"))
        return words[1:-1], words[-1] if len(words) > 1 else ""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a word as it is typed: within quotes that are open, or with backslashes."""
        value = item.value
        if item.type == "plain" and not self._quote:
            value = re.sub(r"([^\w@%+=:,./-])", r"\\\1", value)
        return f"{item.type},{value}"

    _quote = ""


class Fish(FishComplete):
    """fish."""

    source_template = _FISH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words of the line up to the cursor."""
        words, _ = split_line(variable("COMP_WORDS"))
        return words[1:-1], words[-1] if len(words) > 1 else ""


class Zsh(ZshComplete):
    """zsh; with blanks its script copes by itself."""


class PowerShell(ShellComplete):
    """Windows PowerShell 5.1, and PowerShell 7."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words up to the cursor; the last one is as it stands, with the quote that it may begin with."""
        from urllib.parse import unquote

        words = [unquote(word) for word in variable("COMP_WORDS").split(" ")]
        return words[1:-1], words[-1].lstrip("'\"") if len(words) > 1 else ""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return type, word and help in ASCII, with blanks between them."""
        return " ".join(quote(part, safe="") for part in (item.type, item.value, item.help or ""))


SHELLS: Final[dict[str, type[ShellComplete]]] = {"powershell": PowerShell, "bash": Bash, "zsh": Zsh, "fish": Fish}
"""The shells, with how each is spoken to."""


def register() -> None:
    """Let these shells be answered."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)


def script(shell: str) -> str:
    """Return the script that a shell reads."""
    from bulktap.cli.main import cli

    return SHELLS[shell](cli, {}, "bulktap", VARIABLE).source()


def split_line(line: str) -> tuple[list[str], str]:
    """Return the words of a line as POSIX shells split it, and the quote that is still open, empty if none is.

    The last word is the one at the end of the line; it is empty after a blank.
    """
    words, quoting, begun = [""], "", False
    letters = iter(line)
    for letter in letters:
        if letter == "\\" and quoting != "'":
            following = next(letters, "")
            words[-1] += following if not quoting or following in '"\\$`' else letter + following
        elif letter == quoting:
            quoting = ""
        elif letter in "'\"" and not quoting:
            quoting, begun = letter, True
        elif letter.isspace() and not quoting:
            if words[-1] or begun:
                words.append("")
            begun = False
        else:
            words[-1] += letter
    return words, quoting
