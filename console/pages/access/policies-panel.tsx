import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { detached } from '../../api/detached.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href } from '../../shell/router.ts';
import { ChooseOne } from './choose-one.tsx';
import type { Entity } from './entity.ts';
import { type AttachedPolicy, iamList, type Policy } from './iam.ts';
import { InlinePolicy } from './inline-policy.tsx';
import { isOfAws } from './policies-page.tsx';
import { t } from './text.ts';

/** The policies that are attached to a user, a group or a role. */
export function AttachedPolicies({ entity }: { readonly entity: Entity }) {
  const attached = useAsked((signal) => entity.attached(signal), [entity.kind, entity.name]);
  const isAttaching = useSignal(false);
  const leaving = useSignal<AttachedPolicy | undefined>(undefined);
  const attach = (
    <Button disabled={!mayChange()} onPress={() => (isAttaching.value = true)}>
      {t.attach}
    </Button>
  );
  return (
    <Panel title={t.attached} actions={attach}>
      <Trouble asked={attached} />
      <ItemList
        items={attached.answer ?? []}
        keyOf={({ PolicyArn }) => PolicyArn}
        none={attached.answer === undefined ? '…' : t.noAttached}
        show={({ PolicyName, PolicyArn }) => (
          <>
            <a href={href(['access', 'policies', PolicyArn])}>{PolicyName}</a>{' '}
            {isOfAws(PolicyArn) && <Badge>{t.ofAws}</Badge>}
          </>
        )}
        actions={(policy) => (
          <Button disabled={!mayChange()} onPress={() => (leaving.value = policy)}>
            {t.detach}
          </Button>
        )}
      />
      {isAttaching.value && (
        <ChooseOne
          title={t.attach}
          label={t.whichPolicy}
          action={t.attach}
          list={choices}
          run={async (arn) => {
            await entity.attach(arn);
            attached.again();
          }}
          onClose={() => (isAttaching.value = false)}
        />
      )}
      {leaving.value !== undefined && (
        <Confirm
          title={`${t.detach}: ${leaving.value.PolicyName}`}
          action={t.detach}
          run={async () => {
            await entity.detach(leaving.value!.PolicyArn);
            attached.again();
          }}
          onClose={() => (leaving.value = undefined)}
        />
      )}
    </Panel>
  );
}

async function choices() {
  const all = await iamList<Policy>('ListPolicies', 'Policies');
  return all.map(({ Arn, PolicyName }) => ({
    id: Arn,
    title: isOfAws(Arn) ? `${PolicyName} (${t.ofAws})` : PolicyName,
  }));
}

/** The policies that are a user's, a group's or a role's alone. */
export function InlinePolicies({ entity }: { readonly entity: Entity }) {
  const names = useAsked((signal) => entity.inline(signal), [entity.kind, entity.name]);
  const opened = useSignal<{ readonly name: string; readonly document: string } | undefined>(undefined);
  const isWriting = useSignal(false);
  const leaving = useSignal<string | undefined>(undefined);
  const open = async (name: string) => {
    opened.value = { name, document: await entity.document(name) };
  };
  const write = (
    <Button disabled={!mayChange()} onPress={() => (isWriting.value = true)}>
      {t.addInline}
    </Button>
  );
  return (
    <Panel title={t.inline} actions={write}>
      <Trouble asked={names} />
      <ItemList
        items={names.answer ?? []}
        keyOf={(name) => name}
        none={names.answer === undefined ? '…' : t.noInline}
        show={(name) => name}
        actions={(name) => (
          <>
            <Button onPress={() => detached(open(name))}>{t.edit}</Button>
            <Button disabled={!mayChange()} onPress={() => (leaving.value = name)}>
              {t.delete}
            </Button>
          </>
        )}
      />
      {(isWriting.value || opened.value !== undefined) && (
        <InlinePolicy
          entity={entity}
          before={opened.value}
          onDone={names.again}
          onClose={() => {
            isWriting.value = false;
            opened.value = undefined;
          }}
        />
      )}
      {leaving.value !== undefined && (
        <Confirm
          title={t.deleteTitle(leaving.value)}
          action={t.delete}
          run={async () => {
            await entity.deleteInline(leaving.value!);
            names.again();
          }}
          onClose={() => (leaving.value = undefined)}
        />
      )}
    </Panel>
  );
}
