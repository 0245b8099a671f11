import { usePage } from '../page.ts';
import type { Session } from '../sessions/session.ts';
import { Dialog } from './dialog.tsx';
import { Field, Form, text } from './form.tsx';

export function Rename({ session }: { session: Session }) {
  const { link } = usePage();
  return (
    <Dialog title={`Rename ${session.name}`}>
      <Form
        action="Rename"
        submit={async (fields) => {
          const name = text(fields, 'name') ?? '';
          await link.request('session.rename', { session: session.id, name });
        }}
      >
        <Field name="name" label="Name" value={session.name} required autofocus />
      </Form>
    </Dialog>
  );
}
