"""The camera's stream: RTSP over TCP, with nothing but the standard library."""
