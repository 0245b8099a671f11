import type { SdkTask } from '../by-sdk.ts';

export const nano: SdkTask = async (pilotty) => {
  const editor = await pilotty.spawn(['nano', 'notes.txt'], { wait: { text: '^X' } });
  await editor.send(['Buy milk', 'Ctrl+O'], { wait: { text: 'File Name to Write' } });
  await editor.send(['Enter'], { wait: { text: 'Wrote 1 line' } });
  await editor.send(['Ctrl+X'], { wait: { exit: true } });
};
