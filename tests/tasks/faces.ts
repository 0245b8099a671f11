/**
 * The ways to do a task. Each does what the recipe of that name in docs/cookbook does; tests/tasks/NAME/done.sh says
 * whether it is done. What a way needs of a task stands in a file beside done.sh.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Place } from '../bench/place.ts';
import { pathOf } from '../harness/path.ts';
import { costByMcp } from './by-mcp.ts';
import { costBySdk } from './by-sdk.ts';
import { costOfScript } from './by-shell.ts';
import { type Recipe, runShell } from './recipes.ts';

/** What was asked of the terminals: how often, and how many bytes there were to read. */
export interface Cost {
  calls: number;
  bytes: number;
  wallMs: number;
  /** With what came back and was not read, where that is more. */
  receivedBytes?: number;
}

export interface Face {
  name: string;
  /** Why it cannot be measured here. */
  lacks(dist: string): string | undefined;
  /** Starts what runs in the background, which no task is to wait for. */
  warmUp: string;
  /** @throws when the task cannot be done */
  cost(recipe: Recipe, dist: string, place: Place): Promise<Cost>;
}

const ours: Pick<Face, 'lacks' | 'warmUp'> = {
  lacks: (dist) => (existsSync(join(dist, 'pilotty.sh')) ? undefined : 'nothing is built'),
  warmUp: 'pilotty.sh daemon',
};

export const faces: readonly Face[] = [
  {
    ...ours,
    name: 'pilotty',
    cost: ({ commands }, dist, place) =>
      costOfScript(commands.join('\n'), { name: 'pilotty', file: join(dist, 'pilotty.sh') }, place),
  },
  { ...ours, name: 'MCP', cost: ({ name }, dist, place) => costByMcp(name, dist, place) },
  { ...ours, name: 'SDK', cost: ({ name }, dist, place) => costBySdk(name, dist, place) },
  {
    name: 'tmux',
    lacks: () => (pathOf('tmux') === undefined ? 'tmux is not installed' : undefined),
    warmUp: 'tmux new-session -d -s first cat',
    cost: ({ name, file }, _, place) =>
      costOfScript(
        `set -e\nLOOK_EVERY_S=${LOOK_EVERY_S}\n${file('tmux.sh')}\n${file(`${name}/tmux.sh`)}`,
        { name: 'tmux', file: pathOf('tmux') ?? '' },
        place,
      ),
  },
];

/** Between two looks of one that has to poll. An agent takes longer, and then has waited longer for nothing. */
const LOOK_EVERY_S = 0.2;

/** @throws when the task was not done */
export async function costOf(face: Face, recipe: Recipe, dist: string): Promise<Cost> {
  const place = new Place();
  try {
    const directory = place.env.HOME ?? '';
    const env = { ...place.env, PATH: [dist, place.env.PATH].join(delimiter) };
    await runShell(`${recipe.prepare}\n${face.warmUp}`, { directory, env });
    const cost = await face.cost(recipe, dist, place);
    await runShell(recipe.file(`${recipe.name}/done.sh`), { directory, env });
    return cost;
  } finally {
    place.close();
  }
}
