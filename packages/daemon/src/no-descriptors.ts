/** What the kernel answers when this process, or the machine, can open no more files. */
import { RequestError } from '@pilotty/protocol';

export function isOutOfDescriptors(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') return true;
  return code === 'ERR_WORKER_INIT_FAILED' && /E[MN]FILE/.test(message);
}

/** @param what could not be done */
export function outOfDescriptors(what: string): RequestError {
  return new RequestError('LIMIT_REACHED', `${what}: the daemon has too few file descriptors left`, {
    suggestion:
      "End sessions with 'pilotty kill -s NAME', or raise 'ulimit -n' and restart the daemon with 'pilotty stop'.",
  });
}
