/**
 * Where a program runs that is not among those of this host: named by a runtime and what that runtime calls it. What could
 * be an option of the runtime's command, or a word of a shell, is no name.
 */
import { RequestError } from '@pilotty/protocol';

export type Place =
  | { runtime: 'docker' | 'podman'; name: string }
  | { runtime: 'kubectl'; pod: string; container: string | undefined; namespace: string | undefined }
  | { runtime: 'nsenter'; pid: number };

/** As docker and podman name containers; an id is of the same form. */
const CONTAINER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}$/;
/** Names of Kubernetes: RFC 1123, a subdomain for pods, labels for the others. */
const POD =
  /^(?<pod>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?:\/(?<container>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))?(?:@(?<namespace>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?))?$/;
/** pid_t. */
const MAX_PID = 2_147_483_647;

/** @throws RequestError INVALID_INPUT */
export function parsePlace(text: string): Place {
  const [, runtime, name = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (runtime) {
    case 'docker':
    case 'podman':
      if (CONTAINER.test(name)) return { runtime, name };
      break;
    case 'kubectl': {
      const { pod, container, namespace } = POD.exec(name)?.groups ?? {};
      if (pod !== undefined) return { runtime, pod, container, namespace };
      break;
    }
    case 'nsenter': {
      const pid = /^[1-9]\d{0,9}$/.test(name) ? Number(name) : 0;
      if (pid > 0 && pid <= MAX_PID) return { runtime, pid };
    }
  }
  throw new RequestError('INVALID_INPUT', `'${text}' is no place where a program can be started`, {
    suggestion: 'Give docker:NAME, podman:NAME, kubectl:POD[/CONTAINER][@NAMESPACE] or nsenter:PID.',
  });
}
