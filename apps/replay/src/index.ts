export type { Exported, PlayerTerminal, PlayerUse, Replaying, Still } from './main.ts';
