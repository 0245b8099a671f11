/** What is asked of a host about the directory of its fleet, and what it answers. */
import type { KnownHost } from './bucket.ts';
import type { SessionsRecord } from './records.ts';

export interface DirectoryQuestion {
  ask: keyof DirectoryAnswers;
  /** Of 'hosts': those behind this name. */
  after?: string;
  /** Of 'host' and 'sessions': whom it is about. */
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

export interface Joins {
  /** Another one than before: a host has joined since. */
  revision: number;
}

export type DirectoryAnswer<T> = T | { problem: string };

export interface DirectoryAnswers {
  hosts: HostsPage;
  host: { host?: ToldHost };
  sessions: SessionsRecord;
  joins: Joins;
}
