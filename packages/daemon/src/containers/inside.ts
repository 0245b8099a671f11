/** What is asked for with `in`. */
export interface Inside {
  /** As it was given. */
  place: string;
  cwd?: string | undefined;
  env: Readonly<Record<string, string>>;
}
