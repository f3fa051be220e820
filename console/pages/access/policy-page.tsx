import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { members } from '../../api/xml.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextArea } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { href, queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { EntityHead } from './entity-head.tsx';
import { iam, iamList, type Policy, secondsOf } from './iam.ts';
import { isOfAws } from './policies-page.tsx';
import { documentOf } from './policy-text.ts';
import { t } from './text.ts';

type Version = { readonly VersionId: string; readonly IsDefaultVersion: string; readonly CreateDate: string };

const chosenVersion = queryParameter('version');

/** One policy in its versions, and whom it is attached to. */
export function PolicyPage({ parameters }: { readonly parameters: Parameters }) {
  const arn = parameters['policy']!;
  const named = { PolicyArn: arn };
  const asked = useAsked((signal) => iam<{ readonly Policy: Policy }>('GetPolicy', named, signal), [arn]);
  const policy = asked.answer?.Policy;
  const isEditable = !isOfAws(arn);
  const title = policy?.PolicyName ?? arn;
  return (
    <>
      {isEditable ? (
        <EntityHead name={title} folder="policies" text={t.deletePolicyText} remove={() => removePolicy(arn)}>
          {policy?.Description}
        </EntityHead>
      ) : (
        <PageHead title={title} badges={<Badge>{t.ofAws}</Badge>}>
          {policy?.Description}
        </PageHead>
      )}
      <Trouble asked={asked} />
      {policy !== undefined && (
        <>
          <Facts
            facts={[
              [t.arn, <span class="mono">{policy.Arn}</span>],
              [t.created, format.time(secondsOf(policy.CreateDate))],
              [t.changed, format.time(secondsOf(policy.UpdateDate))],
            ]}
          />
          <Document policy={policy} isEditable={isEditable} onChange={asked.again} />
          {isEditable && <Versions policy={policy} onChange={asked.again} />}
          <AttachedTo arn={arn} />
        </>
      )}
    </>
  );
}

/** IAM deletes no policy that has other versions than the one that counts. */
async function removePolicy(arn: string): Promise<void> {
  const named = { PolicyArn: arn };
  for (const { VersionId, IsDefaultVersion } of await iamList<Version>(
    'ListPolicyVersions',
    'Versions',
    named,
  )) {
    if (IsDefaultVersion !== 'true') await iam('DeletePolicyVersion', { ...named, VersionId });
  }
  await iam('DeletePolicy', named);
}

function Document({ policy, isEditable, onChange }: DocumentProps) {
  const { Arn, DefaultVersionId } = policy;
  const version = chosenVersion.value || DefaultVersionId;
  const read = async (signal: AbortSignal) => {
    const input = { PolicyArn: Arn, VersionId: version };
    const answer = await iam<{ PolicyVersion: { Document: string } }>('GetPolicyVersion', input, signal);
    return documentOf(answer.PolicyVersion.Document);
  };
  const asked = useAsked(read, [Arn, version]);
  const isEditing = useSignal(false);
  const text = useSignal('');
  const run = async () => {
    await iam('CreatePolicyVersion', { PolicyArn: Arn, PolicyDocument: text.value, SetAsDefault: true });
    toast('good', t.saved);
    chosenVersion.value = '';
    onChange();
  };
  const edit = () => {
    text.value = asked.answer ?? '';
    isEditing.value = true;
  };
  const actions = (
    <div class="toolbar">
      <CopyButton text={asked.answer ?? ''} />
      {isEditable && (
        <Button disabled={!mayChange() || asked.answer === undefined} onPress={edit}>
          {t.edit}
        </Button>
      )}
    </div>
  );
  return (
    <Panel title={`${t.document} · ${t.version(version)}`} actions={actions}>
      <Trouble asked={asked} />
      {asked.answer !== undefined && <pre class="document mono">{asked.answer}</pre>}
      {asked.answer === undefined && asked.error === undefined && <Skeleton />}
      {isEditing.value && (
        <FormDialog
          title={policy.PolicyName}
          action={t.save}
          run={run}
          onClose={() => (isEditing.value = false)}
          wide={true}
        >
          <TextArea label={t.document} hint={t.documentHint} value={text} lines={20} />
        </FormDialog>
      )}
    </Panel>
  );
}

type DocumentProps = {
  readonly policy: Policy;
  readonly isEditable: boolean;
  readonly onChange: () => void;
};

function Versions({ policy, onChange }: { readonly policy: Policy; readonly onChange: () => void }) {
  const { Arn, DefaultVersionId } = policy;
  const list = (signal: AbortSignal) =>
    iamList<Version>('ListPolicyVersions', 'Versions', { PolicyArn: Arn }, signal);
  const versions = useAsked(list, [Arn, DefaultVersionId]);
  const asked = useSignal<
    { readonly id: string; readonly operation: string; readonly action: string } | undefined
  >(undefined);
  const change = (id: string, operation: string, action: string) => (
    <Button disabled={!mayChange()} onPress={() => (asked.value = { id, operation, action })}>
      {action}
    </Button>
  );
  return (
    <Panel title={t.versions}>
      <Trouble asked={versions} />
      <ItemList
        items={versions.answer ?? []}
        keyOf={({ VersionId }) => VersionId}
        none="…"
        show={({ VersionId, CreateDate }) => (
          <>
            <a href={href(['access', 'policies', Arn], { version: VersionId })}>{VersionId}</a>{' '}
            {VersionId === DefaultVersionId && <Badge kind="good">{t.counts}</Badge>}{' '}
            <span class="quiet-text">{format.time(secondsOf(CreateDate))}</span>
          </>
        )}
        actions={({ VersionId }) =>
          VersionId === DefaultVersionId ? null : (
            <>
              {change(VersionId, 'SetDefaultPolicyVersion', t.makeDefault)}
              {change(VersionId, 'DeletePolicyVersion', t.delete)}
            </>
          )
        }
      />
      {asked.value !== undefined && (
        <Confirm
          title={`${asked.value.action}: ${asked.value.id}`}
          action={asked.value.action}
          kind={asked.value.operation === 'DeletePolicyVersion' ? 'danger' : 'main'}
          run={async () => {
            await iam(asked.value!.operation, { PolicyArn: Arn, VersionId: asked.value!.id });
            versions.again();
            onChange();
          }}
          onClose={() => (asked.value = undefined)}
        />
      )}
    </Panel>
  );
}

type Entities = {
  readonly PolicyUsers?: readonly { readonly UserName: string }[] | '';
  readonly PolicyGroups?: readonly { readonly GroupName: string }[] | '';
  readonly PolicyRoles?: readonly { readonly RoleName: string }[] | '';
};

function AttachedTo({ arn }: { readonly arn: string }) {
  const asked = useAsked(
    (signal) => iam<Entities>('ListEntitiesForPolicy', { PolicyArn: arn }, signal),
    [arn],
  );
  const { PolicyUsers, PolicyGroups, PolicyRoles } = asked.answer ?? {};
  const all = [
    ...members(PolicyUsers).map(({ UserName }) => ['users', UserName, t.whichUser]),
    ...members(PolicyGroups).map(({ GroupName }) => ['groups', GroupName, t.whichGroup]),
    ...members(PolicyRoles).map(({ RoleName }) => ['roles', RoleName, t.roles]),
  ] as [string, string, string][];
  return (
    <Panel title={t.attachedTo}>
      <Trouble asked={asked} />
      <ItemList
        items={all}
        keyOf={([folder, name]) => `${folder}/${name}`}
        none={asked.answer === undefined ? '…' : t.nobody}
        show={([folder, name, kind]) => (
          <>
            <a href={href(['access', folder, name])}>{name}</a> <span class="quiet-text">{kind}</span>
          </>
        )}
      />
    </Panel>
  );
}
