/** What the two ends say to each other before the first line. */
import type { ErrorBody } from '@pilotty/client';

export interface OpenRequest {
  version: string;
  protocol: number;
  /** Whether a daemon is started there where none runs. */
  starts_daemon: boolean;
  /** How much of answers may be on its way; absent: as much as is usual. */
  window_bytes?: number;
}

export type Greeting =
  | { version: string; protocol: number }
  /** `is_absent`: no daemon runs there, and none was to be started. */
  | { error: ErrorBody; is_absent: boolean };
