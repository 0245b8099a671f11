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
