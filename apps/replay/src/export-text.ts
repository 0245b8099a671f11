/** All lines of a recording, without colours: what stood on the screen when it scrolled by, and at the end. */
import { sizeOf } from '@pilotty/asciicast';
import { Transcript } from '@pilotty/terminal';
import type { Exported } from './exported.ts';
import { loadCast } from './load.ts';

/** @throws ReplayError */
export async function exportText(path: string): Promise<Exported> {
  const cast = await loadCast(path);
  const { cols, rows } = cast.header;
  const transcript = new Transcript({ cols: Math.max(2, cols), rows });
  const encoder = new TextEncoder();
  const parts: string[] = [];
  let durationMs = 0;
  for await (const { timeMs, code, data } of cast.events()) {
    durationMs = timeMs;
    if (code === 'o') parts.push(transcript.write(encoder.encode(data)));
    else if (code === 'r') {
      const size = sizeOf(data);
      parts.push(transcript.resize(Math.max(2, size.cols), size.rows));
    }
  }
  parts.push(transcript.end());
  return { bytes: Buffer.from(parts.join('')), durationMs, isCut: cast.isCut };
}
