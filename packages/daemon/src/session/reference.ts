/** How answers, errors and events refer to a session. */
export interface SessionReference {
  /** Its name. */
  session: string;
  session_id: string;
}
