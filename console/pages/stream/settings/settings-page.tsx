import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { mayChange } from '../../../api/config.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { PageHead } from '../../../parts/page-head.tsx';
import { Skeleton } from '../../../parts/skeleton.tsx';
import { Trouble } from '../../../parts/trouble.tsx';
import type { Parameters } from '../../../shell/page.ts';
import { go, href } from '../../../shell/router.ts';
import { format } from '../../../text/format.ts';
import { StreamStatus } from '../../streams/stream-columns.tsx';
import { modeName } from '../../streams/text.ts';
import { prettyPolicy } from '../actions/policy-text.ts';
import { readOnlyWhy } from '../actions/read-only.ts';
import { isMissing, MissingStream } from '../stream-page.tsx';
import { t as stream } from '../text.ts';
import { ConsumersPanel } from './consumers-panel.tsx';
import { type DialogName, SettingDialog } from './setting-dialog.tsx';
import { Opener, Setting, SettingPanel } from './setting-panel.tsx';
import { t } from './text.ts';
import { metricsOf, type Settings, type Summary, useSettings } from './use-settings.ts';

/** All that is set about a stream, and can be set otherwise. */
export function SettingsPage({ parameters }: { readonly parameters: Parameters }) {
  const name = parameters['stream']!;
  const settings = useSettings(name);
  const dialog = useSignal<DialogName | undefined>(undefined);
  const summary = settings.summary.answer;
  if (isMissing(settings.summary.error)) return <MissingStream name={name} />;
  const head = (
    <PageHead
      title={stream.settingsOf(name)}
      badges={summary !== undefined && <StreamStatus status={summary.StreamStatus} />}
    >
      {summary !== undefined && (
        <div class="stream-arn">
          <span class="mono">{summary.StreamARN}</span>
          <CopyButton text={summary.StreamARN} label={stream.copyArn} />
        </div>
      )}
    </PageHead>
  );
  const open = (chosen: DialogName) => {
    dialog.value = chosen;
  };
  return (
    <>
      {head}
      <Trouble asked={settings.summary} />
      {summary === undefined ? (
        settings.summary.error === undefined && <Skeleton lines={8} />
      ) : (
        <div class="setting-panels">
          <Capacity summary={summary} open={open} />
          <Records summary={summary} open={open} />
          <Tags settings={settings} open={open} />
          <Policy settings={settings} open={open} />
          <Limits settings={settings} open={open} />
          <ConsumersPanel settings={settings} open={open} />
          <Danger open={open} />
        </div>
      )}
      {dialog.value !== undefined && summary !== undefined && (
        <SettingDialog
          {...{ name: dialog.value, settings, summary }}
          onClose={() => {
            dialog.value = undefined;
          }}
          onDone={() => (dialog.value === 'delete' ? go(href(['streams'])) : settings.again())}
        />
      )}
    </>
  );
}

type PanelProps = { readonly summary: Summary; readonly open: (name: DialogName) => void };

/** Why a setting that needs the stream to be ACTIVE cannot be changed now. */
function whyNot({ StreamStatus: status }: Summary): string | undefined {
  if (!mayChange()) return readOnlyWhy().why;
  return status === 'ACTIVE' ? undefined : t.notActive;
}

function Capacity({ summary, open }: PanelProps) {
  const isOnDemand = summary.StreamModeDetails.StreamMode === 'ON_DEMAND';
  const change = changerOf(summary, open);
  return (
    <SettingPanel title={t.capacity}>
      <Setting
        name={t.mode}
        value={modeName(summary.StreamModeDetails.StreamMode)}
        action={change('mode', t.mode)}
      />
      <Setting
        name={t.shards}
        value={format.number(summary.OpenShardCount)}
        action={!isOnDemand && change('scale', t.shards)}
      />
      {isOnDemand && (
        <Setting
          name={t.distribution}
          value={summary.RecordDistributionStrategy === 'AUTO' ? t.byService : t.byKey}
          action={change('distribution', t.distribution)}
        />
      )}
      <Setting
        name={t.monitoring}
        value={
          metricsOf(summary).length === 0 ? quiet(t.noMetrics) : t.monitoringCount(metricsOf(summary).length)
        }
        action={change('monitoring', t.monitoring)}
      />
      <Setting name={t.created} value={format.time(summary.StreamCreationTimestamp)} />
    </SettingPanel>
  );
}

function Records({ summary, open }: PanelProps) {
  const change = changerOf(summary, open);
  return (
    <SettingPanel title={t.records}>
      <Setting
        name={t.retention}
        value={format.duration(summary.RetentionPeriodHours * 3_600_000)}
        action={change('retention', t.retention)}
      />
      <Setting
        name={t.recordSize}
        value={format.bytes((summary.MaxRecordSizeInKiB ?? 1024) * 1024)}
        action={change('record-size', t.recordSize)}
      />
      <Setting
        name={t.encryption}
        value={
          summary.KeyId === undefined ? (
            quiet(t.none)
          ) : (
            <span class="mono breaking">{t.key(summary.KeyId)}</span>
          )
        }
        action={change('encryption', t.encryption)}
      />
    </SettingPanel>
  );
}

/** Makes the buttons of settings. */
function changerOf(summary: Summary, open: (name: DialogName) => void) {
  return (name: DialogName, about: string) => (
    <Opener text={t.change} about={`${t.change} ${about}`} why={whyNot(summary)} onOpen={() => open(name)} />
  );
}

function quiet(text: string) {
  return <span class="quiet-text">{text}</span>;
}

type PartProps = { readonly settings: Settings; readonly open: (name: DialogName) => void };

function Tags({ settings: { tags }, open }: PartProps) {
  const all = Object.entries(tags.answer ?? {});
  const change = (
    <Opener
      text={t.change}
      about={`${t.change} ${t.tags}`}
      why={readOnlyWhy().why}
      onOpen={() => open('tags')}
    />
  );
  return (
    <SettingPanel title={t.tags} actions={tags.answer !== undefined && change}>
      <Trouble asked={tags} />
      {all.length === 0 && tags.error === undefined && <p class="quiet-text">{t.noTags}</p>}
      {all.map(([key, value]) => (
        <Setting key={key} name={key} value={value === '' ? quiet('–') : value} />
      ))}
    </SettingPanel>
  );
}

function Policy({ settings: { policy }, open }: PartProps) {
  const change = (
    <Opener
      text={t.change}
      about={`${t.change} ${t.policy}`}
      why={readOnlyWhy().why}
      onOpen={() => open('policy')}
    />
  );
  return (
    <SettingPanel title={t.policy} actions={policy.answer !== undefined && change}>
      <Trouble asked={policy} />
      {policy.answer === '' && <p class="quiet-text">{t.noPolicy}</p>}
      {policy.answer !== undefined && policy.answer !== '' && (
        <pre class="mono policy-text">{prettyPolicy(policy.answer)}</pre>
      )}
    </SettingPanel>
  );
}

function Limits({ settings: { limits }, open }: PartProps) {
  const change = (
    <Opener
      text={t.change}
      about={`${t.change} ${t.limits}`}
      why={readOnlyWhy().why}
      onOpen={() => open('limits')}
    />
  );
  const holds = limits.answer?.Effective;
  const value = (limit: number | undefined, text: (value: number) => string) =>
    limit === undefined ? quiet(t.unlimited) : text(limit);
  return (
    <SettingPanel title={t.limits} actions={holds !== undefined && change}>
      <Trouble asked={limits} />
      {holds !== undefined && (
        <>
          <Setting name={t.recordsPut} value={value(holds.WriteRecordsPerSecond, format.number)} />
          <Setting name={t.bytesPut} value={value(holds.WriteBytesPerSecond, format.bytes)} />
          <Setting name={t.bytesRead} value={value(holds.ReadBytesPerSecond, format.bytes)} />
          <Setting name={t.reads} value={value(holds.ReadsPerSecond, format.number)} />
        </>
      )}
    </SettingPanel>
  );
}

function Danger({ open }: { readonly open: (name: DialogName) => void }): ComponentChildren {
  const remove = (
    <Opener
      text={t.delete}
      about={t.danger}
      why={readOnlyWhy().why}
      kind="danger"
      onOpen={() => open('delete')}
    />
  );
  return (
    <SettingPanel title={t.danger} isWide={true} actions={remove}>
      <p class="quiet-text">{t.dangerText}</p>
    </SettingPanel>
  );
}
