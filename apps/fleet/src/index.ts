export type { FleetProgram } from './fleet-program.ts';
