/** `Symbol.asyncDispose`; in a browser that does not have it yet, the symbol that compilers take instead. */
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
