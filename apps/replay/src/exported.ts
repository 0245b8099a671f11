/** What was made of a recording. */
export interface Exported {
  bytes: Uint8Array;
  /** Different screens; of text there are none. */
  frames?: number;
  width?: number;
  height?: number;
  durationMs: number;
  /** The recording ends inside a line. */
  isCut: boolean;
}
