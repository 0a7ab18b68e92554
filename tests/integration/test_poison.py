"""What is on the queue and is no command."""

from tests.support.account import Account
from tests.support.waiting import eventually
from tests.support.worker_process import Host

NOISE = "noise " * 40_000
POISON = {
    "MakeCoffee": "unknown command",
    '{"command": ': "looks like JSON",
    '{"a":' * 20_000: "looks like JSON",
    '{"command": "TakePicture", "camera": "cellar"}': "unknown camera",
    NOISE: "unknown command",
}


def test_what_is_no_command_goes_to_the_dead_letter_queue_and_the_loop_goes_on(host: Host, account: Account) -> None:
    worker = host.start(SPEECH="off")
    for body in POISON:
        account.press(body)
    account.press()
    [record] = account.ended()
    assert record["status"] == "completed"

    dead: list[str] = []
    eventually(lambda: len(dead_letters(account, dead)) == len(POISON))
    assert sorted(dead) == sorted(POISON)
    account.wait_until_empty()
    rejections = worker.logged("rejected")
    assert len(rejections) == len(POISON)
    for body, reason in POISON.items():
        [entry] = [entry for entry in rejections if entry["body_characters"] == len(body)]
        assert reason in entry["reason"]
        assert body.startswith(entry["body"])
        assert len(entry["body"]) <= 200


def dead_letters(account: Account, dead: list[str]) -> list[str]:
    dead.extend(account.dead_letters())
    return dead
