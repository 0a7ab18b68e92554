"""What a press leaves behind for its watcher."""

import json
import shutil
from collections.abc import Mapping
from typing import Any

from demo.cloud import Cloud
from demo.heard import Sound
from demo.output import Output
from demo.pictures import boxed


def keep(cloud: Cloud, output: Output, name: str, record: Mapping[str, Any], sound: Sound | None) -> None:
    """The record, the photo with boxed faces or the clip, and the sound, in files of this name. Raises DemoFailed."""
    text = json.dumps(record, indent=2, ensure_ascii=False, sort_keys=True)
    output.new(f"{name}.json").write_text(text + "\n", encoding="utf-8")
    if "image_key" in record:
        picture = boxed(cloud.photo(record["image_key"]), record.get("faces", []))
        picture.save(output.new(f"{name}.jpg"), quality=90)
    if "video_key" in record:
        with output.new(f"{name}.mp4").open("wb") as clip:
            clip.writelines(cloud.clip(record["video_key"]))
    if sound is not None:
        shutil.copyfile(sound.file, output.new(f"{name}.wav"))
