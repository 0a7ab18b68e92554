"""`python -P pico.py LANGUAGE`: says the text on standard input, as 16-bit PCM at 16 kHz on standard output.

A process for each text. Pico reads memory that it has not written, so that the same text sounds differently from call
to call and a long word may never end, and py-nanotts keeps every other thread waiting meanwhile; in a fresh process
that memory is zero, and whatever goes wrong ends with it.
"""

import resource
import sys

from py_nanotts import NanoTTS

# Five minutes of speech take less. The kernel ends what goes on for ever, also when nobody is left to do so.
MAX_CPU_SECONDS = 10
# Of Pico's loudness, at which vowels reach beyond 16 bits and are cut off.
VOLUME = 0.4

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    text = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(NanoTTS().speak(text, voice=sys.argv[1], volume=VOLUME))
