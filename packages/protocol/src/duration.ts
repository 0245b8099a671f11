/** How a duration is written: on the command line, in a setting. */

const MILLISECONDS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What a timer can take, and so the protocol: 24 days. */
export const MAX_DURATION_MS = 2_147_483_647;

/**
 * `500`, `500ms`, `2s`, `1.5s`, `5m`, `1h`, `1h30m`.
 * @returns whole milliseconds, however many; undefined where it is something else
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)?/g)].map(
    ([, number, unit = 'ms']) => Number(number) * (MILLISECONDS[unit] ?? 1),
  );
  return Math.round(parts.reduce((sum, part) => sum + part, 0));
}
