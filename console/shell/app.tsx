import { useErrorBoundary } from 'preact/hooks';
import { useAsked } from '../api/asked.ts';
import { config } from '../api/config.ts';
import { unexpected } from '../api/detached.ts';
import { isSignedIn } from '../api/session.ts';
import { Button } from '../parts/button.tsx';
import { errorText } from '../parts/error-text.ts';
import { Notice } from '../parts/notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { Toasts } from '../parts/toasts.tsx';
import { texts } from '../text/text.ts';
import { Frame } from './frame.tsx';
import { SignIn } from './sign-in.tsx';
import { askConfig } from './start.ts';

const t = texts({
  en: { again: 'Try again', reload: 'Load the page anew', broken: 'This page has failed' },
  es: { again: 'Reintentar', reload: 'Volver a cargar', broken: 'Esta página ha fallado' },
});

/** The whole window: what the server says it is, then the sign-in page or the page that was asked for. */
export function App() {
  const [broken] = useErrorBoundary();
  if (broken !== undefined) return <Broken error={broken as Error} />;
  return (
    <>
      <Inside />
      <Unexpected />
      <Toasts />
    </>
  );
}

function Inside() {
  const asked = useAsked(askConfig, []);
  if (config.value === undefined) {
    return (
      <main class="alone">
        {asked.error === undefined ? (
          <Skeleton />
        ) : (
          <Notice kind="bad" actions={<Button onPress={asked.again}>{t.again}</Button>}>
            {errorText(asked.error)}
          </Notice>
        )}
      </main>
    );
  }
  return config.value.Signed && !isSignedIn.value ? <SignIn /> : <Frame />;
}

/** A fault of the console's own: nothing of the page can be relied on any more. */
function Broken({ error }: { readonly error: Error }) {
  return (
    <main class="alone">
      <Notice
        kind="bad"
        title={t.broken}
        actions={<Button onPress={() => location.reload()}>{t.reload}</Button>}
      >
        <code>{String(error)}</code>
      </Notice>
    </main>
  );
}

/** What went on by itself, and failed. */
function Unexpected() {
  const error = unexpected.value;
  if (error === undefined) return null;
  const close = () => {
    unexpected.value = undefined;
  };
  return (
    <div class="unexpected">
      <Notice kind="bad" title={t.broken} actions={<CloseButton onPress={close} />}>
        {errorText(error)}
      </Notice>
    </div>
  );
}

function CloseButton({ onPress }: { readonly onPress: () => void }) {
  return (
    <Button kind="quiet" onPress={onPress}>
      ✕
    </Button>
  );
}
