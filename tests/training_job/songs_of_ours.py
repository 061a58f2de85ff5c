"""Songs for tests: our own verses, and songs made up of their lines."""

import json
import random
from dataclasses import asdict, replace

from bars.sample_verses import sample_verses
from training_job.prepare import sample_songs
from training_job.songs import Song

LINES = [bar for verse in sample_verses() for bar in verse.bars]
SPANISH = (
    "Camino por la calle con el viento en la cara\nLa luna me acompaña y la noche no para\n"
    "Mi madre me decía que siguiera mi camino\nY yo le prometí que cambiaría mi destino"
)


def our_songs():
    return list(sample_songs(sample_verses()))


def by_artists(count):
    """Our songs, each artist with several."""
    songs = our_songs()
    return [replace(song, artist=f"Artist {i % count}") for i, song in enumerate(songs)]


def song(artist, title, *stanzas):
    text = "\n\n".join("\n".join(lines) for lines in stanzas)
    return Song(artist, title, text, "made up", f"{artist} {title}")


def shared_lines(artists, seed=1):
    """Songs of which many have lines in common, across artists."""
    draw = random.Random(seed)
    for i in range(artists):
        for j in range(3):
            stanzas = [draw.sample(LINES, 8), draw.sample(LINES[:200], 8)]
            yield song(f"Artist {i}", f"Song {j}", *stanzas)


def write_songs(path, songs):
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in songs))
    return path
