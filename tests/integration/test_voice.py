"""What can come to be said is ready before anybody presses."""

from pathlib import Path

from tests.support.cloud_faults import denied
from tests.support.site import ONLY, Site
from worker.domain.sentences import parts
from worker.domain.sound import join


def test_a_group_that_was_never_seen_is_told_its_mood_without_polly(cloud: str, tmp_path: Path) -> None:
    with Site(cloud, tmp_path) as site:
        camera = site.camera(ONLY, "group-of-four.jpg")
        site.start().wait_for("the voice is ready")
        site.proxy.befall(denied("polly"), "SynthesizeSpeech")
        site.press()
        record = site.books.balance()[ONLY]
        [sound] = camera.state.sounds
        count, mood = parts(record["said"])
        assert (record["face_count"], record["speech"], count) == (4, "spoken", "I see 4 people.")
        spoken = [site.account.as_polly_says(part) for part in (count, mood)]
    assert sound.audio == join(spoken, "alaw")


def test_after_a_restart_it_is_still_there_and_check_tells_how_much(site: Site) -> None:
    worker = site.start()
    worker.wait_for("the voice is ready")
    worker.stop()
    site.proxy.befall(denied("polly"), "SynthesizeSpeech")
    site.start().wait_for("the voice is ready")
    told = site.host.run("check").stdout
    assert "of 120 that are expected are ready; the daemon fetches the rest: 1," in told
