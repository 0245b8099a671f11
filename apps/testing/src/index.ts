/** `pilotty/testing`: tests of programs at a terminal, in any runner. */
export type { TraceMode } from './closing.ts';
export type { ColorSupport } from './environment.ts';
export {
  type CursorWanted,
  type ExitWanted,
  expect,
  type ScreenAssertions,
  type Shown,
  type WaitOptions,
} from './expect.ts';
export { ScreenAssertionError } from './failure.ts';
export type { GoldenKind } from './goldens/golden.ts';
export type { MatchOptions } from './goldens/match-screen.ts';
export { type Faults, type LaunchOptions, launch } from './launch.ts';
export { type MatrixCase, type MatrixOptions, matrix } from './matrix.ts';
export type { Files } from './place.ts';
export { type RecordedAs, type RecordOptions, record } from './record.ts';
export type { ActParams, Screen } from './screen.ts';
export type { StyleColor, StyleWanted } from './styles.ts';
