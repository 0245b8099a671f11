import type { SdkTask } from '../by-sdk.ts';

export const dialogWizard: SdkTask = async (pilotty) => {
  const wizard = await pilotty.spawn(['sh', 'wizard.sh'], { wait: { text: 'Your name?' } });
  await wizard.send(['Ada', 'Enter'], { wait: { text: 'Which color?' } });
  await wizard.choose({ text: 'Green', wait: { text: 'Save Ada, g?' } });
  await wizard.choose({ text: 'Yes', wait: { exit: true } });
};
