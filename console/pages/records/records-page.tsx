import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import type { Parameters } from '../../shell/page.ts';
import { go, href, place } from '../../shell/router.ts';
import { recordPath, shardIdIn } from './permalink.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { newBuffer, TailView } from './tail-view.tsx';
import { t } from './text.ts';
import { ViewBar } from './view-bar.tsx';
import { queryOfView, type ViewState, viewOf } from './view-state.ts';
import type { Wrong } from './wrong.ts';

/** The records of a stream as they come, and from any time on. */
export function RecordsPage({ parameters }: { readonly parameters: Parameters }) {
  const stream = parameters['stream']!;
  const view = viewOf(place.value.query);
  const viewKey = JSON.stringify(view);
  const buffer = useMemo(newBuffer, [viewKey]);
  const wrong = useSignal<Wrong | undefined>(undefined);
  const dialog = useSignal<'save' | 'replay' | undefined>(undefined);
  const change = (changed: ViewState) => go(href(['streams', stream, 'records'], queryOfView(changed)));
  const close = () => {
    dialog.value = undefined;
  };
  const actions = (
    <>
      <Button onPress={() => (dialog.value = 'save')}>{t.save}</Button>
      <Button onPress={() => (dialog.value = 'replay')} disabled={!mayChange()}>
        {t.replay}
      </Button>
      {mayChange() && (
        <a class="button main" href={href(['streams', stream, 'put'])}>
          {t.putRecords}
        </a>
      )}
    </>
  );
  return (
    <div class="records-page">
      <PageHead title={t.title} actions={actions} />
      <ViewBar
        stream={stream}
        view={view}
        wrong={wrong.value}
        onChange={change}
        onSequence={(sequenceNumber) =>
          go(recordPath({ stream, shardId: shardIdIn(sequenceNumber), sequenceNumber }))
        }
      />
      <TailView
        key={viewKey}
        stream={stream}
        view={view}
        buffer={buffer}
        onWrong={(told) => {
          wrong.value = told;
        }}
        onFrom={(from) => change({ ...view, from })}
      />
      {dialog.value === 'save' && <SaveDialog stream={stream} view={view} buffer={buffer} onClose={close} />}
      {dialog.value === 'replay' && <ReplayDialog stream={stream} view={view} onClose={close} />}
    </div>
  );
}
