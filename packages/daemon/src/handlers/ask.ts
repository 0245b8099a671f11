/** Secrets that programs of a session ask a person for. Only the request that asks is answered with what was answered. */
import { commandLine, RequestError } from '@pilotty/protocol';
import { Deadline } from '../call.ts';
import type { ClientIdentity } from '../client-identity.ts';
import { processArguments } from '../processes/process-table.ts';
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import type { Handlers } from './handler.ts';

export const askHandlers: Handlers<'session.ask' | 'session.answer'> = {
  'session.ask': async (services, params, call) => {
    const session = services.sessions.getRunning(params.session);
    const { prompt, timeout_ms: timeoutMs, question: continued } = params;
    const program = askingProgram(call.client);
    const question = session.questions.ask({ prompt, program, timeoutMs, continued });
    call.continuation = () => {
      const leftMs = Math.max(1, Math.ceil(question.endsAt - performance.now()));
      const again = { ...params, session: session.id, question: question.id, timeout_ms: leftMs };
      return { method: 'session.ask', params: again };
    };
    const deadline = new Deadline(call, timeoutMs);
    try {
      await until(question.changed, () => question.end !== undefined, deadline);
    } finally {
      session.questions.withdraw(question, call.isOver ? 'withdrawn' : 'timed_out');
      deadline.close();
    }
    const { outcome, text } = question.end ?? {};
    if (outcome === 'timed_out') throw notAnswered(session, timeoutMs);
    if (outcome === 'withdrawn') session.requireRunning();
    return { type: 'answered', ...session.reference, question: question.id, text: text ?? null };
  },

  'session.answer': (services, { session: target, question: id, text }, call) => {
    const session = services.sessions.getRunning(target);
    const question = session.questions.answer(id, text, call.client);
    const message = `The program in session '${session.name}' ${text === undefined ? 'is told that there is no answer' : 'has the answer'}`;
    return { type: 'question_answered', ...session.reference, question: question.id, message };
  },
};

/** A command says which process runs it; undefined where that, or its arguments, are unknown. */
function askingProgram({ pid }: ClientIdentity): string | undefined {
  const argv = pid === undefined ? [] : processArguments(pid);
  return argv.length === 0 ? undefined : commandLine(argv);
}

function notAnswered({ name, reference }: Session, timeoutMs: number): RequestError {
  return new RequestError('TIMEOUT', `No person answered session '${name}' within ${timeoutMs} ms`, {
    suggestion: `Start the program again, and answer with 'pilotty answer -s ${name}'.`,
    details: { ...reference },
  });
}
