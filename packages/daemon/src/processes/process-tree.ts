/**
 * A process and all that descends from it. Linux keeps a list of each process's children, so that
 * one session is looked at without a look at all the others; elsewhere the whole table is.
 */
import fs from 'node:fs';
import { allProcesses, findProcess, type ProcessFacts } from './process-table.ts';

/** Empty when there is no such process. What was given away to PID 1 is not among them. */
export function processTree(root: number): ProcessFacts[] {
  const first = findProcess(root);
  return first ? treeOf(first) : [];
}

/** As processTree(), of one that was just looked at. */
export function treeOf(root: ProcessFacts): ProcessFacts[] {
  const found = [root];
  for (const process of found) found.push(...childrenOf(process));
  return found;
}

function childrenOf({ pid: parent, threads }: ProcessFacts): ProcessFacts[] {
  if (process.platform !== 'linux') return allProcesses().filter((candidate) => candidate.parent === parent);
  try {
    // The only one has the number of the process; to list them takes longer than all else here.
    const ids = threads === 1 ? [parent] : fs.readdirSync(`/proc/${parent}/task`);
    return ids
      .flatMap((thread) => fs.readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8').split(' '))
      .flatMap((pid) => (pid === '' ? [] : (findProcess(Number(pid)) ?? [])));
  } catch {
    // Gone since it was found, or a kernel without CONFIG_PROC_CHILDREN.
    return [];
  }
}
