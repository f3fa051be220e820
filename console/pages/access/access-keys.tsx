import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { format } from '../../text/format.ts';
import { type AccessKey, iam, iamList, secondsOf } from './iam.ts';
import { k } from './key-text.ts';

/** What a user signs with. */
export function AccessKeys({ user }: { readonly user: string }) {
  const list = (signal: AbortSignal) =>
    iamList<AccessKey>('ListAccessKeys', 'AccessKeyMetadata', { UserName: user }, signal);
  const keys = useAsked(list, [user]);
  const made = useSignal<AccessKey | undefined>(undefined);
  const isMaking = useSignal(false);
  const asked = useSignal<Change | undefined>(undefined);
  const close = () => {
    asked.value = undefined;
  };
  const change = (key: AccessKey, kind: Change['kind']) => (
    <Button
      disabled={!mayChange()}
      onPress={() => {
        asked.value = { key, kind };
      }}
    >
      {k[kind]}
    </Button>
  );
  const create = (
    <Button disabled={!mayChange()} onPress={() => (isMaking.value = true)}>
      {k.create}
    </Button>
  );
  return (
    <Panel title={k.keys} actions={create}>
      <Trouble asked={keys} />
      <ItemList
        items={keys.answer ?? []}
        keyOf={({ AccessKeyId }) => AccessKeyId}
        none={keys.answer === undefined ? '…' : k.none}
        show={(key) => <KeyLine accessKey={key} />}
        actions={(key) => (
          <>
            {change(key, key.Status === 'Active' ? 'deactivate' : 'activate')}
            {change(key, 'delete')}
          </>
        )}
      />
      {isMaking.value && (
        <Confirm
          title={k.create}
          action={k.create}
          kind="main"
          run={async () => {
            made.value = await makeKey(user);
            keys.again();
          }}
          onClose={() => (isMaking.value = false)}
        />
      )}
      {made.value !== undefined && (
        <ShownOnce accessKey={made.value} onClose={() => (made.value = undefined)} />
      )}
      {asked.value !== undefined && (
        <ConfirmChange user={user} change={asked.value} onDone={keys.again} onClose={close} />
      )}
    </Panel>
  );
}

type Change = { readonly key: AccessKey; readonly kind: 'activate' | 'deactivate' | 'delete' };

async function makeKey(user: string): Promise<AccessKey> {
  return (await iam<{ readonly AccessKey: AccessKey }>('CreateAccessKey', { UserName: user })).AccessKey;
}

function KeyLine({ accessKey: { AccessKeyId, Status, CreateDate } }: { readonly accessKey: AccessKey }) {
  const isActive = Status === 'Active';
  return (
    <>
      <span class="mono">{AccessKeyId}</span>{' '}
      <Badge kind={isActive ? 'good' : 'warning'}>{isActive ? k.active : k.inactive}</Badge>{' '}
      <span class="quiet-text">{k.made(format.time(secondsOf(CreateDate)))}</span>
    </>
  );
}

function ConfirmChange({ user, change: { key, kind }, onDone, onClose }: ConfirmChangeProps) {
  const { AccessKeyId } = key;
  const run = async () => {
    const input = { UserName: user, AccessKeyId };
    if (kind === 'delete') await iam('DeleteAccessKey', input);
    else await iam('UpdateAccessKey', { ...input, Status: kind === 'activate' ? 'Active' : 'Inactive' });
    onDone();
  };
  return (
    <Confirm
      title={`${k[kind]}: ${AccessKeyId}`}
      action={k[kind]}
      kind={kind === 'activate' ? 'main' : 'danger'}
      word={kind === 'delete' ? AccessKeyId : undefined}
      run={run}
      onClose={onClose}
    >
      {kind !== 'activate' && <p>{kind === 'delete' ? k.deleteText : k.deactivateText}</p>}
    </Confirm>
  );
}

type ConfirmChangeProps = {
  readonly user: string;
  readonly change: Change;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** The secret leaves with the dialog. */
function ShownOnce({ accessKey, onClose }: { readonly accessKey: AccessKey; readonly onClose: () => void }) {
  const { AccessKeyId, SecretAccessKey = '' } = accessKey;
  const profile = `[default]\naws_access_key_id = ${AccessKeyId}\naws_secret_access_key = ${SecretAccessKey}`;
  const variables = `export AWS_ACCESS_KEY_ID=${AccessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${SecretAccessKey}`;
  return (
    <Dialog
      title={k.onceTitle}
      onClose={onClose}
      actions={
        <Button kind="main" onPress={onClose}>
          {k.done}
        </Button>
      }
    >
      <Notice kind="warning">{k.once}</Notice>
      <CodeBlock
        samples={[
          { title: k.asProfile, text: profile },
          { title: k.asVariables, text: variables },
        ]}
      />
    </Dialog>
  );
}
