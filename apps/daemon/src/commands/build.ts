import { VERSION } from '@pilotty/protocol';

declare const PILOTTY_BUILD: string;

/** Which build this is; the native client says its own, and another one's runs in a process of its own. */
export const build: string = `${VERSION} ${PILOTTY_BUILD}`;
