"""Runs one call of the AWS CLI in a process that `forking_aws_cli.py` forks.

A script of the AWS CLI's interpreter: the socket, then the AWS CLI's arguments. The call has this
process's folder, environment, standard input, output and error, and its exit code.
"""

# The module socket takes longer to import than all else here.
import _socket
import array
import marshal
import os
import sys

_KILLED = 128


def call(path: str, arguments: list[str]) -> int:
    """Run a call and return its exit code, as a shell has it."""
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(path)
    data = marshal.dumps((os.getcwd(), arguments, dict(os.environ)))  # noqa: PTH109
    descriptors = array.array("i", [0, 1, 2])
    sent = connection.sendmsg(
        [data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors.tobytes())]
    )
    connection.sendall(data[sent:])
    connection.shutdown(_socket.SHUT_WR)
    code = int(connection.recv(16))
    return code if code >= 0 else _KILLED - code


if __name__ == "__main__":
    sys.exit(call(sys.argv[1], sys.argv[2:]))
