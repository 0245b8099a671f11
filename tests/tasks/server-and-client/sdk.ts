import { match } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const serverAndClient: SdkTask = async (pilotty) => {
  const server = ['python3', '-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'];
  const web = await pilotty.spawn(server, { wait: { regex: 'port (\\d+) ' } });
  const port = web.created?.wait?.match?.groups[0];
  const client = await pilotty.spawn(['python3', 'ask.py', `${port}`], { wait: { exit: true } });
  const { output } = await client.output();
  match(output, /^hello from the server$/m);
  await web.waitFor({ text: 'GET /hello.txt' });
  await web.key('Ctrl+C', { wait: { exit: true } });
};
