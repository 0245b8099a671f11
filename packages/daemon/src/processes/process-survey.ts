/** A listing of all processes and of the terminals they have open, made in slices: others are served in between. */
import fs from 'node:fs';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import {
  allProcesses,
  findProcess,
  openTerminals,
  type ProcessFacts,
  terminalIdentity,
} from './process-table.ts';

/** All processes at about one moment, and who has which terminal open; none where the kernel does not say. */
export interface Survey {
  processes: readonly ProcessFacts[];
  holdersOf(terminalPath: string): readonly number[];
}

/** What others wait at most for a survey, which takes some 0.1 ms for each process of the machine. */
const SLICE_MS = 2;
let surveying: Promise<Survey> | undefined;
let nextSurvey: Promise<Survey> | undefined;

/** Serves all requests made before it begins: one that has begun may have missed a process they need. */
export function surveyProcesses(): Promise<Survey> {
  if (surveying === undefined) return beginSurvey();
  nextSurvey ??= surveying.then(() => {
    nextSurvey = undefined;
    return beginSurvey();
  });
  return nextSurvey;
}

function beginSurvey(): Promise<Survey> {
  surveying = makeSurvey().finally(() => {
    surveying = undefined;
  });
  return surveying;
}

/** @param sliceMs after which others are served */
export async function makeSurvey(sliceMs = SLICE_MS): Promise<Survey> {
  // Those who ask in one turn of the event loop share it.
  await turnOfEventLoop();
  if (process.platform !== 'linux') return { processes: allProcesses(), holdersOf: () => [] };
  const processes: ProcessFacts[] = [];
  const holders = new Map<string, number[]>();
  let sliceEndsAt = performance.now() + sliceMs;
  for (const name of fs.readdirSync('/proc')) {
    if (performance.now() >= sliceEndsAt) {
      await turnOfEventLoop();
      sliceEndsAt = performance.now() + sliceMs;
    }
    const facts = /^\d+$/.test(name) ? findProcess(Number(name)) : undefined;
    if (facts === undefined) continue;
    processes.push(facts);
    for (const terminal of new Set(openTerminals(facts.pid)))
      holders.set(terminal, [...(holders.get(terminal) ?? []), facts.pid]);
  }
  return { processes, holdersOf: (path) => holders.get(terminalIdentity(path) ?? '') ?? [] };
}
