import { usePage } from '../page.ts';
import { Loaded } from '../recordings/loaded.tsx';
import { Help } from './help.tsx';
import { NewSession } from './new-session.tsx';
import { Palette } from './palette.tsx';
import { Rename } from './rename.tsx';
import { Settings } from './settings.tsx';
import { TagMany } from './tag-many.tsx';
import { Tags } from './tags.tsx';

export function ShownDialog() {
  const shown = usePage().dialogs.shown.value;
  switch (shown?.kind) {
    case undefined:
      return null;
    case 'new':
      return <NewSession />;
    case 'rename':
      return <Rename session={shown.session} />;
    case 'tags':
      return <Tags session={shown.session} />;
    case 'tag-many':
      return <TagMany sessions={shown.sessions} />;
    case 'recordings':
    case 'record':
    case 'mark':
      return (
        <Loaded>
          {({ RecordingDialog }) => <RecordingDialog kind={shown.kind} session={shown.session} />}
        </Loaded>
      );
    case 'settings':
      return <Settings />;
    case 'palette':
      return <Palette />;
    case 'help':
      return <Help />;
  }
}
