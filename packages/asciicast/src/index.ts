/** Recordings of terminals in asciinema's format: written as versions 2 and 3, read as 1, 2 and 3. */
export { CastError, type CastEvent, type CastFormat, type CastHeader, formats } from './cast.ts';
export { CastReader, sizeOf } from './reader.ts';
export { Timeline } from './timeline.ts';
export { CastWriter } from './writer.ts';
