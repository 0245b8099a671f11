/** Whether the escapes of a URL are UTF-8. */
export function isDecodable(url: string): boolean {
  try {
    // Its value is used, because a bundler takes a call without one for no use at all.
    return decodeURIComponent(url) !== '';
  } catch {
    return false;
  }
}
