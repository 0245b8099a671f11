/** Projects of the machine of this process: the reader of their files, and a validator for them, are loaded with the first. */
import type { Ground } from './project-work.ts';
import type { Projects } from './projects.ts';

export function projectsHere(ground: Ground): Projects {
  const load = async () => (await import('./project-work.ts')).projectsOn(ground);
  return {
    up: async (params, signal) => await (await load()).up(params, signal),
    down: async (params, signal) => await (await load()).down(params, signal),
    ps: async (params, signal) => await (await load()).ps(params, signal),
    tail: async (params, onLine, signal) => await (await load()).tail(params, onLine, signal),
  };
}
