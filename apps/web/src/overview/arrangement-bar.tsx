/** Above the sessions: which of them are shown, in which order, how large. */
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { statesOf } from './arranged.ts';
import { filter, SORTINGS, type Sorting, sorting, TILE_SIZES, tileSize, view } from './arrangement.ts';

const CHIPS = [
  ['asks', 'Waiting'],
  ['failed', 'Failed'],
  ['working', 'Working'],
  ['idle', 'Idle'],
  ['ended', 'Ended'],
] as const;

export function ArrangementBar() {
  const page = usePage();
  const states = (page.sessions.all.value ?? []).map((session) => statesOf(page, session));
  const filled = (tileSize.value - TILE_SIZES.smallest) / (TILE_SIZES.largest - TILE_SIZES.smallest);
  const count = (state: string) => states.filter((each) => each.includes(state)).length;
  return (
    <div class="arrangement">
      <fieldset class="chips" aria-label="Show only">
        <Chip words="All" of={states.length} text="" />
        {CHIPS.map(([state, words]) => (
          <Chip key={state} words={words} of={count(state)} text={`is:${state}`} state={state} />
        ))}
      </fieldset>
      <div class="arrangement-controls">
        <select
          aria-label="Sort sessions"
          value={sorting.value}
          onChange={({ currentTarget }) => {
            sorting.value = currentTarget.value as Sorting;
          }}
        >
          {Object.entries(SORTINGS).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
        {view.value === 'tiles' && (
          <input
            type="range"
            class="tile-size"
            aria-label="Size of the tiles"
            title="Size of the tiles"
            min={TILE_SIZES.smallest}
            max={TILE_SIZES.largest}
            step={TILE_SIZES.step}
            value={tileSize.value}
            style={{ '--filled': `${filled * 100}%` }}
            onInput={({ currentTarget }) => {
              tileSize.value = Number(currentTarget.value);
            }}
          />
        )}
        <IconButton
          icon={view.value === 'tiles' ? 'rows' : 'tiles'}
          label={view.value === 'tiles' ? 'Show as a list' : 'Show as tiles'}
          hint="v"
          onClick={toggleView}
        />
      </div>
    </div>
  );
}

export function toggleView(): void {
  view.value = view.peek() === 'tiles' ? 'list' : 'tiles';
}

function Chip({ words, of, text, state }: { words: string; of: number; text: string; state?: string }) {
  if (of === 0 && filter.value !== text) return null;
  return (
    <button
      type="button"
      class="chip"
      data-activity={state}
      aria-pressed={filter.value === text}
      onClick={() => {
        filter.value = filter.peek() === text ? '' : text;
      }}
    >
      {words} <span class="count">{of}</span>
    </button>
  );
}
