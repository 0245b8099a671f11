import { command, printJson } from '../command.ts';

export const cleanup = command({
  usage: '',
  summary: 'remove what has ended; a session that runs is never touched',
  most: 0,
  examples: [
    ['delta-sessions cleanup', 'after an agent has run'],
    ['delta-sessions cleanup --sessions-dir ~/agent/.sessions', 'from a cron job'],
  ],
  async run(_given, around) {
    const { sessions } = around;
    const found = await sessions.allUpdated();
    const cleaned = [
      ...found.filter(({ isRunning }) => !isRunning).map(({ id }) => id),
      ...sessions.debris(),
    ];
    for (const id of cleaned) sessions.remove(id);
    await printJson(around, {
      cleaned,
      remaining: found.filter(({ isRunning }) => isRunning).map(({ id }) => id),
    });
    return 0;
  },
});
