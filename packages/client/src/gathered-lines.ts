/** What is sent at the same moment is one write: a write costs more than making a request. */
export interface GatheredLines {
  add(lines: string): void;
  /** Writes what there is; nothing where there is nothing. */
  flush(): void;
}

/** Requests are gathered up to this length: Node's own bound for what a socket may hold before it says "enough". */
const GATHERED_LENGTH = 16 * 1024;

export function gatherLines(write: (lines: string) => void): GatheredLines {
  let gathered = '';
  const flush = () => {
    const lines = gathered;
    gathered = '';
    if (lines !== '') write(lines);
  };
  return {
    add(lines) {
      if (gathered === '') process.nextTick(flush);
      gathered += lines;
      if (gathered.length >= GATHERED_LENGTH) flush();
    },
    flush,
  };
}
