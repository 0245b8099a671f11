import type { SdkTask } from '../by-sdk.ts';

export const mouseMenu: SdkTask = async (pilotty) => {
  const menu = await pilotty.spawn(['sh', 'menu.sh'], { wait: { text: ['Blue', 'OK'] } });
  await menu.getByText('Blue').click({ wait: { change: true } });
  await menu.getByText('<  OK  >').click({ wait: { exit: true } });
};
