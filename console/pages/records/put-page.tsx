import { useSignal } from '@preact/signals';
import { mayChange } from '../../api/config.ts';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import type { Parameters } from '../../shell/page.ts';
import { toBePut } from './put-again.ts';
import { PutMany } from './put-many.tsx';
import { PutOne } from './put-one.tsx';
import { w } from './text-work.ts';

/** Puts records into a stream: one, or those of a file. */
export function PutPage({ parameters }: { readonly parameters: Parameters }) {
  const stream = parameters['stream']!;
  const chosen = useSignal<'one' | 'many'>(toBePut.peek() === undefined ? 'many' : 'one');
  if (!mayChange()) {
    return (
      <>
        <PageHead title={w.title} />
        <Notice>{w.readOnly}</Notice>
      </>
    );
  }
  return (
    <div class="put-page">
      <PageHead title={w.title}>{w.lead}</PageHead>
      <Tabs
        label={w.title}
        tabs={[
          { id: 'many', title: w.many },
          { id: 'one', title: w.one },
        ]}
        chosen={chosen.value}
        onChoose={(id) => {
          chosen.value = id;
        }}
      />
      {chosen.value === 'one' ? <PutOne stream={stream} /> : <PutMany stream={stream} />}
    </div>
  );
}
