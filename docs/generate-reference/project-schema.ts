/** pilotty.schema.json: pilotty.json, for editors. */
import * as z from 'zod';
import { projectFile } from '../../packages/project/src/index.ts';

/** VS Code asks a schema for that. */
const COMMENTED = { allowComments: true, allowTrailingCommas: true };

export function projectSchema(): string {
  const schema = z.toJSONSchema(projectFile, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'A project of pilotty', ...COMMENTED, ...schema }, null, 2)}\n`;
}
