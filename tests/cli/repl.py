# SPDX-License-Identifier: MIT
# The prompt on a terminal: repl_check.py holds the session.
# check: repl_check.py
# timeout: 120
