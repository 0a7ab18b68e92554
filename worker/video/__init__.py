"""The camera's stream as photos and clips. The only room that uses PyAV, and that when the first picture is wanted."""
