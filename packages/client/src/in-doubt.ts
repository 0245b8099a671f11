/** Whether a text that Node decoded may not be what was given: U+FFFD stands for bytes that are not UTF-8, or for itself. */
export function isInDoubt(text: string | undefined): boolean {
  return text?.includes('\uFFFD') ?? false;
}
