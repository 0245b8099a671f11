/**
 * What it takes to draw a screen from its spans, wherever there is something to draw on; without an emulator. And
 * what protects another emulator, such as the web page's, from the bytes of a program.
 */
export type { Core } from './emulator.ts';
export { protect } from './protect.ts';
export { type Box, type Shape, shapesOf } from './render/boxes.ts';
export type { Picture } from './render/picture.ts';
export { renderSvg } from './render/svg.ts';
export { paintOf, type Theme, themes } from './render/theme.ts';
export { resizeAsScreen } from './resize.ts';
export { RepairedStream } from './whole-characters.ts';
export { clusterWidths } from './width.ts';
