"""Lyrics of our own in files, as people keep them."""

VERSE = """[Verse 1]
I carry the lantern and walk with the night
You follow my shadow to look for the light"""


def put(folder, files):
    """The folder, with files of these names and contents."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
