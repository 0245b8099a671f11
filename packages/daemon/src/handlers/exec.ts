import { type ParsedParams, RequestError, type Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { Execution } from '../exec/execution.ts';
import { nextChange } from '../until.ts';
import type { Handlers } from './handler.ts';

export const execHandlers: Handlers<'session.exec'> = {
  'session.exec': async (services, params, call) => {
    const deadline = new Deadline(call, params.timeout_ms);
    const answer = async (execution: Execution): Promise<Result<'session.exec'>> => {
      await deliver(execution, call, deadline);
      return resultOf(execution, params);
    };
    try {
      const { command } = params;
      if (command === undefined)
        return await services.executions.resume(services.sessions.get(params.session), answer);
      if (command.includes('\0'))
        throw new RequestError('INVALID_INPUT', 'A command cannot have a NUL byte in it');
      const session = services.sessions.getRunning(params.session);
      const { client } = call;
      session.admitInputOf(client);
      services.sessions.acted(session);
      if (session.journal) session.arrived.catchUp();
      const before = session.journal?.look(session);
      const recorded = (execution: Execution) => {
        session.journal?.add(session, { method: 'session.exec', params: { command } }, false, before);
        return answer(execution);
      };
      return await services.executions.run(
        session,
        { command, isPty: params.pty, client },
        deadline,
        recorded,
      );
    } finally {
      deadline.close();
    }
  },
};

/** Sends on what the command prints until it has ended, or the deadline has passed. */
async function deliver(execution: Execution, call: Call, deadline: Deadline): Promise<void> {
  for (;;) {
    // Asked first: what was printed before the end is then among what is taken.
    const isLast = execution.ending !== undefined || deadline.signal.aborted;
    const pieces = execution.take();
    for (const { stream, bytes } of pieces) {
      await call.emit({ stream, data_base64: bytes.toString('base64') });
    }
    if (isLast) return;
    if (pieces.length === 0) await nextChange(execution, deadline);
  }
}

function resultOf(execution: Execution, params: ParsedParams<'session.exec'>): Result<'session.exec'> {
  const { session, ending, droppedBytes, elapsedMs } = execution;
  const common = {
    type: 'exec_result' as const,
    ...session.reference,
    duration_ms: Math.round(elapsedMs),
    ...(droppedBytes > 0 && { truncated: true as const, missed_bytes: droppedBytes }),
  };
  if (!ending) {
    const { name } = session;
    const note =
      `Timed out after ${params.timeout_ms} ms; the command is still running: 'pilotty exec -s ${name} --wait' waits for the rest, ` +
      `'pilotty key -s ${name} Ctrl+C' interrupts it, and 'pilotty signal -s ${name} TERM' ends what does not heed that, ` +
      `as a full-screen program without a terminal, which needs --pty. 'pilotty type -s ${name}' answers what it asks.`;
    return { ...common, outcome: 'deadline', exit_code: null, signal: null, cwd: null, note };
  }
  if (ending instanceof RequestError) throw ending;
  const { outcome, exitCode, signal, cwd, error, note } = ending;
  return {
    ...common,
    outcome,
    exit_code: exitCode,
    signal,
    cwd,
    ...(error !== undefined && { error }),
    ...(note !== undefined && { note }),
  };
}
