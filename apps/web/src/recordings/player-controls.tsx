/** Below a recording that is played: where it is, how fast, how long its pauses may be. */
import { IconButton } from '../look/icons.tsx';
import { clock } from './facts.ts';
import type { Playback } from './playback.ts';

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32] as const;
const PAUSES_MS = [500, 1_000, 2_000, 5_000];
/** Of the slider, which has a step for each pixel of a large window. */
const STEPS = 4_000;

export function Scrubber({ playback }: { playback: Playback }) {
  const { film } = playback;
  const durationMs = playback.durationMs.value;
  const atMs = playback.atMs.value;
  const times = playback.times.value;
  const share = (ms: number) => (durationMs === 0 ? 0 : ms / durationMs);
  return (
    <div class="scrubber">
      <input
        type="range"
        aria-label="Position"
        aria-valuetext={`${clock(atMs)} of ${clock(durationMs)}`}
        min={0}
        max={STEPS}
        step={1}
        value={Math.round(share(atMs) * STEPS)}
        style={{ '--filled': `${share(atMs) * 100}%` }}
        onInput={({ currentTarget }) =>
          void playback.seek((Number(currentTarget.value) / STEPS) * durationMs)
        }
      />
      <svg class="marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {film.markers.map(({ index }) => (
          <path
            key={index}
            d={`M${share(times[index] ?? 0) * 1000} 0v10`}
            // As wide on a phone as in a large window.
            vector-effect="non-scaling-stroke"
          />
        ))}
      </svg>
    </div>
  );
}

export function PlayerControls({ playback }: { playback: Playback }) {
  const { film, isPlaying, speed, idleLimitMs } = playback;
  const { exitStatus, markers } = film;
  const isAtEnd = playback.atMs.value >= playback.durationMs.value;
  const pauses = [...new Set([...PAUSES_MS, ...(film.header.idleLimitMs ? [film.header.idleLimitMs] : [])])];
  return (
    <div class="player-controls">
      <IconButton
        icon={isPlaying.value ? 'pause' : isAtEnd ? 'again' : 'play'}
        label={isPlaying.value ? 'Pause' : isAtEnd ? 'Play again' : 'Play'}
        hint="Space"
        onClick={() => playback.togglePlaying()}
      />
      {markers.length > 0 && (
        <>
          <IconButton
            icon="back"
            label="Previous marker"
            hint="["
            onClick={() => void playback.seekToNextMarker(-1)}
          />
          <IconButton
            icon="next"
            label="Next marker"
            hint="]"
            onClick={() => void playback.seekToNextMarker(1)}
          />
        </>
      )}
      <span class="player-clock">
        {clock(playback.atMs.value)} / {clock(playback.durationMs.value)}
      </span>
      {isAtEnd && exitStatus !== undefined && (
        <span class="muted" role="status">
          The program ended with {exitStatus}.
        </span>
      )}
      <span class="player-choices">
        <select
          aria-label="Longest pause"
          value={String(idleLimitMs.value ?? '')}
          onChange={({ currentTarget: { value } }) =>
            playback.limitPauses(value === '' ? undefined : Number(value))
          }
        >
          <option value="">Pauses as recorded</option>
          {pauses
            .sort((one, other) => one - other)
            .map((ms) => (
              <option key={ms} value={String(ms)}>
                Pauses of {ms / 1000} s at most
              </option>
            ))}
        </select>
        <select
          aria-label="Speed"
          value={String(speed.value)}
          onChange={({ currentTarget }) => {
            speed.value = Number(currentTarget.value);
          }}
        >
          {SPEEDS.map((factor) => (
            <option key={factor} value={String(factor)}>
              {factor}×
            </option>
          ))}
        </select>
      </span>
    </div>
  );
}
