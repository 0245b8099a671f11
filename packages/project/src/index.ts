export { type DownResult, down } from './down.ts';
export { endOrphans } from './end-orphans.ts';
export { findProjectFile } from './find-project-file.ts';
export { type LeftBehind, leftBehindNotes } from './left-behind.ts';
export {
  type Action,
  foundOf,
  nameOf,
  orphansOf,
  type Plan,
  planUp,
  requireKnown,
  type Step,
  type Summary,
} from './plan.ts';
export type { Project, ProjectSession } from './project.ts';
export { type ReadText, readProject } from './read-project.ts';
export { readProjectFile } from './read-project-file.ts';
export { askingForRegexes } from './regex-problem.ts';
export { projectFile } from './schema.ts';
export { type ProjectState, type SessionStanding, stateOfProject } from './state.ts';
export { type TailGap, type TailLine, tail } from './tail.ts';
export { STOP_GRACE_MS, type UpOutcome, type UpResult, up } from './up.ts';
