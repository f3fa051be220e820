import { DeregisterDialog, RegisterDialog } from '../actions/consumer-dialogs.tsx';
import { DeleteDialog } from '../actions/delete-dialog.tsx';
import { DistributionDialog } from '../actions/distribution-dialog.tsx';
import { EncryptionDialog } from '../actions/encryption-dialog.tsx';
import { LimitsDialog } from '../actions/limits-dialog.tsx';
import { ModeDialog } from '../actions/mode-dialog.tsx';
import { MonitoringDialog } from '../actions/monitoring-dialog.tsx';
import { PolicyDialog } from '../actions/policy-dialog.tsx';
import { RecordSizeDialog } from '../actions/record-size-dialog.tsx';
import { RetentionDialog } from '../actions/retention-dialog.tsx';
import { ScaleByCountDialog } from '../actions/scale-dialog.tsx';
import { TagsDialog } from '../actions/tags-dialog.tsx';
import { metricsOf, type Settings, type Summary } from './use-settings.ts';

/** What is to be changed. */
export type DialogName =
  | 'mode'
  | 'scale'
  | 'distribution'
  | 'monitoring'
  | 'retention'
  | 'record-size'
  | 'encryption'
  | 'tags'
  | 'policy'
  | 'limits'
  | 'register'
  | 'delete'
  | { readonly deregister: string };

/** The dialog that changes it. */
export function SettingDialog({ name, settings, summary, onClose, onDone }: SettingDialogProps) {
  const stream = { name: summary.StreamName, arn: summary.StreamARN };
  const named = { stream, onClose, onDone };
  if (typeof name === 'object') return <DeregisterDialog {...named} consumer={name.deregister} />;
  switch (name) {
    case 'mode':
      return <ModeDialog {...named} nowMode={summary.StreamModeDetails.StreamMode} />;
    case 'scale':
      return <ScaleByCountDialog {...named} nowCount={summary.OpenShardCount} />;
    case 'distribution':
      return <DistributionDialog {...named} isAuto={summary.RecordDistributionStrategy === 'AUTO'} />;
    case 'monitoring':
      return <MonitoringDialog {...named} now={metricsOf(summary)} shards={summary.OpenShardCount} />;
    case 'retention':
      return <RetentionDialog {...named} nowHours={summary.RetentionPeriodHours} />;
    case 'record-size':
      return <RecordSizeDialog {...named} nowKiB={summary.MaxRecordSizeInKiB ?? 1024} />;
    case 'encryption':
      return <EncryptionDialog {...named} nowKeyId={summary.KeyId} />;
    case 'tags':
      return <TagsDialog {...named} now={settings.tags.answer ?? {}} />;
    case 'policy':
      return <PolicyDialog {...named} now={settings.policy.answer ?? ''} />;
    case 'limits':
      return <LimitsDialog {...named} now={settings.limits.answer?.Limits ?? {}} />;
    case 'register': {
      const taken = (settings.consumers.answer ?? []).map(({ ConsumerName }) => ConsumerName);
      return <RegisterDialog {...named} taken={taken} />;
    }
    case 'delete':
      return <DeleteDialog {...named} consumers={summary.ConsumerCount} />;
  }
}

type SettingDialogProps = {
  readonly name: DialogName;
  readonly settings: Settings;
  readonly summary: Summary;
  readonly onClose: () => void;
  readonly onDone: () => void;
};
