import { usePage } from '../page.ts';
import type { Session } from '../sessions/session.ts';
import { Dialog } from './dialog.tsx';
import { Field, Form, tagsIn } from './form.tsx';

export function TagMany({ sessions }: { sessions: readonly Session[] }) {
  const { link } = usePage();
  return (
    <Dialog title={`Tag ${sessions.length} sessions`}>
      <Form
        action="Add"
        submit={async (fields) => {
          const params = { add: tagsIn(fields) };
          await link.request('sessions.each', {
            sessions: sessions.map(({ id }) => id),
            method: 'session.tag',
            params,
          });
        }}
      >
        <Field name="tags" label="Tags to add" placeholder="web, deploy" required autofocus />
      </Form>
    </Dialog>
  );
}
