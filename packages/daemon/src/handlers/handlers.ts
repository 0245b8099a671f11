/** A handler for every method of the protocol: a missing one does not compile. */
import { askHandlers } from './ask.ts';
import { attachHandlers } from './attach.ts';
import { chooseHandlers } from './choose.ts';
import { commandHandlers } from './commands.ts';
import { daemonHandlers } from './daemon.ts';
import { eachHandlers } from './each.ts';
import { execHandlers } from './exec.ts';
import { gatherHandlers } from './gather.ts';
import { gcHandlers } from './gc.ts';
import { grepHandlers } from './grep.ts';
import type { Handlers } from './handler.ts';
import { inputHandlers } from './input.ts';
import { inputsHandlers } from './inputs.ts';
import { inspectHandlers } from './inspect.ts';
import { logHandlers } from './log.ts';
import { lostHandlers } from './lost.ts';
import { mouseHandlers } from './mouse.ts';
import { refusingWithoutTerminal } from './needs-terminal.ts';
import { outputHandlers } from './output.ts';
import { recordingHandlers } from './recording.ts';
import { reportHandlers } from './report.ts';
import { ruleHandlers } from './rules.ts';
import { screenHandlers } from './screen.ts';
import { sendHandlers } from './send.ts';
import { sessionHandlers } from './session.ts';
import { viewHandlers } from './view.ts';
import { waitHandlers } from './wait.ts';
import { watchHandlers } from './watch.ts';

export const handlers: Handlers = refusingWithoutTerminal({
  ...daemonHandlers,
  ...gcHandlers,
  ...logHandlers,
  ...sessionHandlers,
  ...inspectHandlers,
  ...inputHandlers,
  ...sendHandlers,
  ...mouseHandlers,
  ...chooseHandlers,
  ...screenHandlers,
  ...outputHandlers,
  ...viewHandlers,
  ...recordingHandlers,
  ...attachHandlers,
  ...askHandlers,
  ...waitHandlers,
  ...commandHandlers,
  ...inputsHandlers,
  ...watchHandlers,
  ...eachHandlers,
  ...gatherHandlers,
  ...grepHandlers,
  ...execHandlers,
  ...lostHandlers,
  ...reportHandlers,
  ...ruleHandlers,
});
