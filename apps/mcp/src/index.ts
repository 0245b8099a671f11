export type { Serving } from './main.ts';
