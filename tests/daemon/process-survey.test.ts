/** A survey of all processes: shared by those who ask together, in slices, and never older than the question. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { makeSurvey, surveyProcesses } from '../../packages/daemon/src/processes/process-survey.ts';

test('who asks together shares a survey; who asks while one runs is served by the next', async () => {
  const first = surveyProcesses();
  const together = surveyProcesses();
  const child = spawn('sleep', ['1000']);
  await once(child, 'spawn');
  const later = surveyProcesses();
  try {
    expect((await later).processes.some(({ pid }) => pid === child.pid)).toBe(true);
    expect((await first).processes.some(({ pid }) => pid === process.pid)).toBe(true);
    expect(await together).toBe(await later);
  } finally {
    child.kill('SIGKILL');
  }
});

test('others are served while all processes are looked at', async () => {
  let served = 0;
  let isDone = false;
  const count = () => {
    served += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const { processes } = await makeSurvey(0);
  isDone = true;
  expect(processes.some(({ pid }) => pid === process.pid)).toBe(true);
  expect(served).toBeGreaterThanOrEqual(processes.length);
});
