import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { CallError } from '../../api/call.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { StreamStatus } from '../streams/stream-columns.tsx';
import { lossDanger } from '../streams/stream-row.ts';
import { modeName } from '../streams/text.ts';
import { ScaleDialog } from './actions/scale-dialog.tsx';
import { ChartsSection } from './charts/charts-section.tsx';
import { KeyFigures } from './key-figures.tsx';
import { reshardingWhy } from './shards/shard-panel.tsx';
import { ShardsSection } from './shards/shards-section.tsx';
import { t } from './text.ts';
import { type SeenStream, useStreamSight } from './use-stream-sight.ts';

/** A stream: how it does, and its shards. */
export function StreamPage({ parameters }: { readonly parameters: Parameters }) {
  const name = parameters['stream']!;
  const asked = useStreamSight(name);
  const isScaling = useSignal(false);
  const seen = asked.answer;
  if (isMissing(asked.error)) return <MissingStream name={name} />;
  const why = seen && reshardingWhy(seen);
  const scale = (
    <Button
      disabled={seen === undefined || why !== undefined}
      {...(why === undefined ? {} : { why })}
      onPress={() => (isScaling.value = true)}
    >
      {t.scale}
    </Button>
  );
  return (
    <>
      <StreamHead name={name} seen={seen} actions={scale} />
      <Trouble asked={asked} />
      {seen === undefined ? (
        asked.error === undefined && <Skeleton lines={6} />
      ) : (
        <>
          <Warnings seen={seen} />
          <KeyFigures seen={seen} />
          <ShardsSection seen={seen} onDone={asked.again} />
          <ChartsSection seen={seen} />
          {isScaling.value && (
            <ScaleDialog seen={seen} onDone={asked.again} onClose={() => (isScaling.value = false)} />
          )}
        </>
      )}
    </>
  );
}

export function isMissing(error: Error | undefined): boolean {
  return error instanceof CallError && error.code === 'ResourceNotFoundException';
}

export function MissingStream({ name }: { readonly name: string }) {
  return (
    <>
      <PageHead title={name} />
      <EmptyState title={t.gone} actions={<a href={href(['streams'])}>{t.toStreams}</a>}>
        {t.goneText(name)}
      </EmptyState>
    </>
  );
}

type StreamHeadProps = {
  readonly name: string;
  readonly seen: SeenStream | undefined;
  readonly actions?: ComponentChildren;
};

/** The head of a stream's pages: what it is, and its ARN to copy. */
function StreamHead({ name, seen, actions }: StreamHeadProps) {
  const stream = seen?.sight.Stream;
  const badges = stream !== undefined && (
    <>
      <StreamStatus status={stream.Status} />
      <Badge>{modeName(stream.Mode)}</Badge>
      {stream.KeyId !== undefined && <Badge kind="info">{t.encrypted}</Badge>}
    </>
  );
  return (
    <PageHead title={name} badges={badges} actions={actions}>
      {stream !== undefined && (
        <div class="stream-arn">
          <span class="mono">{stream.Arn}</span>
          <CopyButton text={stream.Arn} label={t.copyArn} />
        </div>
      )}
    </PageHead>
  );
}

function Warnings({ seen: { sight, history } }: { readonly seen: SeenStream }) {
  const { rates } = history;
  const { Stream: stream } = sight;
  return (
    <>
      {rates !== undefined && rates.recordsThrottled + rates.readsThrottled > 0 && (
        <Notice kind="warning">{t.throttledNow}</Notice>
      )}
      {lossDanger(stream) === 'now' && (
        <Notice kind="bad" actions={<a href={href(['streams', stream.Name, 'settings'])}>{t.lengthen}</a>}>
          {t.losing(stream.LaggingReader ?? '', format.duration(Math.max(0, stream.TimeToLossMillis ?? 0)))}
        </Notice>
      )}
    </>
  );
}
