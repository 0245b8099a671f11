/** `session.exec`: the whole output of a command, put together or handed on as it comes. */
import { base64Of, bytesOf } from './base64.ts';
import { Collected, textOf } from './collected.ts';
import { errorOf } from './errors.ts';
import type { CallOptions, Link } from './link.ts';
import type { ExecPart, ExecResult, ProtocolMethods } from './protocol-types.ts';

/**
 * How a command has ended, and what it has printed. In a shell `exit_code` says whether it failed; in a REPL, which has no
 * exit codes, `exit_code` is null and `error` says whether it answered with an error.
 */
export interface ExecAnswer extends ExecResult {
  /** As UTF-8; up to 64 MiB. Empty where `onOutput` has taken it. */
  stdout: string;
  /** As UTF-8; up to 64 MiB. Empty where `onOutput` has taken it. */
  stderr: string;
  /** The bytes, where they are not UTF-8; `stdout` then has U+FFFD for what is not. */
  stdout_base64?: string;
  /** The bytes, where they are not UTF-8; `stderr` then has U+FFFD for what is not. */
  stderr_base64?: string;
}

/** A piece of a command's output. */
export interface ExecOutput {
  /** Which of its streams. With `pty`, and for what was typed, all is stdout. */
  stream: 'stdout' | 'stderr';
  /** The bytes, cut anywhere. */
  bytes: Uint8Array;
}

export interface ExecOptions extends CallOptions {
  /** Takes the output as it comes, instead of the answer; a promise holds the command back. */
  onOutput?: ((output: ExecOutput) => void | Promise<void>) | undefined;
}

export async function runExec(
  link: Link,
  params: ProtocolMethods['session.exec']['params'],
  { onOutput, signal }: ExecOptions,
): Promise<ExecAnswer> {
  const collected = { stdout: new Collected(), stderr: new Collected() };
  const onPart = ({ stream, data_base64: base64 }: ExecPart) => {
    const bytes = bytesOf(base64);
    if (onOutput) return onOutput({ stream, bytes });
    collected[stream].add(bytes);
  };
  // Whoever holds output back must not hold back the answers of other requests.
  const requests = onOutput ? link.open() : link.main;
  try {
    const result = await requests.request('session.exec', params, { signal, onPart });
    return requireFinished(answerOf(result, collected));
  } finally {
    if (onOutput) requests.close();
  }
}

function answerOf(
  result: ExecResult,
  { stdout, stderr }: Record<'stdout' | 'stderr', Collected>,
): ExecAnswer {
  const missed = stdout.missedBytes + stderr.missedBytes;
  return {
    ...result,
    ...printed('stdout', stdout),
    ...printed('stderr', stderr),
    ...(missed > 0 && { truncated: true, missed_bytes: (result.missed_bytes ?? 0) + missed }),
  } as ExecAnswer;
}

function printed(name: 'stdout' | 'stderr', collected: Collected): Record<string, string> {
  const bytes = collected.bytes();
  const { text, isExact } = textOf(bytes);
  return isExact ? { [name]: text } : { [name]: text, [`${name}_base64`]: base64Of(bytes) };
}

/** @throws TimeoutError */
function requireFinished(answer: ExecAnswer): ExecAnswer {
  if (answer.outcome !== 'deadline') return answer;
  const message = `Timed out after ${answer.duration_ms} ms: the command still runs in session '${answer.session}'`;
  throw errorOf('TIMEOUT', message, {
    suggestion:
      'session.execRest() waits for it; session.key("Ctrl+C") interrupts it. What it has printed is error.answer.',
    answer,
  });
}
