/** A connection to another host that outlives the command that it was opened for. */
import type { HostClient, HostClientOptions } from '@pilotty/client/node';

export type Connect = (options: HostClientOptions) => HostClient;

export interface Connection {
  readonly client: HostClient;
  /** Something was said about it to the command that has it, which the next would not hear. */
  readonly hasWarned: boolean;
  /** It belongs to another command, which decides whether a daemon is started should it have to be opened anew. */
  use(options: HostClientOptions): void;
}

export function connectionFor(connect: Connect, first: HostClientOptions): Connection {
  let options = first;
  let hasWarned = false;
  const client = connect({
    get host() {
      return { ...options.host, isUnattended: true };
    },
    warn(message) {
      hasWarned = true;
      options.warn?.(message);
    },
    client: first.client,
    keepsProcess: false,
  });
  return {
    client,
    get hasWarned() {
      return hasWarned;
    },
    use(next) {
      options = next;
    },
  };
}
