import type { GlueColumn } from '../../delivery/schema/glue-columns.ts';
import { SchemaError } from '../../delivery/schema/schema-error.ts';
import type { GlueTable, SchemaSource } from '../../delivery/schema/schema-source.ts';
import { bytesAt, type Disk, isSystemError, readWith } from '../../env/disk.ts';
import { columnsIn } from './glue-answers.ts';
import { parseSchemaArn } from './schema-arn.ts';

/**
 * Schemas in a folder: `REGISTRY/SCHEMA.json` has the JSON Schema itself, `DATABASE/TABLE.json` a table as
 * Glue's GetTable answers it.
 */
export class FolderSchemas implements SchemaSource {
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async schemaOf(arn: string): Promise<unknown> {
    const { registry, schema } = parseSchemaArn(arn);
    return await this.#parsed(registry, schema, `the schema ${arn}`);
  }

  async columnsOf({ database, table }: GlueTable): Promise<readonly GlueColumn[]> {
    const what = `the table ${database}.${table}`;
    return columnsIn(await this.#parsed(database, table, what), what);
  }

  async #parsed(folder: string, name: string, what: string): Promise<unknown> {
    if (![folder, name].every(isFileName)) throw new SchemaError(`There is no place for ${what}.`);
    const text = await this.#text(`${folder}/${name}.json`, what);
    try {
      return JSON.parse(text);
    } catch {
      throw new SchemaError(`The file of ${what} is no JSON.`);
    }
  }

  async #text(path: string, what: string): Promise<string> {
    try {
      return await readWith(this.#disk, path, async (file) => {
        const size = await file.size();
        if (size > bytesMax) throw new SchemaError(`The file of ${what} is larger than ${bytesMax} bytes.`);
        return String(await bytesAt(file, 0, size));
      });
    } catch (error) {
      const isGone = ['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => isSystemError(error, code));
      throw isGone ? new SchemaError(`There is no file of ${what}: ${path}`) : error;
    }
  }
}

/** Names come from requests: none of them leaves its folder. */
function isFileName(name: string): boolean {
  return /^[^/\\\0]{1,255}$/.test(name) && name !== '.' && name !== '..';
}

/** A schema in Glue has 170,000 characters at most (Glue quotas); a table may have many columns. */
const bytesMax = 4 * 1024 * 1024;
