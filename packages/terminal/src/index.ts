export { detectElements } from './elements/detect.ts';
export type { DetectedElement, ElementKind } from './elements/element.ts';
export { activationKey, type FocusKey, focusedNear, keysTowards } from './elements/keys-towards.ts';
export { type Element, ElementTracker, type Resolution } from './elements/track.ts';
export type { Fault } from './faults.ts';
export { encodeKey, type KeyModes } from './input/encode-key.ts';
export {
  encodeMouse,
  type MouseAction,
  type MouseButton,
  type MouseEncoding,
  type MouseEvent,
  type MouseModes,
  type MouseTracking,
} from './input/encode-mouse.ts';
export { encodePaste } from './input/encode-paste.ts';
export { InvalidEscapeError, interpretEscapes } from './input/escapes.ts';
export { InvalidKeyError, type Key } from './input/key.ts';
export { type KeyCode, modifiers, type NamedKey, type NamedModifier, namedKeys } from './input/key-names.ts';
export { parseKeys } from './input/parse-key.ts';
export { type InputPart, readInput } from './input/read-input.ts';
export { misspeltIn, readWord } from './input/read-word.ts';
export { spellKey } from './input/spell-key.ts';
export type { Line } from './lines/cells.ts';
export type { Color, Style } from './lines/runs.ts';
export type { LogicalLine, Position } from './lines/text.ts';
export type { ScreenModes } from './modes.ts';
export { bytesBetweenPrograms } from './read/between-programs.ts';
export { applyDiff, diffSince, lookOf, type PastLook, type ScreenDiff } from './read/diff.ts';
export { FrameDrawer } from './read/frame.ts';
export { markedText } from './read/marked.ts';
export { newLineSteps } from './read/new-lines.ts';
export { type PassedScreen, passOn, takeOver } from './read/passed-screen.ts';
export { PastLines, type PastLinesState } from './read/past-lines.ts';
export { type Question, questionOn } from './read/question.ts';
export { replayBytes } from './read/replay.ts';
export {
  type Rows,
  resultOf,
  type Span,
  type StyledLine,
  styledLineSteps,
  styledLines,
  textSteps,
} from './read/spans.ts';
export { Transcript } from './read/transcript.ts';
export { ansiSteps, renderAnsi } from './render/ansi.ts';
export { type HtmlOptions, htmlSteps, renderHtml } from './render/html.ts';
export { type Picture, pictureOf, pictureSteps } from './render/picture.ts';
export {
  fontFiles,
  type Pixels,
  type PngAssets,
  type PngOptions,
  rasterizerFile,
  renderPixels,
  renderPng,
} from './render/png.ts';
export { renderSvg, type SvgOptions, svgSteps } from './render/svg.ts';
export { type ThemeName, themes } from './render/theme.ts';
export { type Cursor, Screen, type ScreenOptions, type Searchable } from './screen.ts';
export type { Mark, Progress } from './signal-payloads.ts';
export type { PromptEnd, Signal } from './signals.ts';
export { WholeCharacters } from './whole-characters.ts';
