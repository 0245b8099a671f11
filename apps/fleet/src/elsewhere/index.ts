/** For faces that serve others: the daemon of another host, or those of a fleet, that they are pointed at. */
export type { Asked } from './asked.ts';
export { type Elsewhere, openElsewhere } from './elsewhere.ts';
