/** What a client is to be, that a face asks for; read when a connection is opened. */
export interface Asked {
  /** Where none runs. */
  startsDaemon(): boolean;
  /** How others see the client; undefined: the user and this host. */
  name(): string | undefined;
  /** In which its names count; undefined: in none. */
  scope(): string | undefined;
}
