use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::get_records::GetRecordsOutput;
use aws_sdk_kinesis::operation::get_shard_iterator::builders::GetShardIteratorFluentBuilder;
use aws_sdk_kinesis::types::{Record, ShardIteratorType};

use crate::{FIRST, STREAM, put_one};

pub async fn five_ways(kinesis: &Client) {
    let latest = iterator(start(kinesis, ShardIteratorType::Latest)).await;
    let all = read(kinesis, start(kinesis, ShardIteratorType::TrimHorizon)).await;
    assert_eq!(words(all.records()), ["one", "two", "three"]);
    let [one, two, _] = all.records() else { panic!("{} records", all.records().len()) };
    let at =
        start(kinesis, ShardIteratorType::AtSequenceNumber).starting_sequence_number(two.sequence_number());
    assert_eq!(words(read(kinesis, at).await.records()), ["two", "three"]);
    let after = start(kinesis, ShardIteratorType::AfterSequenceNumber)
        .starting_sequence_number(two.sequence_number());
    assert_eq!(words(read(kinesis, after).await.records()), ["three"]);
    let since = start(kinesis, ShardIteratorType::AtTimestamp)
        .timestamp(*one.approximate_arrival_timestamp().unwrap());
    assert_eq!(words(read(kinesis, since).await.records()), ["one", "two", "three"]);
    put_one(kinesis, "four").await;
    let tip = kinesis.get_records().shard_iterator(latest).send().await.unwrap();
    assert_eq!(words(tip.records()), ["four"]);
    assert_eq!(tip.millis_behind_latest(), Some(0));
}

/// Of the first shard.
pub fn start(kinesis: &Client, kind: ShardIteratorType) -> GetShardIteratorFluentBuilder {
    kinesis.get_shard_iterator().stream_name(STREAM).shard_id(FIRST).shard_iterator_type(kind)
}

pub async fn read(kinesis: &Client, start: GetShardIteratorFluentBuilder) -> GetRecordsOutput {
    kinesis.get_records().shard_iterator(iterator(start).await).send().await.unwrap()
}

async fn iterator(start: GetShardIteratorFluentBuilder) -> String {
    start.send().await.unwrap().shard_iterator.unwrap()
}

pub fn words(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| str::from_utf8(record.data().as_ref()).unwrap()).collect()
}
