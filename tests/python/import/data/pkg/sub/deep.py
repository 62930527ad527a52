__all__ = ["seen"]
seen = __package__
hidden = 1
