/** What is asked of a host about the directory of its fleet, and what it answers. */
import type { KnownHost } from './bucket.ts';
import type { SessionsRecord } from './records.ts';

export interface DirectoryQuestion {
  ask: keyof DirectoryAnswers;
  /** Of 'hosts': those behind this name. */
  after?: string;
  /** Of the others: whom it is about. */
  host?: string;
}

export interface ToldHost extends Omit<KnownHost, 'lastSeen'> {
  last_seen: string;
}

export interface HostsPage {
  hosts: ToldHost[];
  /** There are more behind the last. */
  more: boolean;
}

export type DirectoryAnswer<T> = T | { problem: string };

export interface DirectoryAnswers {
  hosts: HostsPage;
  host: { host?: ToldHost };
  sessions: SessionsRecord;
}
