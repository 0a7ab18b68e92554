"""The daemon on the camera's LAN: one button press from the queue becomes a photo, a record and a spoken sentence."""
