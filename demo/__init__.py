"""The stand-ins for trying the worker without hardware: a simulated camera, and the one-command demo."""
