import { equal, match } from 'node:assert/strict';
import type { SdkTask } from '../by-sdk.ts';

export const sqlite: SdkTask = async (pilotty) => {
  const db = await pilotty.spawn(['sqlite3', 'shop.db'], { wait: { prompt: true } });
  await db.exec('create table item(name, price);');
  await db.exec("insert into item values('tea', 3), ('cake', 4);");
  const { stdout } = await db.exec('select sum(price) from item;');
  equal(stdout, '7\n');
  const failed = await db.exec('select colour from item;');
  equal(failed.error, true);
  match(failed.stderr, /no such column/);
  await db.kill();
};
