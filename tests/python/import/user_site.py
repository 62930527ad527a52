# check: user_site_check.py
