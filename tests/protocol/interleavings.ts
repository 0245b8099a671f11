/**
 * Runs synchronous code of several processes in every order of their steps, over one shared world.
 *
 * A process is a function of the results of its steps. It is run anew for each step with the results it has
 * had so far, and interrupted before the step after: so its next step can be taken at any time. Processes may
 * be killed between two steps, at most `maxKills` of them. States that were seen before are not gone into again.
 */

export interface World {
  /** Path to content. */
  files: Map<string, string>;
  isAlive: boolean[];
}

/** Takes one step in the world: everything a process sees of it, it sees by this. */
export type Step = <T>(name: string, act: (world: World) => T) => T;

export interface State extends World {
  /** The name of the step that each process is about to take; undefined when it has ended. */
  next: (string | undefined)[];
  /** What each has returned. */
  returned: unknown[];
  killed: number;
}

type Outcome = { value: unknown } | { error: unknown };

class Interrupted extends Error {
  readonly step: string;

  constructor(step: string) {
    super();
    this.step = step;
  }
}

/** Calls `check` with every state that can be reached. @returns how many there are */
export function explore(
  files: Record<string, string>,
  processes: readonly ((step: Step) => unknown)[],
  maxKills: number,
  check: (state: State) => void,
): number {
  const seen = new Set<string>();
  const start = { files: new Map(Object.entries(files)), isAlive: processes.map(() => true) };
  const pending: { world: World; logs: Outcome[][]; killed: number }[] = [
    { world: start, logs: processes.map(() => []), killed: 0 },
  ];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const { world, logs, killed } = at;
    const key = JSON.stringify([
      [...world.files].sort(),
      world.isAlive,
      logs.map((log) => log.map(describe)),
    ]);
    if (seen.has(key)) continue;
    seen.add(key);
    const ends = processes.map((process, index) => replay(process, logs[index] ?? []));
    const next = ends.map((end, index) =>
      end instanceof Interrupted && world.isAlive[index] ? end.step : undefined,
    );
    const returned = ends.map((end) => (end instanceof Interrupted ? undefined : end));
    check({ ...copy(world), next, returned, killed });
    for (const [index, process] of processes.entries()) {
      if (next[index] === undefined) continue;
      const stepped = copy(world);
      const log = [...(logs[index] ?? [])];
      replay(process, log, stepped);
      pending.push({ world: stepped, logs: logs.with(index, log), killed });
      if (killed === maxKills) continue;
      pending.push({
        world: { ...copy(world), isAlive: world.isAlive.with(index, false) },
        logs,
        killed: killed + 1,
      });
    }
  }
  return seen.size;
}

/** Runs a process with the results it had; in a world, one step further, which is added to the log. */
function replay(process: (step: Step) => unknown, log: Outcome[], world?: World): unknown {
  const had = log.length;
  let taken = 0;
  const step: Step = (name, act) => {
    if (taken === had && world !== undefined) log.push(outcomeOf(() => act(world)));
    const outcome = taken <= had ? log[taken] : undefined;
    taken++;
    if (outcome === undefined) throw new Interrupted(name);
    if ('error' in outcome) throw outcome.error;
    return outcome.value as never;
  };
  try {
    return process(step);
  } catch (error) {
    if (error instanceof Interrupted) return error;
    throw error;
  }
}

function outcomeOf(act: () => unknown): Outcome {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}

function describe(outcome: Outcome): unknown {
  return 'error' in outcome ? String(outcome.error) : (outcome.value ?? null);
}

function copy({ files, isAlive }: World): World {
  return { files: new Map(files), isAlive: [...isAlive] };
}
