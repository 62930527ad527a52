from .beta import name as beta_name
name = "alpha"
