"""A JPEG of a decoded picture."""

from fractions import Fraction

from worker.video.doubt import Doubt
from worker.video.ffmpeg import av

_FINEST = 1
"""FFmpeg's scale of quantisers: finer in every detail than quality 90 of the Independent JPEG Group's."""
_LARGE = 576
"""Rows of standard definition; what is larger and does not say what colours it means has those of HDTV."""

_Space, _Range = av.video.reformatter.Colorspace, av.video.reformatter.ColorRange
_How = av.video.reformatter.Interpolation
_INTERPOLATION = _How.BILINEAR | _How.ACCURATE_RND | _How.FULL_CHR_H_INT
"""Without them all colours come out darker by two."""
_SPACES = {
    1: _Space.ITU709,
    4: _Space.FCC,
    5: _Space.ITU601,
    6: _Space.ITU601,
    7: _Space.SMPTE240M,
    9: _Space.BT2020,
    10: _Space.BT2020,
}
"""By their numbers in the stream (ITU-T H.273, matrix coefficients)."""


def jpeg(frame: av.VideoFrame) -> bytes:
    """In JFIF's colours: those of ITU-R BT.601, from 0 to 255. Raises Doubt."""
    try:
        return _encoded(_in_jfif_colours(frame))
    except (av.FFmpegError, ValueError, MemoryError) as error:
        raise Doubt(f"no JPEG can be made of the newest picture: {type(error).__name__}") from error


def _in_jfif_colours(frame: av.VideoFrame) -> av.VideoFrame:
    picture = frame.reformat(
        format="yuvj420p",
        src_colorspace=_SPACES.get(frame.colorspace, _Space.ITU709 if frame.height > _LARGE else _Space.ITU601),
        dst_colorspace=_Space.ITU601,
        src_color_range=_range(frame),
        dst_color_range=_Range.JPEG,
        interpolation=_INTERPOLATION,
    )
    picture.pts, picture.pict_type = 0, 0
    return picture


def _encoded(picture: av.VideoFrame) -> bytes:
    encoder = _encoder(picture)
    return b"".join(bytes(packet) for step in (picture, None) for packet in encoder.encode(step))


def _range(frame: av.VideoFrame) -> int:
    is_full = frame.format.name.startswith("yuvj") or frame.color_range == _Range.JPEG
    return _Range.JPEG if is_full else _Range.MPEG


def _encoder(picture: av.VideoFrame) -> av.VideoCodecContext:
    encoder = av.VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuvj420p"
    encoder.time_base = Fraction(1, 1)
    encoder.qmin = encoder.qmax = _FINEST
    encoder.flags |= av.codec.context.Flags.bitexact
    return encoder
