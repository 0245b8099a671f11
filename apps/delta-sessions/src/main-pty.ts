#!/usr/bin/env node
/** `delta-sessions-pty`: the first generation's command. */
import { first } from './generation.ts';
import { runProcess } from './run-process.ts';

void runProcess(first, import.meta.dirname);
