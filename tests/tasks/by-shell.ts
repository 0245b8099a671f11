/** The ways that are commands in a shell: a call is one run of the command, its bytes are what it printed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Place } from '../bench/place.ts';
import type { Cost } from './faces.ts';
import { runShell } from './recipes.ts';

/** The program that is counted, by the name that scripts call it by. */
export interface Program {
  name: string;
  file: string;
}

export async function costOfScript(script: string, program: Program, place: Place): Promise<Cost> {
  const log = join(place.directory, 'calls');
  const PATH = [counting(program, place, log), place.env.PATH].join(delimiter);
  writeFileSync(log, '');
  const began = performance.now();
  await runShell(script, { directory: place.env.HOME ?? '', env: { ...place.env, PATH } });
  const wallMs = performance.now() - began;
  const sizes = readFileSync(log, 'utf8').trim().split('\n').map(Number);
  return { calls: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0), wallMs };
}

/** A directory for PATH with a program that notes how much each call of the other one printed. */
function counting({ name, file }: Program, place: Place, log: string): string {
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
