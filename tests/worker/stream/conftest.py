from tests.worker.camera.conftest import access, camera, first_photo, photos, time

__all__ = ["access", "camera", "first_photo", "photos", "time"]
