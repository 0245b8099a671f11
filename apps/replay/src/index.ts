export type { Exported, Replaying, Still } from './main.ts';
