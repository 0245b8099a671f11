/** Carries lines to one daemon and back, in order. */
export interface Transport {
  /** Of the pilotty that starts daemons at the other end, where that is another installation than ours. */
  readonly version?: string;
  /** Takes one or more whole lines. */
  send(lines: string): void;
  /** Called once; nothing is received, and so nothing lost, before. */
  listen(listener: TransportListener): void;
  /** Stops reading, so that the daemon notices; lines already read may still come. */
  pause(): void;
  resume(): void;
  /** Whether the connection keeps the process running, where it can be without. */
  keepProcess?(isKept: boolean): void;
  /** Delivers what was sent, then ends. */
  close(): void;
}

export interface TransportListener {
  line(line: string): void;
  /** The last call, made exactly once. */
  closed(error?: Error): void;
}
