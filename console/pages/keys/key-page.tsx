import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { format } from '../../text/format.ts';
import { type Change, changesOf } from './key-changes.ts';
import { KeyPolicy } from './key-policy.tsx';
import { KeyState } from './keys-page.tsx';
import { type Alias, describeKey, type Key, kms, kmsList, type Rotation } from './kms.ts';
import { t } from './text.ts';

/** One key: its state, its rotation, what it is called, and who may use it. */
export function KeyPage({ parameters }: { readonly parameters: Parameters }) {
  const id = parameters['key']!;
  const asked = useAsked((signal) => keyWithRotation(id, signal), [id]);
  const change = useSignal<Change | undefined>(undefined);
  const { key, rotation } = asked.answer ?? {};
  const changes = key === undefined ? [] : changesOf(key, rotation);
  const actions = changes.map((one) => (
    <Button
      key={one.operation}
      kind={one.isDangerous ? 'danger' : 'plain'}
      disabled={!mayChange()}
      onPress={() => (change.value = one)}
    >
      {t[one.title]}
    </Button>
  ));
  const run = async () => {
    await kms(change.value!.operation, { KeyId: id, ...change.value!.input });
    toast('good', t.saved);
    asked.again();
  };
  return (
    <>
      <PageHead title={id} badges={key && <KeyState state={key.KeyState} />} actions={actions}>
        {key?.Description}
      </PageHead>
      <Trouble asked={asked} />
      {key !== undefined && (
        <>
          <Facts facts={factsOf(key, rotation)} />
          <Aliases id={id} />
          <KeyPolicy id={id} isEditable={key.KeyManager === 'CUSTOMER'} />
        </>
      )}
      {change.value !== undefined && (
        <Confirm
          title={t[change.value.title]}
          action={t[change.value.title]}
          kind={change.value.isDangerous ? 'danger' : 'main'}
          word={change.value.isForGood ? id : undefined}
          run={run}
          onClose={() => (change.value = undefined)}
        >
          {change.value.text !== undefined && <p>{t[change.value.text]}</p>}
        </Confirm>
      )}
    </>
  );
}

async function keyWithRotation(id: string, signal: AbortSignal) {
  const [key, rotation] = await Promise.all([
    describeKey(id, signal),
    kms<Rotation>('GetKeyRotationStatus', { KeyId: id }, signal),
  ]);
  return { key, rotation };
}

function factsOf(key: Key, rotation: Rotation | undefined): readonly Fact[] {
  const days = rotation?.RotationPeriodInDays;
  const facts: Fact[] = [
    [t.arn, <span class="mono">{key.Arn}</span>],
    [t.manager, key.KeyManager === 'AWS' ? t.aws : t.customer],
    [t.created, format.time(key.CreationDate)],
    [
      t.rotation,
      rotation?.KeyRotationEnabled && days !== undefined ? t.rotates(format.number(days)) : t.rotatesNot,
    ],
  ];
  if (rotation?.NextRotationDate !== undefined) facts.push([t.next, format.time(rotation.NextRotationDate)]);
  if (key.DeletionDate !== undefined) facts.push([t.deletion, format.time(key.DeletionDate)]);
  return facts;
}

function Aliases({ id }: { readonly id: string }) {
  const asked = useAsked((signal) => kmsList<Alias>('ListAliases', 'Aliases', { KeyId: id }, signal), [id]);
  const isAdding = useSignal(false);
  const name = useSignal('alias/');
  const leaving = useSignal<string | undefined>(undefined);
  const add = (
    <Button disabled={!mayChange()} onPress={() => (isAdding.value = true)}>
      {t.addAlias}
    </Button>
  );
  return (
    <Panel title={t.aliases} actions={add}>
      <Trouble asked={asked} />
      <ItemList
        items={asked.answer ?? []}
        keyOf={({ AliasName }) => AliasName}
        none={asked.answer === undefined ? '…' : t.noAliases}
        show={({ AliasName }) => <span class="mono">{AliasName}</span>}
        actions={({ AliasName }) => (
          <Button disabled={!mayChange()} onPress={() => (leaving.value = AliasName)}>
            {t.removeAlias}
          </Button>
        )}
      />
      {isAdding.value && (
        <FormDialog
          title={t.addAlias}
          action={t.save}
          run={async () => {
            await kms('CreateAlias', { AliasName: name.value.trim(), TargetKeyId: id });
            asked.again();
          }}
          onClose={() => (isAdding.value = false)}
        >
          <TextField label={t.alias} hint={t.aliasHint} value={name} isMono={true} />
        </FormDialog>
      )}
      {leaving.value !== undefined && (
        <Confirm
          title={`${t.removeAlias}: ${leaving.value}`}
          action={t.removeAlias}
          run={async () => {
            await kms('DeleteAlias', { AliasName: leaving.value });
            asked.again();
          }}
          onClose={() => (leaving.value = undefined)}
        >
          <p>{t.removeAliasText}</p>
        </Confirm>
      )}
    </Panel>
  );
}
