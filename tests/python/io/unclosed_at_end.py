# options: -Wd
# exit: 1
import sys

f = open("/dev/null", "rb")
raise KeyError(1)
