/** The keys of the player: those that `pilotty replay` has in a terminal. */
import type { Page } from '../page.ts';
import type { Playback } from './playback.ts';
import { SPEEDS } from './player-controls.tsx';

const JUMP_MS = 5_000;

const ACTIONS: Readonly<Record<string, (playback: Playback) => void>> = {
  ' ': (playback) => playback.togglePlaying(),
  ArrowLeft: (playback) => void playback.seek(playback.atMs.peek() - JUMP_MS),
  ArrowRight: (playback) => void playback.seek(playback.atMs.peek() + JUMP_MS),
  Home: (playback) => void playback.seek(0),
  End: (playback) => void playback.seek(playback.durationMs.peek()),
  '[': (playback) => void playback.seekToNextMarker(-1),
  ']': (playback) => void playback.seekToNextMarker(1),
  '+': (playback) => changeSpeed(playback, 1),
  '=': (playback) => changeSpeed(playback, 1),
  '-': (playback) => changeSpeed(playback, -1),
};

/** @returns what ends it */
export function listenForPlayerKeys({ dialogs }: Page, playback: () => Playback | undefined): () => void {
  const pressed = (event: KeyboardEvent): void => {
    const found = playback();
    if (found === undefined || dialogs.shown.peek() !== undefined || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = Object.hasOwn(ACTIONS, event.key) ? ACTIONS[event.key] : undefined;
    if (act === undefined || isOfControl(event)) return;
    act(found);
    event.preventDefault();
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}

/** There, the same key means something else already. */
function isOfControl({ target, key }: KeyboardEvent): boolean {
  const isOn = (controls: string) => (target as HTMLElement).closest(controls) !== null;
  return isOn('select') || (key === ' ' && isOn('button, a'));
}

function changeSpeed({ speed }: Playback, by: 1 | -1): void {
  const index = (SPEEDS as readonly number[]).indexOf(speed.peek());
  speed.value = SPEEDS[Math.min(Math.max(index + by, 0), SPEEDS.length - 1)] ?? 1;
}
