# check: running_check.py
