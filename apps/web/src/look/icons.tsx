/** Pictures on buttons; what they mean is said by the button. */
const PATHS = {
  again: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4',
  rows: 'M4 6h16M4 12h16M4 18h16',
  tiles: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  sidebar: 'M4 5h16v14H4zM9 5v14',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4',
  list: 'M4 6h16M4 12h16M4 18h10',
  command: 'M4 17l6-5-6-5M12 19h8',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z',
  contrast: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  pencil: 'M5 19l1-4L16 5l3 3L9 18z',
  tag: 'M4 4h8l8 8-8 8-8-8zM8.5 8.5h.01',
  kill: 'M5 7h14M10 4h4M7 7l1 13h8l1-13',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  next: 'M9 5l7 7-7 7',
  check: 'M5 13l4 4L19 7',
  play: 'M7 4l12 8-12 8z',
  pause: 'M8 5v14M16 5v14',
  record: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20a8 8 0 0 1 16 0',
  paste: 'M8 5H5v16h14V5h-3M8 3h8v4H8z',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A button that is only a picture. */
export function IconButton({
  icon,
  label,
  hint,
  ...rest
}: {
  icon: IconName;
  label: string;
  /** The key that does the same. */
  hint?: string;
  class?: string;
  disabled?: boolean;
  'aria-pressed'?: boolean;
  'aria-expanded'?: boolean;
  onClick(event: MouseEvent): void;
}) {
  return (
    <button
      {...rest}
      type="button"
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={hint === undefined ? label : `${label} (${hint})`}
    >
      <Icon name={icon} />
    </button>
  );
}
