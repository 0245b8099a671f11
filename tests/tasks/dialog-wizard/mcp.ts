import type { McpTask } from '../by-mcp.ts';

export const dialogWizard: McpTask = async (call) => {
  const session = 'wizard';
  await call('spawn', {
    argv: ['sh', 'wizard.sh'],
    name: session,
    wait: { text: 'Your name?' },
    screen: 'none',
  });
  await call('send', { session, input: ['Ada', 'Enter'], wait: { text: 'Which color?' }, screen: 'none' });
  await call('choose', { session, text: 'Green', wait: { text: 'Save Ada, g?' }, screen: 'none' });
  await call('choose', { session, text: 'Yes', wait: { exit: true }, screen: 'none' });
};
