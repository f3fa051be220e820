import { useSignal } from '@preact/signals';
import { type Asked, useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextArea } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { format } from '../../text/format.ts';
import { Entity } from './entity.ts';
import { EntityHead } from './entity-head.tsx';
import { iam, type Role, secondsOf } from './iam.ts';
import { AttachedPolicies, InlinePolicies } from './policies-panel.tsx';
import { documentOf } from './policy-text.ts';
import { t } from './text.ts';

type Answer = { readonly Role: Role };

/** One role: who may take it on, and what one may do with it. */
export function RolePage({ parameters }: { readonly parameters: Parameters }) {
  const name = parameters['role']!;
  const asked = useAsked((signal) => iam<Answer>('GetRole', { RoleName: name }, signal), [name]);
  const role = asked.answer?.Role;
  const entity = new Entity('Role', name);
  const remove = async () => {
    await entity.clear();
    await entity.delete();
  };
  return (
    <>
      <EntityHead name={name} folder="roles" arn={role?.Arn} text={t.deleteText} remove={remove}>
        {role?.Description}
      </EntityHead>
      <Trouble asked={asked} />
      {role !== undefined && (
        <>
          <Facts
            facts={[
              [t.arn, <span class="mono">{role.Arn}</span>],
              [t.path, role.Path],
              [t.created, format.time(secondsOf(role.CreateDate))],
            ]}
          />
          <Trust role={role} asked={asked} />
          <AttachedPolicies entity={entity} />
          <InlinePolicies entity={entity} />
        </>
      )}
    </>
  );
}

function Trust({ role, asked }: { readonly role: Role; readonly asked: Asked<Answer> }) {
  const document = documentOf(role.AssumeRolePolicyDocument);
  const isEditing = useSignal(false);
  const text = useSignal(document);
  const edit = (
    <Button
      disabled={!mayChange()}
      onPress={() => {
        text.value = document;
        isEditing.value = true;
      }}
    >
      {t.edit}
    </Button>
  );
  const run = async () => {
    const input = { RoleName: role.RoleName, PolicyDocument: text.value };
    await iam('UpdateAssumeRolePolicy', input);
    toast('good', t.saved);
    asked.again();
  };
  return (
    <Panel title={t.trust} actions={edit}>
      <pre class="document mono">{document}</pre>
      {isEditing.value && (
        <FormDialog
          title={t.trust}
          action={t.save}
          run={run}
          onClose={() => (isEditing.value = false)}
          wide={true}
        >
          <TextArea label={t.document} hint={t.trustHint} value={text} lines={18} />
        </FormDialog>
      )}
    </Panel>
  );
}
