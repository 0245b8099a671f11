/** The protocol as zod schemas, for the sides that validate. Clients take the types only, from the main entry. */

export { anyCursor, withAnyCursor } from './any-cursor.ts';
export type { Method } from './method.ts';
export { methods } from './methods/index.ts';
export { projectParam } from './project.ts';
export { restartPolicyParam } from './restart-policy.ts';
export { shapes } from './shapes.ts';
export { MAX_CELLS, outcome } from './values.ts';
