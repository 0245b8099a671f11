import { durationUpTo } from '../command.ts';
import { byteSize } from '../recording-options.ts';
import { UsageError } from '../usage-error.ts';

export interface OutputBounds {
  max_bytes: number;
  max_age_ms: number;
}

const HOUR_MS = 60 * 60 * 1000;
const DEFAULT_AGE_MS = 24 * HOUR_MS;
const LEAST_AGE_MS = 60 * 1000;
const MOST_AGE_MS = 365 * 24 * HOUR_MS;
/** Some messages. */
const LEAST_BYTES = 1024 * 1024;

const age = durationUpTo(MOST_AGE_MS);

/** `64M`, or `64M,24h`. @throws UsageError */
export function keptOutput(given: string): OutputBounds {
  const [bytes = '', time, ...more] = given.split(',');
  if (more.length > 0) throw new UsageError(`is '${given}', and must be SIZE or SIZE,AGE, such as 64M,24h`);
  const max_bytes = byteSize(bytes);
  const max_age_ms = time === undefined ? DEFAULT_AGE_MS : age(time);
  if (max_bytes < LEAST_BYTES) throw new UsageError(`is '${given}', and its size must be 1M at least`);
  if (max_age_ms < LEAST_AGE_MS) throw new UsageError(`is '${given}', and its age must be 1m at least`);
  return { max_bytes, max_age_ms };
}
