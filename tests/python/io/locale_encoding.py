# options: -X utf8=0
import io
print(io.TextIOWrapper(io.BytesIO()).encoding, io.TextIOWrapper(io.BytesIO(), encoding="locale").encoding, io.text_encoding(None))
