/** Which session of which project file a session was started as, so that `up` and `down` find it again. */
import * as z from 'zod';

const facts = {
  name: z.string().min(1).max(64).describe('of the project'),
  file: z.string().min(1).max(4096).describe('absolute path of the project file'),
  key: z.string().min(1).max(64).describe('its name in that file'),
  config: z
    .record(z.string().max(64), z.string().max(64))
    .describe('a hash of each setting that its program depends on, to find out what was changed'),
};

/** Of session.spawn. */
export const projectParam = z
  .strictObject(facts)
  .optional()
  .describe('the session belongs to a project, see projects.md');

/** In the description of a session. */
export const projectFacts = z.object(facts).optional().describe('absent if it belongs to none');
