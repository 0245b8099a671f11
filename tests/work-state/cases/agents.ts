/** Agents: an input line, a spinner while they work, a box or a list while they ask. */
import { program } from '../../harness/programs.ts';
import { a, butSaid, type Case, type Step, screen } from './case.ts';

const agent = (kind: string) => program('agent.cjs', kind);
const atWork = (shown: string): Step[] => [{ shown, text: 'fix it', enter: true }];
const then = (shown: string, key: string): Step[] => [...atWork(shown), { shown: 'Working', text: key }];

export const AGENTS: Case[] = [
  a('an agent with a frame', 'has an input line', 'idle', agent('framed')),
  a('an agent with a frame', 'works', 'working', agent('framed'), atWork('shortcuts')),
  a('an agent with a frame', 'asks', 'asking', agent('framed'), then('shortcuts', 'a')),
  a('an agent with a frame', 'has finished, with a notification (OSC 777)', 'done', agent('framed'), [
    ...then('shortcuts', 'n'),
  ]),
  a('an agent with a clock', 'has an input line', 'idle', agent('lined')),
  a('an agent with a clock', 'works', 'working', agent('lined'), atWork('context left')),
  a('an agent with a clock', 'asks', 'asking', agent('lined'), then('context left', 'a')),
  butSaid(
    'working',
    a('an agent with a clock', 'has finished, and its spinner goes on', 'idle', agent('lined'), [
      ...then('context left', 's'),
    ]),
  ),
  a('Claude Code (stand-in)', 'asks whether to trust a directory', 'asking', screen('agent-trust')),
  a('Claude Code (stand-in)', 'thinks', 'working', screen('agent-thinks')),
  a('Claude Code (stand-in)', 'asks, and its spinner goes on', 'asking', screen('agent-asks-while-it-spins')),
  a('Claude Code (stand-in)', 'has finished', 'idle', screen('agent-done')),
  a('Claude Code (stand-in)', 'has rung, and its spinner goes on', 'done', screen('agent-done-with-bell')),
  butSaid(
    'unknown',
    a(
      'Claude Code (stand-in)',
      'has an input line, and a logo that moves',
      'idle',
      screen('agent-done-with-a-moving-logo'),
    ),
  ),
  a(
    'Claude Code (stand-in)',
    'has an input line, and draws a cursor that blinks',
    'idle',
    screen('agent-blinks-its-cursor'),
  ),
  butSaid(
    'unknown',
    a(
      'Codex (stand-in)',
      'works, and draws nothing for a while',
      'working',
      screen('agent-is-quiet-at-work'),
    ),
  ),
  a('Gemini (stand-in)', 'asks, without numbers', 'asking', screen('agent-asks-without-numbers')),
  a('opencode (stand-in)', 'asks, by words in a row', 'asking', screen('agent-asks-by-buttons')),
  a('aider (stand-in)', 'at its prompt', 'idle', screen('aider-prompt')),
  a('aider (stand-in)', 'asks whether to add a file', 'asking', screen('aider-asks')),
];
