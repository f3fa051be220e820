//! What a Rust program does with a stream. A line per step; ends with 0 when all went as on AWS.

mod read;
mod reshard;
mod subscribe;

use std::future::Future;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::error::ProvideErrorMetadata;
use aws_sdk_kinesis::operation::describe_stream_summary::DescribeStreamSummaryOutput;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, StreamStatus};
use aws_smithy_http_client::Builder;
use tokio::time::{Duration, sleep};

pub const STREAM: &str = "orders";
pub const FIRST: &str = "shardId-000000000000";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let kinesis = client("app").await;
    step("create", create(&kinesis)).await;
    step("put", put(&kinesis)).await;
    step("read", read::five_ways(&kinesis)).await;
    step("subscribe", subscribe::subscribe(&kinesis)).await;
    step("split", reshard::split(&kinesis)).await;
    step("merge", reshard::merge(&kinesis)).await;
    step("errors", errors(&kinesis)).await;
    step("remove", remove(&kinesis)).await;
}

async fn step(name: &str, work: impl Future<Output = ()>) {
    work.await;
    println!("{name}: as on AWS");
}

/// Region and endpoint are the environment's. Without TLS in it, the program builds in half the time.
async fn client(profile: &str) -> Client {
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new(std::env::var("AWS_REGION").unwrap()))
        .profile_name(profile)
        .http_client(Builder::new().build_http())
        .load()
        .await;
    Client::new(&config)
}

async fn create(kinesis: &Client) {
    kinesis.create_stream().stream_name(STREAM).shard_count(2).send().await.unwrap();
    active(kinesis).await;
    let described = kinesis.describe_stream().stream_name(STREAM).send().await.unwrap();
    assert_eq!(described.stream_description().unwrap().shards().len(), 2);
}

pub async fn active(kinesis: &Client) {
    while summary(kinesis).await.stream_description_summary().unwrap().stream_status()
        != &StreamStatus::Active
    {
        sleep(Duration::from_millis(50)).await;
    }
}

pub async fn summary(kinesis: &Client) -> DescribeStreamSummaryOutput {
    kinesis.describe_stream_summary().stream_name(STREAM).send().await.unwrap()
}

async fn put(kinesis: &Client) {
    assert_eq!(put_one(kinesis, "one").await, FIRST);
    let entry = |word: &str| {
        PutRecordsRequestEntry::builder()
            .data(Blob::new(word))
            .partition_key("a")
            .explicit_hash_key("0")
            .build()
            .unwrap()
    };
    let put = kinesis.put_records().stream_name(STREAM).records(entry("two")).records(entry("three"));
    let answer = put.send().await.unwrap();
    assert_eq!(answer.failed_record_count(), Some(0));
    assert!(answer.records().iter().all(|record| record.shard_id() == Some(FIRST)));
}

pub async fn put_one(kinesis: &Client, word: &str) -> String {
    let put = kinesis.put_record().stream_name(STREAM).data(Blob::new(word));
    put.partition_key("a").explicit_hash_key("0").send().await.unwrap().shard_id
}

async fn errors(kinesis: &Client) {
    let missing =
        kinesis.describe_stream().stream_name("nothing").send().await.unwrap_err().into_service_error();
    assert!(missing.is_resource_not_found_exception());
    assert_eq!(missing.message(), Some("Stream nothing under account 000000000000 not found."));
    let twice = kinesis.create_stream().stream_name(STREAM).shard_count(1).send().await.unwrap_err();
    assert!(twice.into_service_error().is_resource_in_use_exception());
    let none = kinesis.get_records().shard_iterator("nonsense").send().await.unwrap_err();
    assert!(none.into_service_error().is_invalid_argument_exception());
    let refused = client("impostor").await.list_streams().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidSignatureException"));
}

async fn remove(kinesis: &Client) {
    kinesis.delete_stream().stream_name(STREAM).enforce_consumer_deletion(true).send().await.unwrap();
    while !kinesis.list_streams().send().await.unwrap().stream_names().is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
}
