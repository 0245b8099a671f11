/** A trace as the page has it: each distinct row once, colours looked up. */
import type { StyledSpan } from '@pilotty/sdk';
import { columnsOf } from '@pilotty/terminal/columns';
import { paintOf, themes } from '@pilotty/terminal/drawing';
import type { Frame, Trace } from './trace.ts';

const theme = themes.dark;

/** Text, columns that it takes, CSS. */
type DrawnSpan = readonly [text: string, columns: number, css: string];

export function traceData(trace: Trace) {
  const numbers = new Map<string, number>();
  const drawn: DrawnSpan[][] = [];
  const numberOf = (row: readonly StyledSpan[]) => {
    const key = JSON.stringify(row);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, drawn.length);
    drawn.push(row.map(drawnSpan));
    return drawn.length - 1;
  };
  const frameOf = ({ at_ms, revision, size, cursor, title, rows }: Frame) => {
    return { at: at_ms, revision, size, cursor, title, rows: rows.map(numberOf) };
  };
  return {
    duration: trace.elapsedMs,
    startedAt: trace.startedAt.toISOString(),
    steps: trace.steps,
    frames: trace.frames.map(frameOf),
    rows: drawn,
    output: trace.output.map(({ at_ms, bytes }) => ({ at: at_ms, text: visible(bytes) })),
    dropped: {
      screens: trace.droppedFrames,
      steps: trace.droppedSteps,
      'bytes of output': trace.droppedOutputBytes,
    },
  };
}

function drawnSpan(span: StyledSpan): DrawnSpan {
  const { text, underline_color: _, ...style } = span;
  const { foreground, background } = paintOf(style, theme);
  const lines = [
    span.underline ? 'underline' : '',
    span.strikethrough ? 'line-through' : '',
    span.overline ? 'overline' : '',
  ].join(' ');
  const css = [
    foreground === theme.foreground ? '' : `color:${foreground}`,
    background === undefined ? '' : `background:${background}`,
    span.bold ? 'font-weight:bold' : '',
    span.italic ? 'font-style:italic' : '',
    lines.trim() === '' ? '' : `text-decoration:${lines.trim()}`,
  ];
  return [text, columnsOf(text).at(-1) ?? text.length, css.filter(Boolean).join(';')];
}

/** Control characters in a form that can be read, the newline kept. */
function visible(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/[\0-\x09\x0b-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    // As a shell's $'…' and stty(1) write them.
    return code === 0x1b ? '\\e' : `^${String.fromCharCode(code ^ 0x40)}`;
  });
}
