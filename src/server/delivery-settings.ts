import { type DeliveryOptions, originsIn } from './delivery-options.ts';
import { httpUrl, type Setting } from './setting.ts';

/** In the order of the help. */
export const deliverySettings: { readonly [Name in keyof DeliveryOptions]: Setting<DeliveryOptions[Name]> } =
  {
    iceberg: {
      flag: 'iceberg',
      takes: '<url>',
      help: 'the Iceberg REST catalog of the tables that are delivered to (default: their buckets are the catalog)',
      expected: 'a URL such as https://s3tables.eu-central-1.amazonaws.com/iceberg',
      read: httpUrl,
    },
    schemas: {
      flag: 'schemas',
      takes: '<url>',
      help:
        'where schemas and tables are described: file:///PATH with REGISTRY/SCHEMA.json and DATABASE/TABLE.json, or a Glue ' +
        "(default: AWS_ENDPOINT_URL_GLUE); signed with AWS's variables",
      expected: 'a URL such as file:///PATH, or https://glue.eu-central-1.amazonaws.com',
      read: (text) => (/^file:\/\/\/./.test(text) && URL.canParse(text) ? text : httpUrl(text)),
    },
    httpEndpoints: {
      flag: 'http-endpoints',
      takes: '<on|off|origins>',
      help:
        'which HTTP endpoints delivery streams may send records to: all, none, or these, with commas between them ' +
        '(default: on; off where other machines reach the server)',
      expected: 'on, off, or origins such as https://collector.example:8443',
      read: (text) => (text === 'on' || text === 'off' || originsIn(text) !== undefined ? text : undefined),
    },
  };
