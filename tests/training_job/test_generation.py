import pytest
import torch

from tests.training_job.evaluation_world import tiny_speaker
from training_job.generation import Turn, converse
from training_job.token_rows import GREEDY, Manner, Speaker, choose

PROMPTS = [
    "# Rain | AABB\nA 8\n",
    "Say: night\n",
    "# The night bus | ABAB\nA 10 hill\nThe last bus home is coughing up the hill\nB 10",
    "Rhyme: day\n",
    "# Snow | AAAA\nA 7\nThe snow is on the road again\nA 7\n",
]


MORE = ("B 5\n", "", "C 6")  # what is told after the first line; a turn may tell nothing


def talk(prompt, most=9):
    """A line after a prompt, and one after each of the other texts."""
    lines = []
    for told in (prompt, *MORE):
        lines.append((yield Turn(told, most)))
    return lines


def held(prompts, rows, manner=GREEDY):
    return dict(converse(tiny_speaker(), [talk(p) for p in prompts], manner, prompts, rows))


def anew(speaker, prompt, most=9):
    """The same greedy lines, each token chosen after reading the whole text without a cache."""
    read, lines = [], []
    for told in (prompt, *MORE):
        read += speaker.encode(told)
        line = ""
        for _ in range(most):
            with torch.inference_mode():
                token = int(speaker.model(input_ids=torch.tensor([read])).logits[0, -1].argmax())
            read.append(token)
            line += speaker.text_of(token)
            if "\n" in line:
                break
        else:
            read += speaker.encode("\n")
        lines.append(line.split("\n")[0])
    return lines


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_line_is_what_the_model_says_when_it_reads_everything_anew(prompt):
    [lines] = held([prompt], 1).values()

    assert [line.text for line in lines] == anew(tiny_speaker(), prompt)


@pytest.mark.parametrize("rows", [2, 3, 32])
def test_batching_changes_no_line(rows):
    assert held(PROMPTS, rows) == held(PROMPTS, 1)


def test_some_lines_end_by_themselves_and_some_because_they_are_long():
    """The other tests mean something only if both happen."""
    ended = {line.ended for lines in held(PROMPTS, 32).values() for line in lines}

    assert ended == {True, False}


def test_a_drawn_line_depends_on_its_own_seed_and_not_on_its_neighbours():
    alone = [held([prompt], 1, Manner())[0] for prompt in PROMPTS]

    together = held(PROMPTS, 3, Manner())

    assert [together[place] for place in range(len(PROMPTS))] == alone


def test_another_seed_gives_other_lines():
    speaker = tiny_speaker()

    one, other = [
        dict(converse(speaker, [talk(PROMPTS[0])], Manner(), [seed]))[0] for seed in (1, 2)
    ]

    assert one != other


@pytest.mark.parametrize(
    ("draw", "top_p", "temperature", "token"),
    [
        (0.99, 0.5, 1.0, 2),  # one token has half of the chances: no other is left
        (0.0, 1.0, 1.0, 2),
        (0.49, 1.0, 1.0, 2),
        (0.51, 1.0, 1.0, 0),
        (0.81, 1.0, 1.0, 3),
        (0.999, 1.0, 1.0, 1),
        (0.7, 0.79, 1.0, 0),  # of the first two, .5 and .3, the second begins at .625
        (0.6, 0.79, 1.0, 2),
        (0.99, 1.0, 0.01, 2),  # cold: the likeliest
        (0.99, 1.0, 0.0, 2),  # greedy
    ],
)
def test_a_token_is_drawn_from_the_likeliest(draw, top_p, temperature, token):
    logits = torch.tensor([0.3, 0.05, 0.5, 0.15]).log()[None]

    assert choose(logits, [draw], Manner(temperature, top_p)) == [token]


def test_what_ends_a_text_ends_a_line():
    tokenizer = tiny_speaker().tokenizer.__class__(
        tokenizer_object=tiny_speaker().tokenizer.backend_tokenizer, eos_token="a"
    )
    speaker = Speaker(tiny_speaker().model, tokenizer)

    assert speaker.text_of(tokenizer.eos_token_id) == "\n"
