"""The Amcrest (Dahua) camera: its digest-authenticated CGI, and the care it needs."""
