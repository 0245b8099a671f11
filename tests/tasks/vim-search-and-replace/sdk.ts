import { match } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const vimSearchAndReplace: SdkTask = async (pilotty) => {
  const editor = await pilotty.spawn(['vim', '-u', 'NONE', '-N', 'poem.txt'], { wait: { text: 'poem.txt' } });
  const { screen } = await editor.send([':%s/colour/color/g', 'Enter', 'Go', 'The end.', 'Escape'], {
    wait: { text: 'The end.' },
    snapshot: { format: 'text' },
  });
  match(screen?.text ?? '', /^No color at all\.$/m);
  await editor.send([':wq', 'Enter'], { wait: { exit: true } });
};
