/** What the kernel answers when this process, or the machine, can open no more files. */
import { RequestError } from '@pilotty/protocol';

export function isOutOfDescriptors(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') return true;
  return code === 'ERR_WORKER_INIT_FAILED' && /E[MN]FILE/.test(message);
}

/** What helps: the limit is this process's, or, with ENFILE, the machine's. */
function moreDescriptors(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENFILE' || /ENFILE/.test(message))
    return "The machine has as many files open as it can (sysctl fs.file-max): end what is no longer needed, with 'pilotty kill -s NAME' for sessions, or raise it.";
  return "End sessions with 'pilotty kill -s NAME', or raise 'ulimit -n' and restart the daemon with 'pilotty stop'.";
}

/** @param what could not be done */
export function outOfDescriptors(what: string, error: unknown): RequestError {
  return new RequestError('LIMIT_REACHED', `${what}: no file descriptors are left (${error})`, {
    suggestion: moreDescriptors(error),
  });
}
