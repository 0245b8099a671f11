/** A project as its file means it: all names, paths and defaults are filled in. */
import type { Params } from '@pilotty/client';

export type DependencyCondition = 'started' | 'ready' | 'completed';

export interface Dependency {
  key: string;
  condition: DependencyCondition;
}

export interface Ready {
  /** As session.wait has them. */
  conditions: NonNullable<Params<'session.key'>['wait']>;
  timeoutMs: number;
}

export interface ProjectSession {
  /** Its name in the file. */
  key: string;
  /** Its name in the daemon. */
  name: string;
  argv: [string, ...string[]];
  cwd: string;
  /** Added to the environment of who starts it. */
  env: Record<string, string>;
  size: { cols: number; rows: number } | undefined;
  isPipe: boolean;
  tags: string[];
  restartPolicy: Params<'session.spawn'>['restart_policy'];
  isRecorded: boolean;
  ready: Ready | undefined;
  dependsOn: Dependency[];
  /** A hash of each setting that its program depends on. */
  config: Record<string, string>;
}

export interface Project {
  name: string;
  /** Absolute, without symbolic links: two projects of one name are told apart by it. */
  file: string;
  /** Absolute. */
  environmentFiles: string[];
  /** Each after all that it depends on; else in the order of the file. */
  sessions: ProjectSession[];
}

/** Every session of the project has it. */
export function projectTag(name: string): string {
  return `project=${name}`;
}
