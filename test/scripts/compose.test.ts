import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fixedPorts } from '../../harness/brokers/broker-ports.ts';
import { brokerSettings } from '../../harness/brokers/broker-settings.ts';
import { composeText } from '../../scripts/kafka/compose-text.ts';

const file = readFileSync('compose.yaml', 'utf8');

// Docker is not asked: what it would start is compared with what the command starts.
suite('compose.yaml', () => {
  test('is as `npm run docs` writes it', () => {
    assert.equal(file, composeText());
  });

  test('starts the brokers of the command, each with its settings, but for where they listen', () => {
    for (const [index, { clients }] of fixedPorts.entries()) {
      const id = index + 1;
      const { [id]: variables } = variablesOf(file);
      const expected = brokerSettings({ ports: fixedPorts, extra: {} }, id, '/var/lib/kafka/data');
      for (const [setting, value] of Object.entries(expected)) {
        if (/listener|voters/.test(setting)) continue;
        const name = `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`;
        assert.equal(variables?.get(name), value, `${name} of broker ${id}`);
      }
      assert.match(
        variables?.get('KAFKA_ADVERTISED_LISTENERS') ?? '',
        new RegExp(`^PLAINTEXT://127.0.0.1:${clients},`),
      );
      assert.ok(file.includes(`- 127.0.0.1:${clients}:${clients}\n`), 'its port is this machine’s alone');
    }
  });

  test('has the Kafka that Maven resolves', () => {
    const pom = readFileSync('harness/brokers/pom.xml', 'utf8');
    const version = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)</.exec(pom)?.[1];
    assert.deepEqual(new Set(file.match(/(?<=image: ).*/g)), new Set([`apache/kafka:${version}`]));
  });
});

/** The variables of each broker, by its number. */
function variablesOf(text: string): Record<number, Map<string, string>> {
  const parts = text.split(/^ {2}broker(\d):\n/m);
  const found: Record<number, Map<string, string>> = {};
  for (let index = 1; index < parts.length; index += 2) {
    const lines = parts[index + 1]!.matchAll(/^ {6}([A-Z_]+): "(.*)"$/gm);
    found[Number(parts[index])] = new Map(Array.from(lines, ([, name, value]) => [name!, value!]));
  }
  return found;
}
