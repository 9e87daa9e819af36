"""The output of wrk: it is read completely, and a run with errors gives no figure."""

import pytest

from bench.load import Load, LoadError, parse_wrk

PRINTED = """Running 3s test @ http://127.0.0.1:8000/v1
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   830.25us    1.18ms  20.07ms   97.76%
    Req/Sec    44.15k     1.70k   47.23k    76.67%
  Latency Distribution
     50%  710.00us
     75%    0.85ms
     90%    1.05ms
     99%   13.85ms
  132000 requests in 3.00s, 42.75MB read
Requests/sec:  43999.50
Transfer/sec:     14.12MB
"""


def with_line(line: str) -> str:
    """Return the same print with one line more before the rate."""
    return PRINTED.replace("Requests/sec:", f"{line}\nRequests/sec:")


def test_rate_and_latencies_are_read_in_one_unit() -> None:
    assert parse_wrk(PRINTED) == Load(rate=43999.5, p50=0.71, p99=13.85)


def test_latencies_in_seconds_become_milliseconds() -> None:
    # wrk pads the one-letter unit with a blank.
    assert parse_wrk(PRINTED.replace("13.85ms", "1.50s ")).p99 == 1500


def test_answers_that_are_errors_spoil_the_run() -> None:
    with pytest.raises(LoadError, match=r"^12 answers were neither 2xx nor 3xx\.$"):
        parse_wrk(with_line("  Non-2xx or 3xx responses: 12"))


def test_broken_connections_spoil_the_run() -> None:
    with pytest.raises(LoadError, match=r"^Connections failed: connect 1, read 2, write 0, timeout 3\.$"):
        parse_wrk(with_line("  Socket errors: connect 1, read 2, write 0, timeout 3"))


@pytest.mark.parametrize("missing", ["Requests/sec:", "99%", "50%"])
def test_a_print_that_lacks_something_is_shown(missing: str) -> None:
    text = "\n".join(line for line in PRINTED.splitlines() if missing not in line)
    with pytest.raises(LoadError, match="something unforeseen:\nRunning 3s test"):
        parse_wrk(text)
