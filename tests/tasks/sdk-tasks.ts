/** Each task by the name of its recipe. Imports are static because the benchmark is one bundle. */
import type { SdkTask } from './by-sdk.ts';
import { dialogWizard } from './dialog-wizard/sdk.ts';
import { failingBuild } from './failing-build/sdk.ts';
import { fourMonitors } from './four-monitors/sdk.ts';
import { gitAddPatch } from './git-add-patch/sdk.ts';
import { htopKill } from './htop-kill/sdk.ts';
import { lessThirdMatch } from './less-third-match/sdk.ts';
import { logStream } from './log-stream/sdk.ts';
import { mcCopy } from './mc-copy/sdk.ts';
import { mouseMenu } from './mouse-menu/sdk.ts';
import { nano } from './nano/sdk.ts';
import { passwordPrompt } from './password-prompt/sdk.ts';
import { pythonSession } from './python-session/sdk.ts';
import { serverAndClient } from './server-and-client/sdk.ts';
import { sqlite } from './sqlite/sdk.ts';
import { vimSearchAndReplace } from './vim-search-and-replace/sdk.ts';

export const sdkTasks: Readonly<Record<string, SdkTask>> = {
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
