"""What the engine computes is what the model says, whoever else is served in the same step."""

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import BloomConfig, BloomForCausalLM, LlamaConfig, LlamaForCausalLM

from inference.engine import Engine, plain_text
from inference.progress import CHUNK
from inference.refusals import TextTooLong, Unsupported
from inference.work import Read, Score, Step
from tests.inference.tiny_model import make_model, make_tokenizer

TEXT = list(range(5, 5 + 2 * CHUNK + 7))  # longer than two pieces
LINES = [[3, 4, 5, 6], [9], [7, 8]]


def gptj(vocabulary):
    return make_model(vocabulary)


def llama(vocabulary):
    torch.manual_seed(2)
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512,
    )  # fmt: skip
    return LlamaForCausalLM(config)


SHAPES = {"GPT-J": gptj, "Llama": llama}


@pytest.fixture(scope="module")
def tokenizer():
    return make_tokenizer()


@pytest.fixture(params=[(shape, adapted) for shape in SHAPES for adapted in (False, True)], ids=str)
def plain_and_engine(request, tokenizer):
    """A model as transformers runs it, and an engine with the same weights."""
    shape, adapted = request.param
    models = []
    for _ in range(2):
        model = SHAPES[shape](len(tokenizer))
        if adapted:
            torch.manual_seed(3)
            lora = LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
            model = get_peft_model(model, lora)
        models.append(model.eval())
    return models[0], Engine(models[1], tokenizer)


def said(model, tokens):
    """The logits after every token: [tokens, vocabulary]."""
    with torch.inference_mode():
        return model(input_ids=torch.tensor([tokens])).logits[0]


def near(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def advance(engine, works):
    """Do some works side by side; their answers."""
    progresses = [engine.begin(work) for work in works]
    while left := [each for each in progresses if not each.answered]:
        engine.step(left)
    return [each.answer for each in progresses]


def test_a_text_that_is_read_in_pieces_is_read_as_one(plain_and_engine):
    plain, engine = plain_and_engine

    context = engine.run(engine.read(TEXT))

    near(context.logits, said(plain, TEXT)[-1])


def test_a_context_can_be_read_on_from_twice(plain_and_engine):
    plain, engine = plain_and_engine
    context = engine.run(engine.read(TEXT))

    one = engine.run(engine.read([3, 4], context))
    other = engine.run(engine.read([8], context))
    again = engine.run(engine.read([5], one))

    near(other.logits, said(plain, [*TEXT, 8])[-1])
    near(again.logits, said(plain, [*TEXT, 3, 4, 5])[-1])


def test_what_was_read_before_can_be_forgotten(plain_and_engine):
    plain, engine = plain_and_engine
    context = engine.run(engine.read(TEXT))
    engine.run(engine.read([3, 4, 5], context))

    other = engine.run(engine.read([8], context, forget=True))

    assert other.store is context.store
    near(other.logits, said(plain, [*TEXT, 8])[-1])


def test_rows_go_on_each_by_itself_and_may_be_dropped(plain_and_engine):
    plain, engine = plain_and_engine
    rows = engine.rows(engine.run(engine.read(TEXT)), 3)

    engine.run(engine.append(rows, [3, 4, 5]))
    rows.keep([0, 2])
    engine.run(engine.append(rows, [6, 7]))

    near(rows.logits[0], said(plain, [*TEXT, 3, 6])[-1])
    near(rows.logits[1], said(plain, [*TEXT, 5, 7])[-1])


def test_rows_outgrow_their_room(plain_and_engine):
    plain, engine = plain_and_engine
    rows, line = engine.rows(engine.run(engine.read([2, 3])), 2), list(range(5, 65))

    for token in line:
        engine.run(engine.append(rows, [token, token + 1]))

    near(rows.logits[0], said(plain, [2, 3, *line])[-1])


def test_lines_are_priced_token_by_token(plain_and_engine):
    plain, engine = plain_and_engine
    context = engine.run(engine.read(TEXT))

    prices = engine.run(engine.score(context, LINES))

    for line, found in zip(LINES, prices, strict=True):
        logits = said(plain, [*TEXT, *line])[len(TEXT) - 1 : -1].log_softmax(-1)
        expected = logits.gather(-1, torch.tensor(line)[:, None])[:, 0]
        near(torch.tensor(found), expected)


def test_nothing_changes_in_company(plain_and_engine):
    """To the last bit, on a processor: tokens are computed in the same shapes."""
    _, engine = plain_and_engine

    def verse():
        context = engine.run(engine.read(TEXT))
        rows = engine.rows(context, 4)
        return context, rows

    (context, rows), (other, others) = verse(), verse()
    engine.run(engine.append(rows, [3, 4, 5, 6]))
    (alone,) = advance(engine, [Score(context, LINES)])

    works = [Step(others, [3, 4, 5, 6]), Score(other, LINES)]
    crowd = [Step(engine.rows(context, count), [7] * count) for count in (1, 9, 30)]
    together = advance(engine, [crowd[0], *works, *crowd[1:]])[2]

    assert torch.equal(rows.logits, others.logits)
    assert alone == together


def test_the_text_of_one_is_read_while_others_write(plain_and_engine):
    plain, engine = plain_and_engine
    rows = engine.rows(engine.run(engine.read([2, 3])), 1)
    reading = engine.begin(next(engine.read(TEXT)))

    written = 0
    while not reading.answered:
        stepping = engine.begin(Step(rows, [written + 4]))
        engine.step([reading, stepping])
        written += stepping.answered

    assert written == 3
    near(rows.logits[0], said(plain, [2, 3, 4, 5, 6])[-1])


def test_two_may_begin_to_read_on_from_one_context_at_once(plain_and_engine):
    plain, engine = plain_and_engine
    context = engine.run(engine.read(TEXT))

    one, other = advance(
        engine, [next(engine.read([3, 4], context)), next(engine.read([8, 9], context))]
    )

    near(one.logits, said(plain, [*TEXT, 3, 4])[-1])
    near(other.logits, said(plain, [*TEXT, 8, 9])[-1])


def test_a_text_beyond_what_the_model_can_read_is_refused(tokenizer):
    engine = Engine(make_model(len(tokenizer)), tokenizer)  # of 1024 positions

    engine.begin(Read([5] * 1024))
    with pytest.raises(TextTooLong, match="1025 tokens"):
        engine.begin(Read([5] * 1025))


def test_a_model_whose_attention_is_fixed_is_refused(tokenizer):
    config = BloomConfig(vocab_size=len(tokenizer), hidden_size=32, n_layer=1, n_head=2)

    with pytest.raises(Unsupported, match="bloom cannot be served"):
        Engine(BloomForCausalLM(config), tokenizer)


@pytest.mark.parametrize(
    ("token", "text"),
    [("Ġday", " day"), ("▁day", " day"), ("Ċ", "\n"), ("<0x0A>", "\n"), ("day", "day")],
)
def test_marks_of_tokenizers_are_spaces_and_line_ends(token, text):
    assert plain_text(token) == text
