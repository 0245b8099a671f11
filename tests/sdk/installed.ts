/** A directory in which this run's build is installed as the package 'pilotty'. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/workspaces.ts';
import { builtProgram } from '../harness/pilotty.ts';

export function installIn(directory: string): void {
  const place = join(directory, 'node_modules/pilotty');
  mkdirSync(place, { recursive: true });
  cpSync(join(root, 'package.json'), join(place, 'package.json'));
  symlinkSync(builtProgram('.'), join(place, 'dist'));
}
