/** Each task by the name of its recipe. Imports are static because the benchmark is one bundle. */
import type { McpTask } from './by-mcp.ts';
import { dialogWizard } from './dialog-wizard/mcp.ts';
import { failingBuild } from './failing-build/mcp.ts';
import { fourMonitors } from './four-monitors/mcp.ts';
import { gitAddPatch } from './git-add-patch/mcp.ts';
import { htopKill } from './htop-kill/mcp.ts';
import { lessThirdMatch } from './less-third-match/mcp.ts';
import { logStream } from './log-stream/mcp.ts';
import { mcCopy } from './mc-copy/mcp.ts';
import { mouseMenu } from './mouse-menu/mcp.ts';
import { nano } from './nano/mcp.ts';
import { passwordPrompt } from './password-prompt/mcp.ts';
import { pythonSession } from './python-session/mcp.ts';
import { serverAndClient } from './server-and-client/mcp.ts';
import { sqlite } from './sqlite/mcp.ts';
import { vimSearchAndReplace } from './vim-search-and-replace/mcp.ts';

export const mcpTasks: Readonly<Record<string, McpTask>> = {
  'dialog-wizard': dialogWizard,
  'failing-build': failingBuild,
  'four-monitors': fourMonitors,
  'git-add-patch': gitAddPatch,
  'htop-kill': htopKill,
  'less-third-match': lessThirdMatch,
  'log-stream': logStream,
  'mc-copy': mcCopy,
  'mouse-menu': mouseMenu,
  nano: nano,
  'password-prompt': passwordPrompt,
  'python-session': pythonSession,
  'server-and-client': serverAndClient,
  sqlite: sqlite,
  'vim-search-and-replace': vimSearchAndReplace,
};
