import { usePage } from '../page.ts';
import { programWords } from '../sessions/program-words.ts';
import { Dialog } from './dialog.tsx';
import { Field, Form, tagsIn, text } from './form.tsx';

export function NewSession() {
  const { access, route, open } = usePage();

  async function spawn(fields: FormData): Promise<void> {
    const [name, cwd] = [text(fields, 'name'), text(fields, 'cwd')];
    const { session_id: id } = await access.spawn({
      ...programWords(text(fields, 'command') ?? ''),
      tags: tagsIn(fields),
      ...(name !== undefined && { name }),
      ...(cwd !== undefined && { cwd }),
    });
    // No other viewer yet, so it may fill the window.
    open.willFit(id);
    route.openSession(id);
  }

  return (
    <Dialog title="New session">
      <Form action="Start" submit={spawn}>
        <Field
          name="command"
          label="Command"
          placeholder="your shell"
          hint="A program and its arguments, or a line for the shell."
          autofocus
        />
        <Field name="name" label="Name" placeholder="chosen for you" />
        <Field name="tags" label="Tags" placeholder="web, deploy" hint="The first one is the group." />
        <Field name="cwd" label="Directory" placeholder="your home directory" />
      </Form>
    </Dialog>
  );
}
