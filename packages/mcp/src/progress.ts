/** Tells a client that asked for it that a call goes on: at once, and then regularly, so that it does not give up. */
import type { ServerContext } from '@modelcontextprotocol/server';

type Request = ServerContext['mcpReq'];

/** @returns ends it */
export function reportProgress({ _meta, notify }: Request, everyMs: number): () => void {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => {};
  const startedAt = performance.now();
  let last = 0;
  const report = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    // It must increase with each.
    last = Math.max(last + 1, seconds);
    const params = { progressToken, progress: last, message: `waiting for ${seconds} s` };
    // A client that has left needs none.
    void notify({ method: 'notifications/progress', params }).catch(() => {});
  };
  report();
  const timer = setInterval(report, everyMs);
  return () => clearInterval(timer);
}
