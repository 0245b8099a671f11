import { usePage } from '../page.ts';
import type { Session } from '../sessions/session.ts';
import { Dialog } from './dialog.tsx';
import { Field, Form, text } from './form.tsx';

export function Rename({ session }: { session: Session }) {
  const { link, notices } = usePage();
  return (
    <Dialog title={`Rename ${session.name}`}>
      <Form
        action="Rename"
        submit={async (fields) => {
          const name = text(fields, 'name') ?? '';
          const renamed = await link.request('session.rename', { session: session.id, name });
          if (renamed.name !== name) {
            notices.show(`It is called ${renamed.name}: a name has letters, digits and ._- only.`);
          }
        }}
      >
        <Field name="name" label="Name" value={session.name} required autofocus />
      </Form>
    </Dialog>
  );
}
