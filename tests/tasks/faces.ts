/**
 * The ways to do a task. Each does what the recipe of that name in docs/cookbook does; tests/tasks/NAME/done.sh says
 * whether it is done. A further way is one more entry of `faces`, with what it needs of a task in a file beside done.sh.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Place } from '../bench/place.ts';
import { pathOf } from '../harness/path.ts';
import { type Recipe, runShell } from './recipes.ts';

/** What was asked of the terminals: how often, and how many bytes there were to read. */
export interface Cost {
  calls: number;
  bytes: number;
  wallMs: number;
}

export interface Face {
  name: string;
  /** Why it cannot be measured here. */
  lacks(dist: string): string | undefined;
  /** The program that is counted, by the name that scripts call it by. */
  program(dist: string): { name: string; file: string };
  /** Starts what runs in the background, which no task is to wait for. */
  warmUp: string;
  script(recipe: Recipe): string;
}

export const faces: readonly Face[] = [
  {
    name: 'pilotty',
    lacks: (dist) => (existsSync(join(dist, 'pilotty.sh')) ? undefined : 'nothing is built'),
    program: (dist) => ({ name: 'pilotty', file: join(dist, 'pilotty.sh') }),
    warmUp: 'pilotty daemon',
    script: ({ commands }) => commands.join('\n'),
  },
  {
    name: 'tmux',
    lacks: () => (pathOf('tmux') === undefined ? 'tmux is not installed' : undefined),
    program: () => ({ name: 'tmux', file: pathOf('tmux') ?? '' }),
    warmUp: 'tmux new-session -d -s first cat',
    script: ({ name, file }) =>
      `set -e\nLOOK_EVERY_S=${LOOK_EVERY_S}\n${file('tmux.sh')}\n${file(`${name}/tmux.sh`)}`,
  },
];

/** Between two looks of one that has to poll. An agent takes longer, and then has waited longer for nothing. */
const LOOK_EVERY_S = 0.2;

/** @throws when the task was not done */
export async function costOf(face: Face, recipe: Recipe, dist: string): Promise<Cost> {
  const place = new Place();
  try {
    const directory = place.env.HOME ?? '';
    const log = join(place.directory, 'calls');
    const env = {
      ...place.env,
      PATH: [counting(face.program(dist), place, log), place.env.PATH].join(delimiter),
    };
    await runShell(`${recipe.prepare}\n${face.warmUp}`, { directory, env });
    writeFileSync(log, '');
    const began = performance.now();
    await runShell(face.script(recipe), { directory, env });
    const wallMs = performance.now() - began;
    const sizes = readFileSync(log, 'utf8').trim().split('\n').map(Number);
    await runShell(recipe.file(`${recipe.name}/done.sh`), { directory, env });
    return { calls: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0), wallMs };
  } finally {
    place.close();
  }
}

/** A directory for PATH with a program that notes how much each call of the other one printed. */
function counting({ name, file }: { name: string; file: string }, place: Place, log: string): string {
  const directory = join(place.directory, 'programs');
  mkdirSync(directory);
  writeFileSync(
    join(directory, name),
    `#!/bin/sh
printed=$(mktemp)
'${file}' "$@" >"$printed" 2>"$printed.err"
code=$?
cat "$printed" "$printed.err" | wc -c >>'${log}'
cat "$printed"
cat "$printed.err" >&2
rm "$printed" "$printed.err"
exit $code
`,
    { mode: 0o755 },
  );
  return directory;
}
