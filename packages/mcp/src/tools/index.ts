/** Every tool, in the order of tools/list: first what a loop of start, act and look needs. */
import type { Tool } from '../tool.ts';
import { actMethods } from './act-methods.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { keyboard } from './keyboard.ts';
import { kill } from './kill.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { output } from './output.ts';
import { plainMethods } from './plain-methods.ts';
import { projectTools } from './projects.ts';
import { restart } from './restart.ts';
import { restore } from './restore.ts';
import { ruleTools } from './rules.ts';
import { search } from './search.ts';
import { send } from './send.ts';
import { spawn } from './spawn.ts';
import { wait } from './wait.ts';
import { waitMany } from './wait-many.ts';

const { click, choose, ...otherActs } = actMethods;

export const tools: readonly Tool[] = [
  spawn,
  send,
  wait,
  look,
  exec,
  choose,
  click,
  output,
  list,
  waitMany,
  search,
  kill,
  restart,
  restore,
  ...Object.values(otherActs),
  ...keyboard,
  events,
  ...ruleTools,
  ...projectTools,
  ...plainMethods,
];
