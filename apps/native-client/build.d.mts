export function buildId(): string;
export function buildNativeClient(dist: string): string | undefined;
