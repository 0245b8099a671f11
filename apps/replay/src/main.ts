/**
 * What `pilotty replay` and `pilotty record export` do with a recording. The command loads this into its own process, and
 * only for them: it has the emulator.
 */
import { loadCast } from './load.ts';

export { exportGif } from './export-gif.ts';
export { exportSvg } from './export-svg.ts';
export { exportText } from './export-text.ts';
export type { Exported } from './exported.ts';
export { type Playing, play } from './play.ts';
export type { PlayerTerminal, PlayerUse } from './player-terminal.ts';

export type { Still } from './still.ts';
export { screenAt } from './still.ts';

export interface Replaying {
  screenAt: typeof import('./still.ts').screenAt;
  markers: typeof markers;
  play: typeof import('./play.ts').play;
  exportGif: typeof import('./export-gif.ts').exportGif;
  exportSvg: typeof import('./export-svg.ts').exportSvg;
  exportText: typeof import('./export-text.ts').exportText;
}

export interface Markers {
  version: number;
  durationMs: number;
  /** The file ends inside a line. */
  isCut: boolean;
  exitStatus: string | undefined;
  markers: { timeMs: number; label: string }[];
}

/** @throws ReplayError */
export async function markers(path: string): Promise<Markers> {
  const cast = await loadCast(path);
  const found: Markers['markers'] = [];
  let durationMs = 0;
  let exitStatus: string | undefined;
  for await (const { timeMs, code, data } of cast.events()) {
    durationMs = timeMs;
    if (code === 'm') found.push({ timeMs, label: data });
    else if (code === 'x') exitStatus = data;
  }
  return { version: cast.version, durationMs, isCut: cast.isCut, exitStatus, markers: found };
}
