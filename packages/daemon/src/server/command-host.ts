/**
 * What runs the command lines of the native client inside the daemon. Its connections come to the same socket:
 * their first byte is one that no message begins with. apps/daemon puts the two together, so this package
 * knows nothing of commands.
 */

/** JSON never begins with it. */
export const COMMAND_BYTE = 0;

export interface CommandConnection {
  /** The command is known: until then a connection that says nothing gives way to others. */
  readonly isGreeted: boolean;
  /** Ends the connection once the command has ended. */
  close(): void;
}
