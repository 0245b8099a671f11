/** The table of methods: what can be asked of a daemon, and the only place that says so. */
import { askMethods } from './ask.ts';
import { attachMethods } from './attach.ts';
import { commandMethods } from './commands.ts';
import { daemonMethods } from './daemon.ts';
import { execMethods } from './exec.ts';
import { inputMethods } from './input.ts';
import { journalMethods } from './journal.ts';
import { manyMethods } from './many.ts';
import { mouseMethods } from './mouse.ts';
import { recordingMethods } from './recording.ts';
import { reportMethods } from './report.ts';
import { ruleMethods } from './rule.ts';
import { screenMethods } from './screen.ts';
import { sessionMethods } from './session.ts';
import { viewMethods } from './view.ts';
import { waitMethods } from './wait.ts';
import { watchMethods } from './watch.ts';

export const methods = {
  ...daemonMethods,
  ...sessionMethods,
  ...inputMethods,
  ...mouseMethods,
  ...screenMethods,
  ...viewMethods,
  ...recordingMethods,
  ...attachMethods,
  ...askMethods,
  ...waitMethods,
  ...commandMethods,
  ...journalMethods,
  ...watchMethods,
  ...manyMethods,
  ...execMethods,
  ...reportMethods,
  ...ruleMethods,
};
