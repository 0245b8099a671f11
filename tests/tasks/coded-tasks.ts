/** Each task by the name of its recipe, in both ways that are code. Imports are static because the benchmark is one bundle. */
import type { McpTask } from './by-mcp.ts';
import type { SdkTask } from './by-sdk.ts';
import { dialogWizard as dialogWizardByMcp } from './dialog-wizard/mcp.ts';
import { dialogWizard as dialogWizardBySdk } from './dialog-wizard/sdk.ts';
import { failingBuild as failingBuildByMcp } from './failing-build/mcp.ts';
import { failingBuild as failingBuildBySdk } from './failing-build/sdk.ts';
import { fourMonitors as fourMonitorsByMcp } from './four-monitors/mcp.ts';
import { fourMonitors as fourMonitorsBySdk } from './four-monitors/sdk.ts';
import { gitAddPatch as gitAddPatchByMcp } from './git-add-patch/mcp.ts';
import { gitAddPatch as gitAddPatchBySdk } from './git-add-patch/sdk.ts';
import { htopKill as htopKillByMcp } from './htop-kill/mcp.ts';
import { htopKill as htopKillBySdk } from './htop-kill/sdk.ts';
import { lessThirdMatch as lessThirdMatchByMcp } from './less-third-match/mcp.ts';
import { lessThirdMatch as lessThirdMatchBySdk } from './less-third-match/sdk.ts';
import { logStream as logStreamByMcp } from './log-stream/mcp.ts';
import { logStream as logStreamBySdk } from './log-stream/sdk.ts';
import { mcCopy as mcCopyByMcp } from './mc-copy/mcp.ts';
import { mcCopy as mcCopyBySdk } from './mc-copy/sdk.ts';
import { mouseMenu as mouseMenuByMcp } from './mouse-menu/mcp.ts';
import { mouseMenu as mouseMenuBySdk } from './mouse-menu/sdk.ts';
import { nano as nanoByMcp } from './nano/mcp.ts';
import { nano as nanoBySdk } from './nano/sdk.ts';
import { passwordPrompt as passwordPromptByMcp } from './password-prompt/mcp.ts';
import { passwordPrompt as passwordPromptBySdk } from './password-prompt/sdk.ts';
import { pythonSession as pythonSessionByMcp } from './python-session/mcp.ts';
import { pythonSession as pythonSessionBySdk } from './python-session/sdk.ts';
import { rules as rulesByMcp } from './rules/mcp.ts';
import { rules as rulesBySdk } from './rules/sdk.ts';
import { serverAndClient as serverAndClientByMcp } from './server-and-client/mcp.ts';
import { serverAndClient as serverAndClientBySdk } from './server-and-client/sdk.ts';
import { sqlite as sqliteByMcp } from './sqlite/mcp.ts';
import { sqlite as sqliteBySdk } from './sqlite/sdk.ts';
import { vimSearchAndReplace as vimSearchAndReplaceByMcp } from './vim-search-and-replace/mcp.ts';
import { vimSearchAndReplace as vimSearchAndReplaceBySdk } from './vim-search-and-replace/sdk.ts';

export const codedTasks: Readonly<Record<string, { mcp: McpTask; sdk: SdkTask }>> = {
  'dialog-wizard': { mcp: dialogWizardByMcp, sdk: dialogWizardBySdk },
  'failing-build': { mcp: failingBuildByMcp, sdk: failingBuildBySdk },
  'four-monitors': { mcp: fourMonitorsByMcp, sdk: fourMonitorsBySdk },
  'git-add-patch': { mcp: gitAddPatchByMcp, sdk: gitAddPatchBySdk },
  'htop-kill': { mcp: htopKillByMcp, sdk: htopKillBySdk },
  'less-third-match': { mcp: lessThirdMatchByMcp, sdk: lessThirdMatchBySdk },
  'log-stream': { mcp: logStreamByMcp, sdk: logStreamBySdk },
  'mc-copy': { mcp: mcCopyByMcp, sdk: mcCopyBySdk },
  'mouse-menu': { mcp: mouseMenuByMcp, sdk: mouseMenuBySdk },
  nano: { mcp: nanoByMcp, sdk: nanoBySdk },
  'password-prompt': { mcp: passwordPromptByMcp, sdk: passwordPromptBySdk },
  'python-session': { mcp: pythonSessionByMcp, sdk: pythonSessionBySdk },
  rules: { mcp: rulesByMcp, sdk: rulesBySdk },
  'server-and-client': { mcp: serverAndClientByMcp, sdk: serverAndClientBySdk },
  sqlite: { mcp: sqliteByMcp, sdk: sqliteBySdk },
  'vim-search-and-replace': { mcp: vimSearchAndReplaceByMcp, sdk: vimSearchAndReplaceBySdk },
};
