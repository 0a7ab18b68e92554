import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.worker.audience import face, faces
from worker.domain.audience_face import AudienceFace, Judgement, Pose
from worker.domain.engagement import Attendant, attendants, expected_faces, facing, score, turnout

AHEAD = Pose(0.0, 0.0)
baselines = st.builds(Pose, st.floats(-60, 60), st.floats(-45, 45))


def counted(seen: AudienceFace, min_confidence: float = 50.0) -> Attendant:
    (one,) = attendants([seen], min_confidence)
    return one


class TestFacing:
    @pytest.mark.parametrize(
        ("yaw", "expected"), [(0, 1), (20, 1), (-20, 1), (25, 0.75), (30, 0.5), (-30, 0.5), (40, 0), (90, 0), (180, 0)]
    )
    def test_falls_between_20_and_40_degrees_to_either_side(self, yaw: float, expected: float) -> None:
        assert facing(Pose(yaw, 0), AHEAD) == pytest.approx(expected)

    @pytest.mark.parametrize(("pitch", "expected"), [(60, 1), (0, 1), (-15, 1), (-22.5, 0.5), (-30, 0), (-60, 0)])
    def test_falls_between_15_and_30_degrees_down_and_never_up(self, pitch: float, expected: float) -> None:
        assert facing(Pose(0, pitch), AHEAD) == pytest.approx(expected)

    def test_is_measured_from_where_the_section_looks(self) -> None:
        assert facing(Pose(yaw=65, pitch=-17.5), Pose(yaw=35, pitch=5)) == pytest.approx(0.25)

    def test_is_the_shorter_way_round(self) -> None:
        assert facing(Pose(175, 0), Pose(-175, 0)) == 1.0


class TestWhoCounts:
    def test_no_face_without_a_pose(self) -> None:
        assert attendants([AudienceFace(middle=(0.5, 0.5))], 50) == ()

    @pytest.mark.parametrize(("occluded", "count"), [((True, 90.0), 0), ((True, 89.9), 1), ((False, 99.0), 1)])
    def test_no_face_that_is_surely_covered(self, occluded: tuple[bool, float], count: int) -> None:
        assert len(attendants([replace(face(), occluded=Judgement(*occluded))], 50)) == count

    @pytest.mark.parametrize(("eyes", "awake"), [((False, 90.0), False), ((False, 89.9), True), ((True, 99.0), True)])
    def test_closed_eyes_are_believed_from_90_on(self, eyes: tuple[bool, float], *, awake: bool) -> None:
        assert counted(replace(face(), eyes_open=Judgement(*eyes))).awake is awake

    @pytest.mark.parametrize(
        ("smile", "happy", "smiles"),
        [
            ((True, 80.0), 0.0, True),
            ((True, 79.9), 99.0, False),
            ((False, 99.0), 99.0, False),
            (None, 50.0, True),
            (None, 49.9, False),
            (None, None, False),
        ],
    )
    def test_a_smile_is_believed_from_80_on_and_happy_only_where_none_is_told_of(
        self, smile: tuple[bool, float] | None, happy: float | None, *, smiles: bool
    ) -> None:
        told = replace(
            face(),
            smile=smile and Judgement(*smile),
            emotions={} if happy is None else {"HAPPY": happy, "CALM": 99.0},
        )
        assert counted(told).smiles is smiles


def test_a_section_s_sums_by_hand() -> None:
    present = [
        Attendant(Pose(0, 0), awake=True, smiles=True),  # 1
        Attendant(Pose(10, -5), awake=True, smiles=False),  # 0.8
        Attendant(Pose(30, 0), awake=True, smiles=False),  # 0.5 * 0.8
        Attendant(Pose(25, -22.5), awake=True, smiles=True),  # 0.75 * 0.5
        Attendant(Pose(0, 0), awake=False, smiles=True),  # 0
        Attendant(Pose(60, 0), awake=True, smiles=True),  # 0
    ]
    seen = turnout(present, AHEAD)
    assert seen.facing == pytest.approx(1 + 1 + 0.5 + 0.375 + 1)
    assert seen.attentive == pytest.approx(1 + 0.8 + 0.4 + 0.375)
    assert score(seen.attentive, 6, expected=6) == pytest.approx(42.9166667)
    assert score(seen.attentive, 6, expected=10) == pytest.approx(25.75)
    assert score(seen.attentive, 6, expected=2) == pytest.approx(42.9166667)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], 0), ([7], 7), ([5, 10], 9.5), ([10] * 9 + [2], 10), (range(11), 9), ([2] * 95 + [9] * 5, 2)],
)
def test_expected_is_what_nine_in_ten_counts_do_not_exceed(counts: list[int], expected: float) -> None:
    assert expected_faces(list(counts)) == pytest.approx(expected)


def test_the_order_of_faces_does_not_matter_to_the_last_bit() -> None:
    present = attendants([face(21), face(22), face(28)], 50)  # 1.96, or 1.9600000000000002 if merely added up
    assert turnout(present, AHEAD) == turnout(present[::-1], AHEAD)


@given(st.lists(faces, max_size=30), baselines, st.randoms(use_true_random=False))
def test_the_order_of_faces_does_not_matter(seen: list[AudienceFace], baseline: Pose, chance: random.Random) -> None:
    shuffled = list(seen)
    chance.shuffle(shuffled)
    assert turnout(attendants(shuffled, 50), baseline) == turnout(attendants(seen, 50), baseline)


@given(st.lists(faces, min_size=1, max_size=30), baselines, st.floats(0, 1), st.integers(0, 40))
def test_a_score_does_not_rise_with_a_face_that_turns_away(
    seen: list[AudienceFace], baseline: Pose, further: float, expected: int
) -> None:
    present = attendants(seen, 50)
    assume(present)
    turned = min(abs(present[0].pose.yaw - baseline.yaw) % 360, 360 - abs(present[0].pose.yaw - baseline.yaw) % 360)
    away = replace(present[0], pose=Pose(baseline.yaw + turned + further * (180 - turned), present[0].pose.pitch))

    def scored(those: tuple[Attendant, ...]) -> float:
        return score(turnout(those, baseline).attentive, len(those), expected)

    before = scored(present)
    assert 0 <= before <= 100 + 1e-9
    assert scored((away, *present[1:])) <= before + 1e-9
    lower = replace(present[0], pose=Pose(present[0].pose.yaw, present[0].pose.pitch - 90 * further))
    assert scored((lower, *present[1:])) <= before + 1e-9
