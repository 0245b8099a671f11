/** How others see who asks from another host, unless they are told: a process number of this host would be another one there. */
import { hostname, userInfo } from 'node:os';

export function callerName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // No passwd entry.
    return hostname();
  }
}
