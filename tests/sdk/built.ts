/** The SDK as users get it: this run's build, with the types of its sources. */
import { builtProgram } from '../harness/pilotty.ts';

export type Sdk = typeof import('../../packages/sdk/src/index.ts');
type Local = typeof import('../../apps/daemon/src/local.ts');

export const sdk: Sdk = await import(builtProgram('sdk/index.mjs'));
export const { startLocal }: Local = await import(builtProgram('sdk/local.mjs'));
