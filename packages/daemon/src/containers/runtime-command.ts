/** The command lines of the runtimes, made of separate words: no shell of this host reads them. */
import type { Place } from './place.ts';

/** Six times the key that programs use least: docker holds back the first of a detach sequence, and cannot do without one. */
const NEVER_DETACH = Array(6).fill('ctrl-^').join(',');

/** What runs `words` in the place, on the terminal that it is started on. @param variables of its environment to pass in */
export function interactiveCommand(
  place: Place,
  variables: readonly string[],
  words: readonly string[],
): [string, ...string[]] {
  switch (place.runtime) {
    case 'docker':
    case 'podman': {
      const detach = place.runtime === 'docker' ? NEVER_DETACH : '';
      const passed = variables.flatMap((name) => ['--env', name]);
      return [place.runtime, 'exec', '-i', '-t', `--detach-keys=${detach}`, ...passed, place.name, ...words];
    }
    case 'kubectl':
      return ['kubectl', 'exec', '-i', '-t', ...podWords(place), '--', ...words];
    case 'nsenter':
      // Not forked: it, and then the shell, is the process that the terminal's session begins with.
      return ['nsenter', '--no-fork', '-t', String(place.pid), '-a', '-r', '-w', '--', ...words];
  }
}

/** What runs `words` there without a terminal, and prints what they print. */
export function plainCommand(
  place: Exclude<Place, { runtime: 'nsenter' }>,
  words: readonly string[],
): [string, ...string[]] {
  return place.runtime === 'kubectl'
    ? ['kubectl', 'exec', ...podWords(place), '--', ...words]
    : [place.runtime, 'exec', place.name, ...words];
}

function podWords({ pod, container, namespace }: Extract<Place, { runtime: 'kubectl' }>): string[] {
  return [
    ...(namespace === undefined ? [] : ['-n', namespace]),
    ...(container === undefined ? [] : ['-c', container]),
    pod,
  ];
}
