import { useSignalEffect } from '@preact/signals';
import { Banner } from './connection/banner.tsx';
import { Login } from './connection/login.tsx';
import { ShownDialog } from './dialogs/shown-dialog.tsx';
import { Toasts } from './notices/toasts.tsx';
import { Overview } from './overview/overview.tsx';
import { usePage } from './page.ts';
import { Loaded } from './recordings/loaded.tsx';
import { SessionPage } from './session/session-page.tsx';
import { TopBar } from './top-bar.tsx';

export function App() {
  const { link, route, waiting } = usePage();
  const state = link.state.value;
  const place = route.place.value;
  useSignalEffect(() => {
    const count = waiting.urgentCount.value;
    if (route.place.value.kind === 'overview')
      document.title = count === 0 ? 'pilotty' : `(${count}) pilotty`;
  });
  if (state.kind === 'locked') return <Login reason={state.reason} />;
  return (
    <div class="page" data-link={state.kind} data-place={place.kind}>
      {place.kind === 'overview' && <TopBar />}
      <Banner />
      {place.kind === 'overview' && <Overview />}
      {place.kind === 'sessions' && <SessionPage ids={place.ids} />}
      {place.kind === 'recordings' && <Loaded>{({ RecordingsPage }) => <RecordingsPage />}</Loaded>}
      {place.kind === 'recording' && (
        <Loaded>{({ Player }) => <Player key={place.file} file={place.file} />}</Loaded>
      )}
      <Toasts />
      <ShownDialog />
    </div>
  );
}
