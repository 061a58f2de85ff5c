import pytest

from training_job.comparison import compare
from training_job.intervals import bootstrap_interval, difference_interval, share_interval
from training_job.thresholds import ThresholdsWrong, read_thresholds


def test_a_share_of_single_trials_has_wilsons_interval():
    assert share_interval([(1, 1)] * 8 + [(0, 1)] * 2) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_bars_that_agree_within_their_verse_count_as_one():
    alone, together = [(1, 1)] * 10 + [(0, 1)] * 10, [(4, 4)] * 10 + [(0, 4)] * 10

    wide, narrow = share_interval(alone), share_interval([(2, 4)] * 20)

    assert share_interval(together) == pytest.approx(wide, abs=0.02)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    assert share_interval([(0, 9)] * 10) == share_interval([(0, 1)] * 10)


def test_a_mean_of_one_unit_has_no_interval():
    assert bootstrap_interval([(3.0, 2), (0, 0)]) is None
    low, high = bootstrap_interval([(1.0, 1), (3.0, 1), (0, 0)] * 20)
    assert 1.5 < low < 2.0 < high < 2.5


def test_pairs_take_out_what_both_have_in_common():
    hard_and_easy = [(n, 10) for n in range(10)] * 3
    better = [(hits + 1, of) for hits, of in hard_and_easy]

    low, high = difference_interval(better, hard_and_easy)

    assert (low, high) == pytest.approx((0.1, 0.1))


def test_a_share_of_all_is_not_known_for_sure():
    """Two of 400 words are wrong, against none of 400: Fisher's exact test gives p = 0.5."""
    all_right, two_wrong = [(20, 20)] * 20, [(20, 20)] * 18 + [(19, 20)] * 2

    low, high = difference_interval(two_wrong, all_right)

    assert low < -0.005 < 0 < high
    assert difference_interval(all_right, two_wrong) == pytest.approx((-high, -low))


def test_a_share_of_nothing_is_told_from_one_of_a_half():
    low, high = difference_interval([(2, 4)] * 20, [(0, 4)] * 20)

    assert 0.25 < low < 0.5 < high


def measured(**figures):
    return {"asked": {"units": [], "figures": {name: {"value": v} for name, v in figures.items()}}}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("perfect>=0.3", True), ("perfect>=0.31", False), ("perfect<=0.3", True),
        ("perfect=0.2", True), ("identical=0.2", True), ("identical=0.1", False),
        ("asked.perfect >= 0.3", True), ("told.perfect>=0.1", False), ("loss.verse<=9", False),
    ],
)  # fmt: skip
def test_a_threshold_is_kept_or_missed(text, kept):
    [threshold] = read_thresholds([text])

    assert threshold.judge(measured(perfect=0.3, identical=0.15))["kept"] is kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("perfect=>0.3", "no threshold such as"),
        ("rhymes>=0.3", "verses have no figure rhymes"),
        ("sang.perfect>=0.3", "no group sang"),
        ("loss.perfect<=3", "loss has no figure perfect"),
        ("slant=0.3", "neither way is better"),
        ("perfect>=1.2.3", "no number"),
        ("nothing.txt", "neither a file"),
    ],
)
def test_thresholds_that_mean_nothing_are_named(text, words):
    with pytest.raises(ThresholdsWrong, match=words):
        read_thresholds([text])


def test_thresholds_may_lie_in_a_file(tmp_path):
    path = tmp_path / "bounds.txt"
    path.write_text("# for the demo\nperfect>=0.3\n\nidentical<=0.03\n")

    assert list(map(str, read_thresholds([str(path)]))) == ["perfect>=0.3", "identical<=0.03"]


def evaluation(way="asked", **counts):
    units = [f"prompt {n}" for n in range(20)]
    figures = {name: {"counts": each} for name, each in counts.items()}
    return {"groups": {way: {"units": units, "figures": figures}}}


HALF, MOST = [(1, 2)] * 20, [(2, 2)] * 18 + [(1, 2)] * 2


@pytest.mark.parametrize(
    ("name", "first", "second", "verdict"),
    [
        ("perfect", HALF, MOST, "better"),
        ("perfect", MOST, HALF, "worse"),
        ("identical", HALF, MOST, "worse"),
        ("slant", HALF, MOST, "differs"),
        ("perfect", HALF, [(2, 2), (0, 2)] * 10, "open"),
        ("perfect", HALF, HALF, "open"),
    ],
)
def test_a_line_is_better_worse_or_open(name, first, second, verdict):
    [line] = compare(evaluation(**{name: first}), evaluation(**{name: second}))

    assert (line["group"], line["figure"], line["verdict"]) == ("asked", name, verdict)


@pytest.mark.parametrize(("low", "verdict"), [(0.02, "open"), (0.04, "worse")])
def test_bars_like_one_from_training_are_no_fault_where_peoples_bars_are_so_as_often(low, verdict):
    first, second = evaluation(near_copies=HALF), evaluation(near_copies=MOST)
    figure = second["groups"]["asked"]["figures"]["near_copies"]
    figure |= {"low": low, "chance": {"value": 0.014, "low": 0.006, "high": 0.033}}

    [line] = compare(first, second)

    assert line["verdict"] == verdict


def test_a_model_without_end_words_is_compared_by_what_it_does_most_by_itself():
    [line] = compare(evaluation("plain", perfect=HALF), evaluation("asked", perfect=MOST))

    assert (line["group"], line["verdict"]) == ("plain, asked", "better")


def test_only_common_prompts_are_compared():
    other = evaluation(perfect=MOST)
    other["groups"]["asked"]["units"] = [f"prompt {n}" for n in range(10, 30)]

    [line] = compare(evaluation(perfect=HALF), other)

    assert line["units"] == 10
