#!/usr/bin/env python3
"""Stands in for the command line of docker, podman or kubectl, over namespaces: by the name that it is called by.

As with them, the program is no child of this command: it goes on when this is killed, gets no signal that this gets, has
a terminal of its own, whose size it is told only after its start, and the environment of the container. STAND_IN_CONTAINERS
is a directory with a JSON file for each container: pid, cwd, env; and perhaps "is", for one that cannot be entered, or "slow_s".
What is run is written into `calls` there.
"""
import ctypes, errno, fcntl, json, os, select, signal, socket, struct, sys, termios, time, tty

RUNTIME = os.path.basename(sys.argv[0])
STATE = os.environ['STAND_IN_CONTAINERS']


def fail(code, message):
    sys.stderr.write(message + '\n')
    sys.exit(code)


def parse(words):
    """Options as these commands take them: what is not among them is an error, as there."""
    is_terminal, env, extra = False, {}, {}
    if words[:1] != ['exec']:
        fail(125, f'{RUNTIME}: only exec is known here')
    words = words[1:]
    while words and words[0].startswith('-'):
        option, words = words[0], words[1:]
        if option in ('-i', '-t'):
            is_terminal |= option == '-t'
        elif option.startswith('--detach-keys=') and RUNTIME != 'kubectl':
            pass
        elif option == '--env' and RUNTIME != 'kubectl':
            name, words = words[0], words[1:]
            if name in os.environ:
                env[name] = os.environ[name]
        elif option in ('-n', '-c') and RUNTIME == 'kubectl':
            extra[option], words = words[0], words[1:]
        else:
            fail(125, f'unknown flag: {option}')
    name, words = words[0], words[1:]
    if RUNTIME == 'kubectl':
        if words[:1] != ['--']:
            fail(1, 'error: no command')
        words = words[1:]
        name = '_'.join([name, extra.get('-c', 'first'), extra.get('-n', 'default')])
    return is_terminal, env, name, words


def find(name):
    try:
        with open(os.path.join(STATE, name + '.json')) as file:
            facts = json.load(file)
    except FileNotFoundError:
        fail(1, f'Error: No such container: {name}')
    if 'is' in facts:
        fail(1, f'Error response from daemon: Container {name} is {facts["is"]}')
    time.sleep(facts.get('slow_s', 0))
    return facts


def enter(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    # All are opened first: in there /proc is another one.
    wanted = []
    for namespace in ('user', 'mnt', 'uts', 'pid'):
        theirs = os.open(f'/proc/{pid}/ns/{namespace}', os.O_RDONLY)
        if os.fstat(theirs).st_ino != os.stat(f'/proc/self/ns/{namespace}').st_ino:
            wanted.append(theirs)
    for namespace in wanted:
        if libc.setns(namespace, 0) != 0:
            fail(126, f'setns: {os.strerror(ctypes.get_errno())}')


def start(facts, words, env, slave):
    """@returns the pid in this namespace, or the reason why it is none"""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for number in range(1, 32):
                if number not in (signal.SIGKILL, signal.SIGSTOP):
                    signal.signal(number, signal.SIG_DFL)
            if slave is not None:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for descriptor in (0, 1, 2):
                    os.dup2(slave, descriptor)
            os.chdir(facts['cwd'])
            os.execvpe(words[0], words, env)
        except OSError as error:
            os.write(writer, os.strerror(error.errno).encode())
        os._exit(126)
    os.close(writer)
    reason = os.read(reader, 1000).decode()
    os.close(reader)
    return child, reason and f'OCI runtime exec failed: exec: "{words[0]}": {reason}: unknown'


def code_of(status):
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def plain(facts, words, env):
    enter(facts['pid'])
    child, reason = start(facts, words, env, None)
    if reason:
        fail(126, reason)
    sys.exit(code_of(os.waitpid(child, 0)[1]))


def shim(channel, facts, words, env):
    """Has the terminal in there, whoever looks at it."""
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    null = os.open('/dev/null', os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    enter(facts['pid'])
    master, slave = os.openpty()
    child, reason = start(facts, words, env, slave)
    os.close(slave)
    if reason:
        channel.sendall(frame(b'e', reason.encode()))
        os._exit(0)
    is_watched, begun = True, b''
    while True:
        ready, _, _ = select.select([master] + ([channel] if is_watched else []), [], [])
        if channel in ready:
            try:
                got = channel.recv(65536)
            except OSError:
                got = b''
            is_watched, begun = got != b'', begun + got
            for kind, content, begun in frames(begun):
                if kind == b's':
                    fcntl.ioctl(master, termios.TIOCSWINSZ, content)
                else:
                    os.write(master, content)
        if master in ready:
            try:
                printed = os.read(master, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                break
            if is_watched:
                try:
                    channel.sendall(frame(b'd', printed))
                except OSError:
                    is_watched = False
    code = code_of(os.waitpid(child, 0)[1])
    try:
        channel.sendall(frame(b'x', struct.pack('i', code)))
    except OSError:
        pass
    os._exit(0)


def frame(kind, content):
    return kind + struct.pack('I', len(content)) + content


def frames(received):
    """Each as kind, content and what follows it."""
    while len(received) >= 5 and len(received) >= 5 + struct.unpack('I', received[1:5])[0]:
        end = 5 + struct.unpack('I', received[1:5])[0]
        kind, content, received = received[:1], received[5:end], received[end:]
        yield kind, content, received


def interactive(facts, words, env):
    if not os.isatty(0):
        fail(1, 'the input device is not a TTY')
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        shim(theirs, facts, words, env)
    theirs.close()
    before = termios.tcgetattr(0)
    tty.setraw(0)

    def tell_size(*_):
        ours.sendall(frame(b's', fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(8))))

    def end(code, message=''):
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        sys.stderr.write(message)
        sys.stderr.flush()
        os._exit(code)

    signal.signal(signal.SIGWINCH, tell_size)
    tell_size()
    begun = b''
    while True:
        ready, _, _ = select.select([0, ours], [], [])
        if 0 in ready:
            ours.sendall(frame(b'd', os.read(0, 65536)))
        if ours not in ready:
            continue
        got = ours.recv(65536)
        if got == b'':
            end(1, 'error: the connection was lost\r\n')
        begun += got
        for kind, content, begun in frames(begun):
            if kind == b'd':
                while content:
                    content = content[os.write(1, content):]
            elif kind == b'e':
                end(126, content.decode() + '\n')
            else:
                end(struct.unpack('i', content)[0])


def main():
    is_terminal, given, name, words = parse(sys.argv[1:])
    with open(os.path.join(STATE, 'calls'), 'a') as calls:
        calls.write(json.dumps([RUNTIME, *sys.argv[1:]]) + '\n')
    facts = find(name)
    env = {**facts['env'], **({'TERM': 'xterm'} if is_terminal and RUNTIME != 'kubectl' else {}), **given}
    (interactive if is_terminal else plain)(facts, words, env)


main()
