/** The shapes that several methods share, by the names that generated clients call them. */
import type * as z from 'zod';
import { actParams, match, waitResult } from './conditions.ts';
import { screenState } from './look.ts';
import * as values from './values.ts';

export const shapes = {
  Session: values.sessionSummary,
  SessionStatus: values.sessionStatus,
  Screen: screenState,
  WaitResult: waitResult,
  Match: match,
  Size: values.size,
  Question: values.question,
  Exit: values.exit,
  Retention: values.retention,
  Foreground: values.foreground,
  TerminalSettings: values.terminal,
  Job: values.job,
  Progress: values.progress,
  WorkState: values.workState,
  Cursor: values.cursor,
  Modes: values.modes,
  StyledSpan: values.styledLine.element,
  ScreenElement: values.element,
  PartError: values.requestError,
  Conditions: actParams.wait.unwrap(),
  Look: actParams.snapshot.unwrap(),
  OnlyIf: actParams.only_if.unwrap(),
} satisfies Record<string, z.ZodType>;
