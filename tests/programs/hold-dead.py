# Keeps a process from being reaped: it is traced, and its tracer, which hears of its end first, never asks.
# hold-dead.py target: lets itself be traced, prints 'ready', and waits.  hold-dead.py trace PID: traces it until killed.
import ctypes, signal, sys

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE = 0x4206
PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)

if sys.argv[1] == 'target':
    # Not known where nobody is kept from tracing.
    libc.prctl(PR_SET_PTRACER, ANY, 0, 0, 0)
elif libc.ptrace(PTRACE_SEIZE, int(sys.argv[2]), None, None) != 0:
    sys.exit('ptrace: errno %d' % ctypes.get_errno())
print('ready', flush=True)
while True:
    signal.pause()
