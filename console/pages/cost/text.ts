import type { BillItem } from '../../../src/cost/cost-of.ts';
import type { BillingMode } from '../../../src/cost/price-table.ts';
import { texts } from '../../text/text.ts';

const modesEn: Readonly<Record<BillingMode, string>> = {
  provisioned: 'Provisioned',
  'on-demand-standard': 'On-demand Standard',
  'on-demand-advantage': 'On-demand Advantage',
};

const itemsEn: Readonly<Record<BillItem, string>> = {
  'shard-hours': 'Shard hours',
  'stream-hours': 'Stream hours',
  'put-units': 'Million put units of 25 KB',
  'data-in': 'GB in',
  'data-out': 'GB out',
  'fan-out-hours': 'Fan-out hours',
  'fan-out-data': 'GB by fan-out',
  'extended-retention': 'Retention to 7 days',
  'long-term-retention': 'Retention over 7 days',
  'long-term-reads': 'Reads of old data',
  'commitment-in': 'Commitment not used, in',
  'commitment-out': 'Commitment not used, out',
};

const itemsEs: Readonly<Record<BillItem, string>> = {
  'shard-hours': 'Horas de shard',
  'stream-hours': 'Horas de stream',
  'put-units': 'Millones de unidades de 25 KB',
  'data-in': 'GB de entrada',
  'data-out': 'GB de salida',
  'fan-out-hours': 'Horas de fan-out',
  'fan-out-data': 'GB por fan-out',
  'extended-retention': 'Retención hasta 7 días',
  'long-term-retention': 'Retención de más de 7 días',
  'long-term-reads': 'Lecturas de datos antiguos',
  'commitment-in': 'Compromiso sin usar, entrada',
  'commitment-out': 'Compromiso sin usar, salida',
};

const modesEs: Readonly<Record<BillingMode, string>> = {
  provisioned: 'Aprovisionado',
  'on-demand-standard': 'Bajo demanda Standard',
  'on-demand-advantage': 'Bajo demanda Advantage',
};

/** Of what prices are, as the price list has it. */
const unitsEs: Readonly<Record<string, string>> = {
  'shard-hour': 'hora de shard',
  'stream-hour': 'hora de stream',
  'consumer-shard-hour': 'hora de consumidor y shard',
  'million 25 KB units': 'millón de unidades de 25 KB',
  'GB-month': 'GB al mes',
};

/** What the page of costs says. */
export const t = texts({
  en: {
    title: 'Cost on AWS',
    lead: 'What these streams would cost on AWS in a month if they went on as they did.',
    total: (usd: string, mode: string) => `${usd} a month; cheapest: ${mode}`,
    asSetUp: 'As they are set up',
    setUp: 'As set up',
    mixed: 'Each in its cheaper mode',
    since: 'Measured since',
    units: {} as Readonly<Record<string, string>>,
    prices: (date: string, region: string) =>
      `List prices of ${region} as of ${date}, without taxes; a month has 730 hours. ≈ marks our estimates.`,
    modes: 'By mode',
    mode: 'Mode',
    month: 'A month',
    item: 'For',
    quantity: 'How much',
    price: 'Price',
    streams: 'By stream',
    stream: 'Stream',
    cheapest: 'Cheapest',
    by: 'Sum up by tag',
    tag: 'Tag',
    none: 'without it',
    noStreams: 'There are no streams to measure',
    planned: 'What would a load cost?',
    wrong: 'A number from 0 on',
    records: 'Records a second',
    size: 'Bytes a record',
    readers: 'Readers by GetRecords',
    fanOut: 'Readers by fan-out',
    retention: 'Hours of retention',
    modeNames: modesEn,
    itemNames: itemsEn,
  },
  es: {
    title: 'Coste en AWS',
    lead: 'Lo que costarían estos streams en AWS al mes si siguen como hasta ahora.',
    total: (usd: string, mode: string) => `${usd} al mes; lo más barato: ${mode}`,
    asSetUp: 'Tal como están',
    setUp: 'Tal como está',
    mixed: 'Cada uno en su modo más barato',
    since: 'Medido desde',
    units: unitsEs,
    prices: (date: string, region: string) =>
      `Precios de lista de ${region} a fecha de ${date}, sin impuestos; un mes tiene 730 horas. ≈ marca estimaciones nuestras.`,
    modes: 'Por modo',
    mode: 'Modo',
    month: 'Al mes',
    item: 'Concepto',
    quantity: 'Cantidad',
    price: 'Precio',
    streams: 'Por stream',
    stream: 'Stream',
    cheapest: 'Lo más barato',
    by: 'Sumar por etiqueta',
    tag: 'Etiqueta',
    none: 'sin ella',
    noStreams: 'No hay streams que medir',
    planned: '¿Cuánto costaría una carga?',
    wrong: 'Un número desde 0',
    records: 'Registros por segundo',
    size: 'Bytes por registro',
    readers: 'Lectores por GetRecords',
    fanOut: 'Lectores por fan-out',
    retention: 'Horas de retención',
    modeNames: modesEs,
    itemNames: itemsEs,
  },
});
