/** What `pilotty help` explains besides commands. */
import { WAIT_TOPIC } from './wait-options.ts';

export const topics = ['agents', WAIT_TOPIC, 'exit-codes', 'environment'] as const;
