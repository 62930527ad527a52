// SPDX-License-Identifier: MIT
// A line from the person at the terminal.
#ifndef QV_TOOLS_CLI_EDITOR_H
#define QV_TOOLS_CLI_EDITOR_H

typedef enum EditorResult {
    EDITOR_LINE,
    EDITOR_END,         // Ctrl-D, or the input is over
    EDITOR_INTERRUPTED, // Ctrl-C
    EDITOR_NO_MEMORY,
} EditorResult;

// Loads the editing library, where there is one and standard input and output are a terminal, and
// the lines of earlier sessions from the file `history` (NULL: none are kept).
void editor_start(const char *history);
void editor_stop(void); // writes the history

// Shows the prompt (NULL: none) and reads a line. *ret has its newline and is the caller's to free.
EditorResult editor_read(const char *prompt, char **ret);

#endif
