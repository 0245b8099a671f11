#!/usr/bin/env node
/** `delta-sessions`: the second generation's command. */
import { second } from './generation.ts';
import { runProcess } from './run-process.ts';

void runProcess(second, import.meta.dirname);
