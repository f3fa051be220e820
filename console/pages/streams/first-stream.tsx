import { useSignal } from '@preact/signals';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { texts } from '../../text/text.ts';
import { readOnlyWhy } from '../stream/actions/read-only.ts';
import { SampleDialog } from './sample-dialog.tsx';

const t = texts({
  en: {
    title: 'There is no stream yet',
    what: 'A stream is a log that programs put records into, and that any number of other programs read, each at its own pace, for as long as the records are kept. Records with the same partition key stay in the order in which they came; shards are the parts that make a stream as fast as one wants.',
    create: 'Create one',
    sample: 'Try it with sample records',
  },
  es: {
    title: 'Todavía no hay ningún stream',
    what: 'Un stream es un registro en el que unos programas ponen datos y que otros, cuantos se quiera, leen cada uno a su ritmo mientras se guarden. Los registros con la misma clave de partición quedan en el orden en que llegaron; los shards son las partes que hacen un stream tan rápido como se quiera.',
    create: 'Crear uno',
    sample: 'Probar con registros de ejemplo',
  },
});

/** For whoever has no stream, and may never have seen one. */
export function FirstStream({ onCreate }: { readonly onCreate: () => void }) {
  const isSampling = useSignal(false);
  const sample = () => {
    isSampling.value = true;
  };
  const actions = (
    <>
      <Button kind="main" onPress={onCreate} disabled={!mayChange()} {...readOnlyWhy()}>
        {t.create}
      </Button>
      <Button onPress={sample} disabled={!mayChange()} {...readOnlyWhy()}>
        {t.sample}
      </Button>
    </>
  );
  return (
    <>
      <EmptyState title={t.title} actions={actions}>
        <p class="first-stream-text">{t.what}</p>
      </EmptyState>
      {isSampling.value && (
        <SampleDialog
          onClose={() => {
            isSampling.value = false;
          }}
        />
      )}
    </>
  );
}
