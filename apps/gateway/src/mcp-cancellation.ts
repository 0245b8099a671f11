/**
 * Cancellation for MCP clients of 2025: they leave the request open, and say in another one that they do not want its
 * answer. Every client numbers its requests from 0, so each is given a name, `Mcp-Session-Id`, when it introduces
 * itself; one that sends none has its waits ended by their deadline. Clients of 2026 close the connection.
 */
import { randomUUID } from 'node:crypto';

const SESSION = 'mcp-session-id';

interface Message {
  id?: unknown;
  method?: unknown;
  params?: { requestId?: unknown };
}

export class McpCancellation {
  /** Requests that have not been answered, by the name of their client and their number. */
  readonly #open = new Map<string, AbortController>();

  /** Has `answer` answer the request, which ends early when the client cancels it. */
  async answer(
    request: Request,
    body: string,
    answer: (request: Request) => Promise<Response>,
  ): Promise<Response> {
    const { id, method, params } = messageIn(body);
    const client = request.headers.get(SESSION);
    const keyOf = (number: unknown) => JSON.stringify([client, number]);
    if (client !== null && method === 'notifications/cancelled') {
      this.#open.get(keyOf(params?.requestId))?.abort();
    }
    const cancelled = new AbortController();
    const signal = AbortSignal.any([request.signal, cancelled.signal]);
    const key = keyOf(id);
    const isOpen = client !== null && id !== undefined;
    if (isOpen) this.#open.set(key, cancelled);
    const forget = () => {
      if (this.#open.get(key) === cancelled) this.#open.delete(key);
    };
    signal.addEventListener('abort', forget, { once: true });
    try {
      const { url, headers } = request;
      const response = await answer(new Request(url, { method: 'POST', headers, body, signal }));
      if (method === 'initialize') return named(response);
      if (isOpen && response.body !== null) {
        const ended = new TransformStream({ flush: forget });
        return copy(response, response.body.pipeThrough(ended));
      }
      forget();
      return response;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** What is no message the server refuses. */
function messageIn(body: string): Message {
  try {
    const message: unknown = JSON.parse(body);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}

function named(response: Response): Response {
  const answer = copy(response, response.body);
  answer.headers.set(SESSION, randomUUID());
  return answer;
}

function copy({ status, headers }: Response, body: ReadableStream | null): Response {
  return new Response(body, { status, headers });
}
