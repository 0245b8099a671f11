/** One call of a tool, from its arguments to its content: checked before anything is asked, and never an exception. */
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { type Client, RequestError } from '@pilotty/client';
import type { Answer } from './answers/answer.ts';
import { contentOf } from './answers/content.ts';
import { errorAnswer } from './answers/error-answer.ts';
import type { LongTexts } from './answers/long-texts.ts';
import { screenAnswer } from './answers/screen-text.ts';
import type { Host } from './host.ts';
import { reportProgress } from './progress.ts';
import { readArguments } from './read-arguments.ts';
import type { Tool } from './tool.ts';
import { tools } from './tools/index.ts';

export interface ToolSettings {
  host: Host;
  longTexts: LongTexts;
  answerWithinMs: number;
  progressEveryMs: number;
  hasBoundary: boolean;
}

/** Errors that the screen explains. */
const SHOWS_SCREEN = new Set<string>([
  'CONDITION_FAILED',
  'INVALID_KEY',
  'MOUSE_DISABLED',
  'REF_NOT_FOUND',
  'REF_STALE',
  'SESSION_EXITED',
  'TIMEOUT',
]);

export function toolNamed(name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}

export async function runTool(
  tool: Tool,
  given: Record<string, unknown>,
  { mcpReq }: ServerContext,
  settings: ToolSettings,
): Promise<CallToolResult> {
  const { host, hasBoundary } = settings;
  const result = (answer: Answer, isError: boolean): CallToolResult => ({
    content: contentOf(answer, hasBoundary),
    ...(isError && { isError: true }),
  });
  let parsed: unknown;
  try {
    parsed = readArguments(tool, given);
  } catch (error) {
    return result(errorAnswer(error), true);
  }
  const { signal } = mcpReq;
  const client = host.connect({ startsDaemon: tool.startsDaemon });
  const stopProgress = tool.waits ? reportProgress(mcpReq, settings.progressEveryMs) : () => {};
  try {
    const answer = await tool.run(parsed, {
      host,
      client,
      signal,
      surroundings: (name) => client.surroundings(name),
      longTexts: settings.longTexts,
      answerWithinMs: settings.answerWithinMs,
      request: (method, params, onEvent) =>
        client.request(method, params, { signal, ...(onEvent && { onEvent }) }),
    });
    return result(answer, false);
  } catch (error) {
    const { session } = parsed as { session?: string };
    const answer = errorAnswer(error, session);
    const screen = signal.aborted ? [] : await screenFor(error, session, client);
    return result([...answer, ...screen], true);
  } finally {
    stopProgress();
    client.close();
  }
}

/** The screen of the session that the call was about, where that explains the error and the error has none. */
async function screenFor(error: unknown, session: string | undefined, client: Client): Promise<Answer> {
  if (!(error instanceof RequestError) || !SHOWS_SCREEN.has(error.code)) return [];
  if (session === undefined || error.details?.screen !== undefined) return [];
  try {
    return screenAnswer(await client.request('session.snapshot', { session, timeout_ms: 0 }));
  } catch {
    // The error is what there is to say.
    return [];
  }
}
