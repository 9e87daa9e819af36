"""The wrk scripts hold what they are given, and a zipf mix asks for few URLs often."""

from collections import Counter

from bench.mixes import with_first_reads, zipf, zipf_order


def test_the_order_names_every_place_within_the_list_and_repeats() -> None:
    order = zipf_order(100)
    assert set(order) <= set(range(1, 101))
    assert order == zipf_order(100)


def test_the_most_asked_for_is_asked_for_about_twice_as_often_as_the_next() -> None:
    (_, first), (_, second) = Counter(zipf_order(100)).most_common(2)
    assert 1.7 < first / second < 2.3


def test_a_zipf_script_names_every_url() -> None:
    assert 'local paths = {"/v1/a", "/v1/b"}\n' in zipf(["/v1/a", "/v1/b"])


def test_a_script_with_first_reads_says_how_often_and_with_which_fields() -> None:
    script = with_first_reads("/v1/a", ("code", "rank"), 10)
    assert 'local path, fields, share = "/v1/a", {"code", "rank"}, 10\n' in script
    assert "local rest, names = fresh, {}\n" in script
