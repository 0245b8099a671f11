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
  /** Does the task in the place's home, where it is prepared. @throws when it cannot be done */
  perform(recipe: Recipe, dist: string, place: Place): Promise<Cost>;
}

/** Between two looks of one that has to poll. An agent takes longer, and then has waited longer for nothing. */
const LOOK_EVERY_S = 0.2;

export const faces: readonly Face[] = [
  {
    name: 'pilotty',
    lacks: (dist) => (existsSync(join(dist, 'pilotty.sh')) ? undefined : 'nothing is built'),
    perform: ({ commands }, dist, place) =>
      costOfScript(commands.join('\n'), {
        counted: { name: 'pilotty', file: join(dist, 'pilotty.sh') },
        warmUp: 'pilotty daemon',
        place,
      }),
  },
  {
    name: 'tmux',
    lacks: () => (pathOf('tmux') === undefined ? 'tmux is not installed' : undefined),
    perform: ({ name, file }, _dist, place) =>
      costOfScript(`set -e\nLOOK_EVERY_S=${LOOK_EVERY_S}\n${file('tmux.sh')}\n${file(`${name}/tmux.sh`)}`, {
        counted: { name: 'tmux', file: pathOf('tmux') ?? '' },
        warmUp: 'tmux new-session -d -s first cat',
        place,
      }),
  },
];

/** @throws when the task was not done */
export async function costOf(face: Face, recipe: Recipe, dist: string): Promise<Cost> {
  const place = new Place();
  try {
    const around = { directory: homeOf(place), env: place.env };
    await runShell(recipe.prepare, around);
    const cost = await face.perform(recipe, dist, place);
    await runShell(recipe.file(`${recipe.name}/done.sh`), around);
    return cost;
  } finally {
    place.close();
  }
}

interface Around {
  counted: { name: string; file: string };
  /** Starts what runs in the background, which no task is to wait for. */
  warmUp: string;
  place: Place;
}

/** Of a face that is a program: its runs are the calls, and what they print is what there is to read. */
async function costOfScript(script: string, { counted, warmUp, place }: Around): Promise<Cost> {
  const log = join(place.directory, 'calls');
  const PATH = [counting(counted, place, log), place.env.PATH].join(delimiter);
  const around = { directory: homeOf(place), env: { ...place.env, PATH } };
  await runShell(warmUp, around);
  writeFileSync(log, '');
  const began = performance.now();
  await runShell(script, around);
  const wallMs = performance.now() - began;
  const sizes = readFileSync(log, 'utf8').trim().split('\n').map(Number);
  return { calls: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0), wallMs };
}

function homeOf(place: Place): string {
  return place.env.HOME ?? '';
}

/** A directory for PATH with a program that notes how much each call of the other one printed. */
function counting({ name, file }: Around['counted'], place: Place, log: string): string {
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
