"""What Rekognition's DetectFaces tells of a photograph, worked out on this machine."""

from .analyser import FaceAnalyser
from .details import Attribute, FaceDetail

__all__ = ["Attribute", "FaceAnalyser", "FaceDetail"]
