from ..beta import name
from .deep import *
