import { usePage } from '../page.ts';
import type { Session } from '../sessions/session.ts';
import { Dialog } from './dialog.tsx';
import { Field, Form, tagsIn } from './form.tsx';

export function Tags({ session }: { session: Session }) {
  const { link } = usePage();
  return (
    <Dialog title={`Tags of ${session.name}`}>
      <Form
        action="Save"
        submit={async (fields) => {
          const wanted = tagsIn(fields);
          await link.request('session.tag', {
            session: session.id,
            add: wanted.filter((tag) => !session.tags.includes(tag)),
            remove: session.tags.filter((tag) => !wanted.includes(tag)),
          });
        }}
      >
        <Field
          name="tags"
          label="Tags"
          value={session.tags.join(', ')}
          placeholder="web, deploy"
          hint="With commas between them. The first one is the group."
          autofocus
        />
      </Form>
    </Dialog>
  );
}
