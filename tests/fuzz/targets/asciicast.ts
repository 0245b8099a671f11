/** Recordings that anyone has written, cut or damaged. */
import fc from 'fast-check';
import {
  CastError,
  type CastEvent,
  CastReader,
  CastWriter,
  Timeline,
} from '../../../packages/asciicast/src/index.ts';
import { mutatedText } from '../mutated.ts';
import { pure, type Target } from '../target.ts';

const RECORDINGS = [
  '{"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1,"idle_time_limit":2}\n[0.5, "o", "a"]\n# note\n[1, "r", "90x30"]\n[0, "m", ""]\n[2, "x", "0"]\n',
  '{"version":2,"width":80,"height":24,"env":{"TERM":"xterm"}}\n[1.5, "o", "\\u001b[31m\\ud83d\\udca5"]\n[0.5, "i", "b"]\n[2, "r", "1x1"]\n',
  '{"version":1,"width":80,"height":24,"duration":1,"command":"sh","title":"t","stdout":[[0.5,"a"],[1,"b"]]}\n',
  '{\n "version": 1,\n "width": 80,\n "height": 24,\n "stdout": [[1e3, "a"]]\n}\n',
];
const TOKENS = [
  ...[
    '\n',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '#',
    'null',
    '-1',
    '1e999',
    '1e308',
    '1e12',
    '0.1',
    'NaN',
  ],
  ...[
    '"version":2',
    '"version":3',
    '"version":1',
    '99999x99999',
    '0x0',
    '\0',
    '\ufffd',
    '\u2028',
    '__proto__',
  ],
];

export const asciicast: Target<string> = {
  name: 'asciicast',
  promise:
    'a recording is read or refused with its line, its times are numbers in order, and it can be written again',
  runsInTest: 400,
  inputs: (corpus) =>
    fc.oneof(
      { weight: 3, arbitrary: mutatedText([...RECORDINGS, ...corpus], TOKENS) },
      fc
        .array(fc.constantFrom(...TOKENS, '[1, "o", "a"]\n'), { maxLength: 12 })
        .map((parts) => parts.join('')),
    ),
  open: pure((text) => {
    const { reader, events } = read(text);
    const timeline = new Timeline({ speed: 2, idleLimitMs: reader?.header?.idleLimitMs });
    let lastMs = 0;
    let playedMs = 0;
    for (const { timeMs } of events) {
      if (!(Number.isFinite(timeMs) && timeMs >= lastMs)) throw new Error(`time ${timeMs} follows ${lastMs}`);
      const at = timeline.at(timeMs);
      if (!(Number.isFinite(at) && at >= playedMs)) throw new Error(`played at ${at} after ${playedMs}`);
      lastMs = timeMs;
      playedMs = at;
    }
    if (reader?.header === undefined) return;
    const writer = new CastWriter('v3');
    const written = [
      writer.header(reader.header),
      ...events.map(({ timeMs, code, data }) => writer.event(timeMs, code, data)),
    ].join('');
    const again = read(written);
    const said = (all: readonly CastEvent[]) => JSON.stringify(all.map(({ code, data }) => [code, data]));
    if (again.reader === undefined || said(again.events) !== said(events))
      throw new Error('what was read and written is not read again');
  }),
};

/** `reader` is undefined where it was refused. */
function read(text: string): { reader: CastReader | undefined; events: CastEvent[] } {
  const reader = new CastReader();
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const events: CastEvent[] = [];
  try {
    for (const line of lines) events.push(...reader.read(line));
    events.push(...reader.end(rest));
    return { reader, events };
  } catch (error) {
    if (!(error instanceof CastError)) throw error;
    return { reader: undefined, events };
  }
}
