"""Ask for a command that is forked from a process that has loaded it (`commands.py`), and end as it ends.

Run as `python -IS ask_for_command.py NAME ARGUMENT…`, with as little loaded as possible. The command gets
the folder, environment, input and output of this process.
"""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
    asking.connect("\0" + sys.argv[1])
    told = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()  # noqa: PTH109 - pathlib takes long to load
    socket.send_fds(asking, [told], [0, 1, 2])
    code = asking.recv(1)
sys.exit(code[0] if code else "The command was killed.")
