/** What the program exports, for the command that loads it: the types alone. */
export type FleetProgram = typeof import('./main.ts');
