import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const sqlite: McpTask = async (call) => {
  const session = 'db';
  await call('spawn', {
    argv: ['sqlite3', 'shop.db'],
    name: session,
    wait: { prompt: true },
    screen: 'none',
  });
  await call('exec', { session, command: 'create table item(name, price);' });
  await call('exec', { session, command: "insert into item values('tea', 3), ('cake', 4);" });
  match(await call('exec', { session, command: 'select sum(price) from item;' }), /\n7$/);
  match(await call('exec', { session, command: 'select colour from item;' }), /no such column/);
  await call('kill', { sessions: [session] });
};
