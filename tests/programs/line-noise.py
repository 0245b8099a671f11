"""Reads its lines as linenoise does, in raw mode without output processing, and ends by Ctrl+C: redis-cli does so."""
import os
import termios
import tty

prompt = b'127.0.0.1:6379> '
while True:
    before = termios.tcgetattr(0)
    tty.setraw(0)
    os.write(1, b'\r\x1b[0K' + prompt)
    line = b''
    while (key := os.read(0, 1)) not in (b'\r', b'\x03'):
        line += key
        os.write(1, b'\r' + prompt + line + b'\x1b[0K')
    termios.tcsetattr(0, termios.TCSADRAIN, before)
    os.write(1, b'\n')
    if key == b'\x03':
        break
    os.write(1, b'PONG\n' if line == b'PING' else b'(error) ERR unknown command\n')
