/** `pilotty/testing` as users get it: this run's build, with the types of its sources. */
import { builtProgram } from '../harness/pilotty.ts';

type Kit = typeof import('../../apps/testing/src/index.ts');

export const {
  expect: expectScreen,
  launch,
  matrix,
  ScreenAssertionError,
}: Kit = await import(builtProgram('sdk/testing.mjs'));
