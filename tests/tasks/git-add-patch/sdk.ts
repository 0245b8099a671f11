import type { SdkTask } from '../by-sdk.ts';

export const gitAddPatch: SdkTask = async (pilotty) => {
  const git = await pilotty.spawn(['git', 'add', '-p', 'numbers.txt'], { wait: { prompt: true } });
  await git.send(['y', 'Enter'], { wait: { prompt: true } });
  await git.send(['n', 'Enter'], { wait: { prompt: true } });
  await git.send(['y', 'Enter'], { wait: { exit: true } });
};
